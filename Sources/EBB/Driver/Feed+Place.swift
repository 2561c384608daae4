/// Where in a program a board is that has come to rest, and how it gets to another place.
extension Feed {
    /// How many commands a board may be behind what it seems to have answered: a reply line that came twice, or noise
    /// that looked like one, counts for a command that has not been taken yet.
    private static let mostBehind = 4
    /// Commands before the present one among which a place must be the only one of its kind.
    private static let sameStretch = 64

    /// The command that comes next if the counters at rest are `found`; nil when that cannot be told.
    ///
    /// Sent and not answered is one command at most, or one piece of a travel: each has run or it has not. If a reply was
    /// taken for another, the board may be a few commands behind; that counts only where the path does not come by the same
    /// place twice.
    func index(at found: MotorPosition) -> Int? {
        guard let acked = ackedCounters else { return nil }
        // A command without displacement may be sent twice: a pen move or a wait.
        var sent: MotorPosition? = acked
        for index in self.acked..<max(self.acked, next) {
            if sent == found { return index }
            sent = program.commands[index].counters(after: sent)
        }
        if sent == found { return max(self.acked, next) }
        var candidate: Int?
        var counters = acked
        for index in stride(from: self.acked - 1, through: max(0, self.acked - Self.sameStretch), by: -1) {
            switch program.commands[index].counterEffect {
            case .none: continue
            case .moves(let steps): counters = counters &- steps
            case .zeroes, .set, .unknown: return candidate
            }
            guard counters == found else { continue }
            guard candidate == nil, self.acked - index <= Self.mostBehind else { return nil }
            candidate = index
        }
        return candidate
    }

    /// Whether the counters can be `found` while the pen moves and the carriage rests, for some pen move that has been
    /// sent and may not be over.
    func restsSomewhere(at found: MotorPosition) -> Bool {
        guard var counters = executedCounters else { return true }
        // The model may be a few commands ahead of the board, which the counters' way back tells.
        var back = counters
        for command in program.commands[..<executed].suffix(Self.mostBehind).reversed() {
            if back == found { return true }
            guard case .moves(let steps) = command.counterEffect else { continue }
            back = back &- steps
        }
        if back == found { return true }
        for command in program.commands[executed..<max(executed, next)] {
            if counters == found { return true }
            guard let after = command.counters(after: counters) else { return true }
            counters = after
        }
        return counters == found
    }

    /// What a board must be told before command `index` runs on it: resolution and pen as before the first motion, and
    /// what layers have changed of them since.
    func setUp(before index: Int) -> [Command] {
        // What only puts the phases of `LT` in their middle stands before the pen's set-up, and is done anew after it.
        let first = program.commands.firstIndex { $0.isMotion && $0.counterEffect != .moves(.zero) } ?? 0
        let later = program.commands[first..<max(first, index)].filter { command in
            if case .configure = command { true } else { false }
        }
        return program.commands[..<first].filter { !$0.isMotion } + later
    }

    /// The command after the pen-down of stroke `stroke` (counted from 0), with the counters there if the plot began
    /// at home; nil when there is no such stroke or nobody can know the counters.
    func start(ofStroke stroke: Int) -> (index: Int, counters: MotorPosition)? {
        var counters: MotorPosition? = .zero
        var strokes = 0
        for (index, command) in program.commands.enumerated() {
            counters = command.counters(after: counters)
            guard command.beginsStroke else { continue }
            if strokes == stroke { return counters.map { (index + 1, $0) } }
            strokes += 1
        }
        return nil
    }

    /// A straight way at a rate from which every machine can start and stop: 1,200 steps/s.
    static func slowTravel(from: MotorPosition, to: MotorPosition) -> [Command] {
        let dx = Int64(to.motor1) - Int64(from.motor1)
        let dy = Int64(to.motor2) - Int64(from.motor2)
        let longest = max(dx.magnitude, dy.magnitude)
        guard longest > 0 else { return [] }
        // 2.8.1 times moves of more than 2.6 s wrongly, so they are cut (docs/board.md §7.1).
        let pieces = Int64(longest / 2_400 + 1)
        return (1...pieces).compactMap { piece in
            let steps1 = dx * piece / pieces - dx * (piece - 1) / pieces
            let steps2 = dy * piece / pieces - dy * (piece - 1) / pieces
            let milliseconds = max(steps1.magnitude, steps2.magnitude) * 1_000 / 1_200
            guard steps1 != 0 || steps2 != 0 else { return nil }
            return .move(
                milliseconds: UInt32(max(1, milliseconds)), Int32(clamping: steps1), Int32(clamping: steps2))
        }
    }
}
