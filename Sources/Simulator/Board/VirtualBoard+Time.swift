extension VirtualBoard {
    /// Latest tick a board can reach (1.4 million years); what would end later never ends.
    static let lastTick: Int64 = 1 << 60

    /// Runs time up to and including `tick`; earlier ticks do nothing. Skips ahead, never tick by tick.
    public mutating func advance(to tick: Int64) {
        let target = min(tick, VirtualBoard.lastTick)
        while true {
            let next = nextBoundary
            guard next <= target else { break }
            now = max(now, next)
            turn()
        }
        now = max(now, target)
    }

    /// Runs until nothing moves or waits; false if a command never ends, which is then an incident.
    ///
    /// - Parameter step: called for every motor step: tick, axis 1 or 2, direction.
    mutating func runToRest(step: ((Replay.Step) -> Void)? = nil) -> Bool {
        while true {
            let next = nextBoundary
            guard next <= VirtualBoard.lastTick else { return !isMoving && queue.isEmpty }
            if let step, case .motion = running { enumerate(to: next - motion.startTick, step) }
            now = max(now, next)
            turn()
        }
    }

    /// Tick of the next event; `Int64.max` if there is none.
    var nextBoundary: Int64 {
        switch running {
        case .nothing: queue.isEmpty ? .max : noticeTick
        case .wait(let end, _): end
        case .motion: motion.nextTick
        }
    }

    /// Does what the step interrupt does at the end of the present tick, then lets the parser go on.
    private mutating func turn() {
        switch running {
        case .nothing: break
        case .wait(_, let index):
            machine.stand(until: now)
            running = .nothing
            finishPart(index)
        case .motion:
            let offset = now - motion.startTick
            machine.follow(&motion, to: offset)
            guard motion.isEndKnown && offset == motion.boundary else {
                motion.openNext(at: offset)
                watchMotion()
                return
            }
            let index = motion.index
            endMotion(at: offset)
            finishPart(index)
        }
        if queue.isEmpty {
            if !configuration.isBackToBack { machine.ranEmpty(tick: now) }
        } else {
            load(queue.removeFirst(), at: now)
        }
        resume()
    }

    /// Takes the counters and phases over; the machine has followed until `offset`.
    private mutating func endMotion(at offset: Int64) {
        counters = (
            counters.0 &+ Int32(truncatingIfNeeded: motion.first.position(at: offset)),
            counters.1 &+ Int32(truncatingIfNeeded: motion.second.position(at: offset))
        )
        phases = (motion.first.phase(at: offset), motion.second.phase(at: offset))
        machine.end(&motion, at: offset)
        lastMotionEnd = now
        running = .nothing
    }

    /// Stops a running motion where it is (`ES`, `R`, limit switch).
    mutating func abandonMotion() {
        switch running {
        case .nothing: return
        case .wait(_, let index):
            machine.stand(until: now)
            running = .nothing
            finishPart(index)
        case .motion:
            let offset = now - motion.startTick
            let index = motion.index
            machine.follow(&motion, to: offset)
            endMotion(at: offset)
            machine.rest(at: now)
            finishPart(index)
        }
    }

    mutating func dropQueue() {
        let dropped = queue
        queue.removeAll(keepingCapacity: true)
        for command in dropped { finishPart(command.index) }
    }

    // MARK: Loading

    /// Puts a command into the queue, which has room; `HM` always meets a board at rest, which takes a tick to notice.
    mutating func push(_ command: QueuedCommand, meetsRest: Bool = false) {
        if case .nothing = running, queue.isEmpty {
            if configuration.isBackToBack && !meetsRest {
                load(command, at: now)
                return
            }
            noticeTick = now + 1
        }
        queue.append(command)
    }

    mutating func load(_ command: QueuedCommand, at tick: Int64) {
        startPart(command.index, tick: tick)
        switch command.action {
        case .motion(let load): begin(load, command.index, at: tick)
        case .delay, .output: wait(command, at: tick)
        case .servo(let move):
            wait(command, at: tick)
            turnServo(move, at: tick)
        case .motors(let first, let second):
            wait(command, at: tick)
            switchMotors(first, second)
        }
    }

    private mutating func wait(_ command: QueuedCommand, at tick: Int64) {
        machine.stand(until: tick)
        // One tick, as of a pen command without a wait, is no rest: the next step comes 40 µs late.
        if command.ticks > 1 { machine.rest(at: tick) }
        running = .wait(end: tick + command.ticks, index: command.index)
    }

    private mutating func begin(_ load: MotionLoad, _ index: Int, at tick: Int64) {
        machine.stand(until: tick)
        machine.endGap(tick: tick)
        let unit = 16 / max(1, resolution)
        motion = Motion(
            load, phases: phases, units: (isMotorOn.0 ? unit : 0, isMotorOn.1 ? unit : 0), startTick: tick, index: index
        )
        machine.begin(motion.entryRates, tick: tick, index: index)
        running = .motion
        if (!isMotorOn.0 && motion.first.done > 0) || (!isMotorOn.1 && motion.second.done > 0) {
            noteDeadMotor(at: tick)
        }
        watchMotion()
    }

    private mutating func noteDeadMotor(at tick: Int64) {
        let steps = [isMotorOn.0 ? nil : motion.first, isMotorOn.1 ? nil : motion.second]
            .compactMap { $0?.nextStep(after: 0)?.offset }
        guard let offset = steps.min() else { return }
        machine.note(.motorsOff, tick: tick + offset, index: motion.index)
    }

    /// Notes wrapped rates and endless commands once a command.
    private mutating func watchMotion() {
        if !motion.hasWrapped && (motion.first.wrapped || motion.second.wrapped) {
            motion.hasWrapped = true
            machine.note(.rateWrapped, tick: motion.startTick + motion.followed, index: motion.index)
        }
        if !motion.hasComplained && motion.nextTick > VirtualBoard.lastTick {
            motion.hasComplained = true
            machine.note(.neverEnds, tick: motion.startTick, index: motion.index)
        }
    }

    // MARK: Steps one by one

    /// Reports the steps between what the machine has followed and `offset`, by tick, then axis.
    private func enumerate(to offset: Int64, _ report: (Replay.Step) -> Void) {
        var first = motion.first.nextStep(after: motion.followed)
        var second = motion.second.nextStep(after: motion.followed)
        while true {
            let (a, b) = (first?.offset ?? .max, second?.offset ?? .max)
            guard min(a, b) <= offset else { return }
            if a <= b, let step = first {
                report(Replay.Step(tick: motion.startTick + a, axis: 1, direction: step.direction))
                first = motion.first.nextStep(after: a)
            } else if let step = second {
                report(Replay.Step(tick: motion.startTick + b, axis: 2, direction: step.direction))
                second = motion.second.nextStep(after: b)
            }
        }
    }
}
