internal import Motion

/// Places of a program at which it waits for a person.
extension Feed {
    /// The next stop that has not been stood at, and the command before which the board stands for it: after the last
    /// pen-up before its stroke, which may be the next command. O(commands) where there are stops.
    var nextStop: (index: Int, stop: PlotStop)? {
        guard let last = program.stops.last, last.stroke > passedStop else { return nil }
        var stops = program.stops.drop { $0.stroke <= passedStop }
        var (stroke, place) = (0, 0)
        for (index, command) in program.commands.enumerated() {
            if command.penIsUp == true { place = index + 1 }
            guard command.beginsStroke else { continue }
            stops = stops.drop { $0.stroke < stroke }
            guard let stop = stops.first else { return nil }
            // What has been sent beyond that place was sent after somebody had stood there.
            if stop.stroke == stroke {
                if place >= next { return (place, stop) }
                stops = stops.dropFirst()
            }
            stroke += 1
        }
        return nil
    }

    /// The stop that is due at the next command.
    var dueStop: PlotStop? { nextStop.flatMap { $0.index == next ? $0.stop : nil } }

    /// A person has been asked, and has answered.
    mutating func pass(_ stop: PlotStop) {
        passedStop = max(passedStop, stop.stroke)
        if stop.kind == .pen || stop.kind == .tile { passedPen = stop.stroke }
    }

    /// Stops before strokes that an earlier run has begun have been stood at by that one.
    mutating func passBehind() {
        let begun = program.commands[..<next].count(where: \.beginsStroke)
        for stop in program.stops where stop.stroke < begun { pass(stop) }
    }

    /// Before stroke `stroke` is begun out of turn: whether a person is to be asked first, for a stop that was not stood at
    /// or for a pen that was not asked for; the stop is then due before that stroke.
    mutating func needsStop(before stroke: Int) -> Bool {
        if program.stops.contains(where: { $0.stroke == stroke && $0.stroke > passedStop }) { return true }
        guard var needed = program.stops.needed(before: stroke),
            needed.stroke != passedPen
        else { return false }
        needed.stroke = stroke
        program.stops.removeAll { $0.stroke <= stroke }
        program.stops.insert(needed, at: 0)
        passedStop = stroke - 1
        return true
    }

    /// The command after the last pen-up before stroke `stroke`, with the counters there if the plot began at home.
    func place(beforeStroke stroke: Int) -> (index: Int, counters: MotorPosition)? {
        var counters: MotorPosition? = .zero
        var (strokes, place) = (0, 0)
        var atPlace = counters
        for (index, command) in program.commands.enumerated() {
            counters = command.counters(after: counters)
            if command.penIsUp == true { (place, atPlace) = (index + 1, counters) }
            guard command.beginsStroke else { continue }
            if strokes == stroke { return atPlace.map { (place, $0) } }
            strokes += 1
        }
        return nil
    }
}
