internal import EBB

extension VirtualBoard {
    /// `SP,state[,ms[,pin]]`.
    mutating func setPen(_ p: inout Parameters) -> Outcome {
        var state = p.number(.u8)
        let milliseconds = p.optional(.u16) ?? 0
        let pin = p.optional(.u8)
        if p.hasFailed { return .failed }
        if let pin, pin > 7 {
            p.complain(.range)
            return .failed
        }
        state = min(state, configuration.firmware >= FirmwareVersion(3, 0, 1) ? 3 : 1)
        let rp = UInt8(pin ?? 1) + 3
        powerServo()
        if state < 2 { return .queued(penMove(isUp: state == 1, milliseconds, pin: rp)) }
        if state == 3 {
            settings.penDownPulse = settings.penUpPulse
            for i in queue.indices {
                guard case .servo(var move) = queue[i].action, move.isPen else { continue }
                move.pulse = settings.penUpPulse
                queue[i].action = .servo(move)
            }
        }
        turnServo(
            ServoMove(pulse: settings.penUpPulse, pin: rp, rate: settings.raiseRate, isPen: true), at: now)
        return .done
    }

    /// `TP[,ms]`: relative to the state now, not to what is still queued.
    mutating func togglePen(_ p: inout Parameters) -> Outcome {
        let milliseconds = p.optional(.u16) ?? 0
        if p.hasFailed { return .failed }
        powerServo()
        return .queued(penMove(isUp: !isPenUpState, milliseconds, pin: Pen.standardPin))
    }

    private func penMove(isUp: Bool, _ milliseconds: Int64, pin: UInt8) -> QueuedCommand {
        let move = ServoMove(
            pulse: isUp ? settings.penUpPulse : settings.penDownPulse, pin: pin,
            rate: isUp ? settings.raiseRate : settings.lowerRate, isPen: true)
        return QueuedCommand(action: .servo(move), ticks: max(1, milliseconds * 25), index: commandIndex)
    }

    /// `S2,pos,rp[,rate[,ms]]`.
    mutating func setServo(_ p: inout Parameters) -> Outcome {
        let pulse = p.number(.u16)
        let pin = p.number(.u8)
        let rate = p.optional(.u16) ?? 0
        let milliseconds = p.optional(.u16) ?? 0
        if p.hasFailed { return .failed }
        guard pin <= 24 else {
            p.complain(.range)
            return .failed
        }
        if pin == Int64(Pen.standardPin) { powerServo() }
        if pulse == 0 { return .done }  // frees the channel; the servo stays where it is
        let move = ServoMove(pulse: UInt16(pulse), pin: UInt8(pin), rate: UInt16(rate), isPen: false)
        return .queued(
            QueuedCommand(action: .servo(move), ticks: max(1, milliseconds * 25), index: commandIndex)
        )
    }

    /// A servo gets a new target at `tick`.
    mutating func turnServo(_ move: ServoMove, at tick: Int64) {
        let wasUp = machine.pen.isOrderedUp
        isPenUpState = move.pulse == settings.penUpPulse
        let isUp = move.isPen ? isPenUpState : Double(move.pulse) > machine.pen.paper(on: move.pin)
        if case .motion = running {
            machine.follow(&motion, to: tick - motion.startTick)
        } else {
            machine.stand(until: tick)
        }
        machine.pen.order(move, isUp: isUp, speed: settings.pulsesPerMillisecond(move.rate), at: tick)
        if machine.pen.isOrderedUp && !wasUp { penLiftCount += 1 }
    }

    mutating func powerServo() {
        let timeout = Int64(settings.servoTimeoutMilliseconds)
        settings.servoPowerEnd = timeout == 0 ? .max : now + timeout * 25
    }

    /// `SC,n,value`.
    mutating func configureServo(_ p: inout Parameters) -> Outcome {
        let index = p.number(.u8)
        let value = UInt16(truncatingIfNeeded: p.number(.u16))
        if p.hasFailed { return .failed }
        switch index {
        case 1:
            if value <= 2 { settings.penDevice = value }
            return .queued(penMove(isUp: isPenUpState, 0, pin: Pen.standardPin))
        case 4: settings.penUpPulse = value
        case 5: settings.penDownPulse = value
        case 8: settings.servoChannels = min(value, isModern ? 8 : 24)
        case 9: settings.servoSlotMilliseconds = min(value, 6)
        case 10: (settings.raiseRate, settings.lowerRate) = (value, value)
        case 11: settings.raiseRate = value
        case 12: settings.lowerRate = value
        case 13: settings.watchesPauseInput = value != 0
        default: break  // external drivers (2) and numbers without meaning are taken as they are
        }
        return .done
    }

    /// `SR,ms[,on]`.
    mutating func setServoTimeout(_ p: inout Parameters) -> Outcome {
        let milliseconds = p.number(.u32)
        let isOn = p.optional(.u8)
        if p.hasFailed { return .failed }
        settings.servoTimeoutMilliseconds = UInt32(milliseconds)
        if let isOn {
            if isOn == 0 { settings.servoPowerEnd = 0 } else { powerServo() }
        }
        return .done
    }

    /// `SE,state[,power[,queue]]`.
    mutating func setOutput(_ p: inout Parameters) -> Outcome {
        let state = p.number(.u8)
        let power = p.optional(.u16) ?? 512
        let queues = p.optional(.u8) ?? 0
        if p.hasFailed { return .failed }
        guard state <= 1, power <= 1023, queues <= 1 else {
            p.complain(.range)
            return .failed
        }
        if queues == 1 {
            return .queued(
                QueuedCommand(
                    action: .output(isOn: state == 1, power: UInt16(power)), ticks: 1, index: commandIndex)
            )
        }
        settings.outputPower = state == 1 ? UInt16(power) : 0
        return .done
    }
}
