internal import EBB
internal import Picture

/// The metal behind the board: carriage, pen and paper, and what would have gone wrong with them.
struct Machine: Sendable {
    /// More incidents than this are counted, not kept.
    static let incidentLimit = 10_000
    /// Vertices added inside one motion at most. A planned one needs some tens; only one whose rate wraps or turns every
    /// few ticks for minutes comes near, and its path is drawn more coarsely from there on.
    static let refinementLimit = 1 << 16
    /// 4,000 steps/s as a rate register.
    static let rateStepLimit: Int64 = 343_597_383
    /// 400 steps/s as a rate register.
    static let starvingRate: Int64 = 34_359_738

    var carriage: Carriage
    var pen: Pen
    private(set) var trace = Trace()
    private(set) var incidents: [Incident] = []
    private(set) var droppedIncidents = 0
    private(set) var penDownMillimetres = 0.0
    private(set) var penUpMillimetres = 0.0

    private let pathLength: PathLength
    private let keepsTrace: Bool
    /// Nil = the carriage follows its motors to the step.
    private var play: Play?
    private var isOutside = false
    /// Vertices added inside the present motion.
    private var refinements = 0
    /// The pen dragged ink since the last order to go up.
    private var hasDragged = false
    /// Signed register rates at the end of the last motion, and when that was.
    private var lastRate1: Int64 = 0
    private var lastRate2: Int64 = 0
    private var lastMotionEnd: Int64 = 0
    private var lastIndex = 0

    init(_ configuration: BoardConfiguration, pulse: UInt16) {
        carriage = Carriage(
            travelX: configuration.travelX, travelY: configuration.travelY,
            stepsPerMillimetre: max(configuration.stepsPerMillimetre, 1e-3))
        pathLength = PathLength(stepsPerMillimetre: carriage.stepsPerMillimetre)
        pen = Pen(pulse: pulse, paperHeight: configuration.paperHeight)
        keepsTrace = configuration.keepsTrace
        play = Play(x: configuration.backlashX, y: configuration.backlashY, steps: carriage.stepsPerMillimetre)
        mark(tick: 0)
    }

    // MARK: Incidents

    mutating func note(_ kind: Incident.Kind, tick: Int64, index: Int, at motors: (Int64, Int64)? = nil) {
        guard incidents.count < Machine.incidentLimit else {
            droppedIncidents += 1
            return
        }
        let place = motors ?? (carriage.motor1, carriage.motor2)
        let (x, y) = carriage.millimetres(place.0, place.1)
        incidents.append(Incident(kind: kind, tick: tick, command: index, xMillimetres: x, yMillimetres: y))
    }

    /// The queue ran empty after a fast move; the gap's length follows with `endGap`.
    mutating func ranEmpty(tick: Int64) {
        guard max(lastRate1.magnitude, lastRate2.magnitude) > UInt64(Machine.starvingRate) else { return }
        note(.starved, tick: tick, index: lastIndex)
    }

    /// Motion goes on at `tick` after the queue was empty.
    mutating func endGap(tick: Int64) {
        guard let last = incidents.indices.last, incidents[last].kind == .starved, incidents[last].gapTicks == nil
        else { return }
        incidents[last].gapTicks = tick - incidents[last].tick
    }

    mutating func takeTrace() -> Trace {
        let taken = trace
        trace = Trace()
        return taken
    }

    // MARK: Time without motion

    /// Lets the pen move until `tick` while the carriage stands.
    mutating func stand(until tick: Int64) {
        while pen.changeTick <= tick {
            let change = pen.changeTick
            pen.change()
            if !pen.isTouching { hasDragged = false }
            mark(tick: change)
        }
    }

    /// The motors are at rest at `tick`: a rate that was still high has stopped dead.
    mutating func rest(at tick: Int64) {
        if max(lastRate1.magnitude, lastRate2.magnitude) > UInt64(Machine.rateStepLimit) {
            note(.accelerationStep, tick: tick, index: lastIndex)
        }
        (lastRate1, lastRate2) = (0, 0)
    }

    /// Puts the carriage home without ink.
    mutating func carryHome(tick: Int64) {
        stand(until: tick)
        if keepsTrace {
            var lifted = vertex(tick: tick, carriage.motor1, carriage.motor2)
            lifted.isTouching = false
            append(lifted)
            play?.carryHome()
        }
        (carriage.motor1, carriage.motor2) = (0, 0)
        isOutside = false
        mark(tick: tick)
    }

    // MARK: Motion

    /// A motion command begins; `rates` are those of its first tick.
    mutating func begin(_ rates: (Int64, Int64), tick: Int64, index: Int) {
        // A single tick between two motions, of a pen command without a wait, delays a step and stops nothing.
        if tick > lastMotionEnd + 1 { rest(at: lastMotionEnd) }
        if (rates.0 - lastRate1).magnitude > UInt64(Machine.rateStepLimit)
            || (rates.1 - lastRate2).magnitude > UInt64(Machine.rateStepLimit)
        {
            note(.accelerationStep, tick: tick, index: index)
        }
        if keepsTrace, let last = trace.vertices.last, last.tick < tick { mark(tick: tick) }
        (lastRate1, lastRate2) = rates
        lastIndex = index
        refinements = 0
    }

    /// A motion command is over, or cut short, `offset` ticks after its start; it has been followed until then.
    mutating func end(_ motion: inout Motion, at offset: Int64) {
        measure(&motion)
        judgeTouchDown(motion)
        (lastRate1, lastRate2) = motion.exitRates(at: offset)
        lastMotionEnd = motion.startTick + offset
    }

    /// Follows `motion` from where it was followed to up to `offset` ticks after its start.
    mutating func follow(_ motion: inout Motion, to offset: Int64) {
        while motion.followed < offset {
            let change = pen.changeTick == .max ? Int64.max : pen.changeTick - motion.startTick
            let stop = min(offset, max(change, motion.followed))
            if stop > motion.followed {
                // A motor that ends long before the other leaves a corner in the path.
                let kink = motion.kink
                if kink > motion.followed && kink < stop {
                    piece(&motion, to: kink)
                    measure(&motion)
                }
                piece(&motion, to: stop)
            }
            if change <= stop {
                measure(&motion)
                pen.change()
                if !pen.isTouching { hasDragged = false }
                mark(tick: motion.startTick + stop)
                if pen.isTouching { motion.touchedDown = (stop, carriage.motor1, carriage.motor2) }
            }
        }
    }

    /// A stretch in which the pen does not change.
    private mutating func piece(_ motion: inout Motion, to offset: Int64) {
        let origin = (carriage.motor1, carriage.motor2)
        let target = motion.place(at: offset)
        let moved = (target.0 - motion.reached.0, target.1 - motion.reached.1)
        if moved != (0, 0) {
            if pen.isTouching && pen.isOrderedUp && !hasDragged { drag(motion) }
            if keepsTrace && motion.isCurved {
                refine(motion, from: motion.followed, to: offset, depth: 0)
            }
            carriage.motor1 += moved.0
            carriage.motor2 += moved.1
            if carriage.isOutside(carriage.motor1, carriage.motor2) != isOutside {
                crossBounds(motion, origin: origin, to: offset)
            }
            if keepsTrace { markPiece(tick: motion.startTick + offset) }
        }
        motion.reached = target
        motion.followed = offset
    }

    /// Adds the distance since the last measurement.
    private mutating func measure(_ motion: inout Motion) {
        let stretch = motion.takeStretch()
        let length = pathLength.millimetres(steps: stretch.steps, change: stretch.change, bow: stretch.bow)
        if pen.isTouching { penDownMillimetres += length } else { penUpMillimetres += length }
    }

    private mutating func drag(_ motion: Motion) {
        hasDragged = true
        let step = motion.firstStep(after: motion.followed) ?? motion.followed
        let p = motion.place(at: step)
        note(
            .inkDragged, tick: motion.startTick + step, index: motion.index,
            at: (carriage.motor1 + p.0 - motion.reached.0, carriage.motor2 + p.1 - motion.reached.1))
    }

    /// Finds the tick at which the carriage left its travel, between the piece's ends.
    private mutating func crossBounds(_ motion: Motion, origin: (Int64, Int64), to offset: Int64) {
        isOutside.toggle()
        guard isOutside else { return }
        func place(_ t: Int64) -> (Int64, Int64) {
            let p = motion.place(at: t)
            return (origin.0 + p.0 - motion.reached.0, origin.1 + p.1 - motion.reached.1)
        }
        var (inside, outside) = (motion.followed, offset)
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2
            let p = place(middle)
            if carriage.isOutside(p.0, p.1) { outside = middle } else { inside = middle }
        }
        note(.outOfBounds, tick: motion.startTick + outside, index: motion.index, at: place(outside))
    }

    // MARK: Trace

    private mutating func mark(tick: Int64) {
        guard keepsTrace else { return }
        append(vertex(tick: tick, carriage.motor1, carriage.motor2))
    }

    /// - Parameter vertex: where the motors are; the carriage may lie behind.
    private mutating func append(_ vertex: Trace.Vertex) {
        guard let places = play?.follow(to: vertex, from: trace.vertices.last) else {
            trace.vertices.append(vertex)
            return
        }
        trace.vertices += places
    }

    /// The end of a piece of motion. Where there are very many, as of a rate that wraps for hours, the last one moves on.
    private mutating func markPiece(tick: Int64) {
        refinements += 1
        if refinements > Machine.refinementLimit, let last = trace.vertices.last, last.isTouching == pen.isTouching {
            trace.vertices.removeLast()
        }
        mark(tick: tick)
    }

    private func vertex(tick: Int64, _ motor1: Int64, _ motor2: Int64) -> Trace.Vertex {
        Trace.Vertex(
            tick: tick, motor1: Int32(truncatingIfNeeded: motor1), motor2: Int32(truncatingIfNeeded: motor2),
            isTouching: pen.isTouching)
    }

    /// Adds vertices inside a curved piece until no executed step lies more than a step beside the polyline.
    private mutating func refine(_ motion: Motion, from begin: Int64, to end: Int64, depth: Int) {
        guard depth < 24, end - begin >= 2, refinements < Machine.refinementLimit else { return }
        let (a, b) = (motion.place(at: begin), motion.place(at: end))
        let chord = (Double(b.0 - a.0), Double(b.1 - a.1))
        let length = chord.0 * chord.0 + chord.1 * chord.1
        var isFar = false
        for quarter in motion.isBent ? [Int64(1), 2, 3] : [2] where !isFar {
            let p = motion.place(at: begin + (end - begin) * quarter / 4)
            let q = (Double(p.0 - a.0), Double(p.1 - a.1))
            let across = chord.0 * q.1 - chord.1 * q.0
            isFar = across * across > length || (length == 0 && q != (0, 0))
        }
        guard isFar else { return }
        let middle = begin + (end - begin) / 2
        refine(motion, from: begin, to: middle, depth: depth + 1)
        let p = motion.place(at: middle)
        refinements += 1
        append(
            vertex(
                tick: motion.startTick + middle, carriage.motor1 + p.0 - motion.reached.0,
                carriage.motor2 + p.1 - motion.reached.1))
        refine(motion, from: middle, to: end, depth: depth + 1)
    }

    /// How far the pen still had to go in the move in which it touched down.
    private mutating func judgeTouchDown(_ motion: Motion) {
        guard let touch = motion.touchedDown else { return }
        let rest = carriage.length(carriage.motor1 - touch.motor1, carriage.motor2 - touch.motor2)
        guard rest > 0.1 else { return }
        note(
            .inkDragged, tick: motion.startTick + touch.offset, index: motion.index, at: (touch.motor1, touch.motor2))
    }
}
