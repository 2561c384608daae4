internal import EBB

extension VirtualBoard {
    /// Sends a query's data with the line end its version gives it, then `OK` where that belongs.
    mutating func answer(
        _ data: String, legacy: [UInt8] = LineEnd.crlf, modern: [UInt8] = LineEnd.crlf, isAcknowledged: Bool = true
    ) -> Outcome {
        reply += data.utf8
        if isModern && settings.usesFutureSyntax {
            reply.append(0x0A)
            return .answered
        }
        reply += isModern ? modern : legacy
        if isAcknowledged { acknowledge() }
        return .answered
    }

    /// Data whose name is part of the data line in legacy syntax (`A`, `I`, `MR`, `PI`, `QM`).
    mutating func answerNamed(_ name: String, _ data: String, legacy: [UInt8], modern: [UInt8]) -> Outcome {
        let prefix = isModern && settings.usesFutureSyntax ? "" : name + ","
        return answer(prefix + data, legacy: legacy, modern: modern, isAcknowledged: false)
    }

    func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return isModern ? text : String(repeating: "0", count: max(0, width - text.count)) + text
    }

    mutating func version() -> Outcome {
        answer("EBBv13_and_above EB Firmware Version \(configuration.firmware)", isAcknowledged: false)
    }

    // MARK: Motion

    mutating func counterQuery() -> Outcome {
        let place = position
        return answer("\(place.motor1),\(place.motor2)", legacy: LineEnd.lfcr, modern: LineEnd.lfcr)
    }

    /// What `QM` and `QG` tell: something executing or queued, motors running, queue not empty.
    private var activity: (command: Bool, motor1: Bool, motor2: Bool, queue: Bool) {
        var (first, second) = (false, false)
        if case .motion = running {
            let offset = now - motion.startTick
            // In a timed move the first motor's counter holds the time and the second's is empty.
            first = motion.isTimed ? offset < motion.boundary : offset < motion.first.done
            second = !motion.isTimed && offset < motion.second.done
        }
        return (isMoving || !queue.isEmpty, first, second, !queue.isEmpty)
    }

    mutating func motionQuery() -> Outcome {
        let state = activity
        let flags = [state.command, state.motor1, state.motor2, state.queue].map { $0 ? "1" : "0" }
        return answerNamed("QM", flags.joined(separator: ","), legacy: LineEnd.lfcr, modern: LineEnd.lfcr)
    }

    mutating func generalQuery() -> Outcome {
        let state = activity
        let portB = settings.ports[1]
        checkSupply()
        let bits: [Bool] = [
            state.queue, state.motor2, state.motor1, state.command, isPenUpState, wasButtonPressed,
            isModern ? wasSupplyLost : portB & 4 != 0, isModern ? hasLimitStopped : portB & 32 != 0,
        ]
        wasButtonPressed = false
        wasSupplyLost = false
        let byte = bits.enumerated().reduce(UInt8(0)) { $1.element ? $0 | 1 << UInt8($1.offset) : $0 }
        let text = String(byte, radix: 16, uppercase: true)
        return answer(byte < 16 ? "0" + text : text, isAcknowledged: false)
    }

    mutating func enableQuery() -> Outcome {
        let (first, second) = (isMotorOn.0 ? resolution : 0, isMotorOn.1 ? resolution : 0)
        return answer("\(first),\(second)", legacy: LineEnd.lfcr, modern: LineEnd.lfcr)
    }

    /// `EM,e1,e2`; with one parameter nothing happens and no `OK` is sent.
    mutating func enableMotors(_ p: inout Parameters) -> Outcome {
        let first = UInt8(truncatingIfNeeded: p.number(.u8))
        if p.hasFailed { return .failed }
        let second = p.optional(.u8)
        if p.hasFailed { return .failed }
        guard let second else { return .silent }
        let command = QueuedCommand(
            action: .motors(first, UInt8(second)), ticks: 1, index: commandIndex)
        if configuration.firmware >= FirmwareVersion(2, 8, 0) { return .queued(command) }
        switchMotors(first, UInt8(second))
        return .done
    }

    /// `EM` as it is executed: both motors share the resolution.
    mutating func switchMotors(_ first: UInt8, _ second: UInt8) {
        isMotorOn = (first != 0, second != 0)
        if (1...5).contains(first) {
            resolution = 16 >> Int64(first - 1)
            setStepSizePins()
        }
        clearCounters()
        hasLimitStopped = false
    }

    /// `CS`: counters and phases to zero, even in mid-move.
    mutating func clearCounters() {
        phases = (0, 0)
        counters = (0, 0)
        guard case .motion = running else { return }
        let offset = now - motion.startTick
        machine.follow(&motion, to: offset)
        motion.zeroPhases(at: offset)
        counters = (
            Int32(truncatingIfNeeded: 0 &- motion.first.position(at: offset)),
            Int32(truncatingIfNeeded: 0 &- motion.second.position(at: offset))
        )
    }

    /// `ES[,disable]`.
    mutating func emergencyStop(_ p: inout Parameters) -> Outcome {
        let disables = p.optional(.u8) ?? 0
        if p.hasFailed { return .failed }
        let text = isModern ? modernStop() : legacyStop()
        if disables != 0 { isMotorOn = (false, false) }
        return answer(text, legacy: LineEnd.lfcr, modern: LineEnd.lfcr)
    }

    private mutating func modernStop() -> String {
        var wasMoving = !queue.isEmpty
        if case .motion = running { wasMoving = true }
        abandonMotion()
        dropQueue()
        return wasMoving ? "1" : "0"
    }

    /// 2.x stops only what counts steps; pen moves, delays and LT go on.
    private mutating func legacyStop() -> String {
        var queued: (Int64, Int64) = (0, 0)
        var left: (Int64, Int64) = (0, 0)
        var wasMoving = false
        if let i = queue.firstIndex(where: \.isStepCounted) {
            if case .motion(let load) = queue[i].action { queued = (load.first.steps, load.second.steps) }
            let index = queue.remove(at: i).index
            finishPart(index)
            wasMoving = true
        }
        if case .motion = running, !motion.isTimed {
            let offset = now - motion.startTick
            left = (motion.first.remaining(at: offset), motion.second.remaining(at: offset))
            abandonMotion()
            noticeTick = now + 1
            wasMoving = true
        }
        return "\(wasMoving ? 1 : 0),\(queued.0),\(queued.1),\(left.0),\(left.1)"
    }

    /// Ends all motion while a limit switch shows its target level.
    mutating func checkLimitSwitch() {
        guard isModern, settings.limitMask != 0, !hasLimitStopped else { return }
        let portB = settings.ports[1]
        guard ~(portB ^ settings.limitTarget) & settings.limitMask != 0 else { return }
        hasLimitStopped = true
        portBAtStop = portB
        abandonMotion()
        dropQueue()
        if settings.reportsLimit && !isDetached {
            sent += "Limit switch triggered. PortB=\(hexadecimal(portB))".utf8
            sent += lineEnd
        }
        resume()
    }

    func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    // MARK: Pen, button, power

    mutating func penQuery() -> Outcome {
        answer(isPenUpState ? "1" : "0", legacy: LineEnd.lfcr, modern: LineEnd.lfcr)
    }

    mutating func buttonQuery() -> Outcome {
        defer { wasButtonPressed = settings.watchesPauseInput && settings.ports[1] & 1 == 0 }
        return answer(wasButtonPressed ? "1" : "0")
    }

    mutating func powerQuery() -> Outcome {
        answer("\(padded(configuration.currentCounts, 4)),\(padded(supplyCounts, 4))")
    }

    mutating func servoPowerQuery() -> Outcome {
        answer(now < settings.servoPowerEnd ? "1" : "0", modern: LineEnd.lfcr)
    }

    // MARK: Name and variables

    mutating func nameQuery() -> Outcome {
        reply += nickname
        return answer("")
    }

    /// `ST,name`: up to 16 characters, up to the next comma.
    mutating func setName(_ p: inout Parameters) -> Outcome {
        let text = p.text() ?? []
        if p.hasFailed { return .failed }
        nickname = Array(text.prefix(16))
        return .done
    }

    /// `SL,value[,index]`; 2.x has one cell.
    mutating func setVariable(_ p: inout Parameters) -> Outcome {
        let value = p.number(.u8)
        let index = isModern ? p.optional(.u8) ?? 0 : 0
        if p.hasFailed { return .failed }
        guard index < 32 else {
            p.complain(.range)
            return .failed
        }
        settings.variables[Int(index)] = UInt8(value)
        return .done
    }

    mutating func variableQuery(_ p: inout Parameters) -> Outcome {
        let index = isModern ? p.optional(.u8) ?? 0 : 0
        if !p.hasFailed && index >= 32 { p.complain(.range) }
        if p.hasFailed { return .failed }
        return answer(padded(Int(settings.variables[Int(index)]), 3))
    }

    mutating func setNodeCount(_ p: inout Parameters) -> Outcome {
        let value = p.number(.u32)
        if p.hasFailed { return .failed }
        settings.nodeCount = UInt32(value)
        return .done
    }

    mutating func nodeQuery() -> Outcome { answer(padded(Int(settings.nodeCount), 10)) }

    mutating func countNode(_ change: UInt32) -> Outcome {
        settings.nodeCount &+= change
        return .done
    }
}
