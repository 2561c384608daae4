internal import EBB

extension VirtualBoard {
    /// `CU,n,value`.
    mutating func setUp(_ p: inout Parameters) -> Outcome {
        let index = p.number(.u8)
        let value = p.number(.i16)
        if p.hasFailed { return .failed }
        switch index {
        case 1: settings.acknowledges = value != 0
        case 2: settings.checksLimits = value != 0
        case 3: settings.showsEmptyQueue = value != 0
        default:
            guard isModern else { return .done }  // unknown numbers are taken on 2.x
            return modernSetUp(index, value, &p)
        }
        return .done
    }

    private mutating func modernSetUp(_ index: Int64, _ value: Int64, _ p: inout Parameters) -> Outcome {
        switch index {
        case 4:
            // 0 and negative numbers would lock a real board up for good; here the depth stays at least 1.
            return .resting(.queueDepth(value < 0 ? 32 : Int(min(value, 32))))
        case 10: settings.usesFutureSyntax = value != 0
        case 50: settings.enablesMotors = value != 0
        case 51:
            settings.limitMask = UInt8(truncatingIfNeeded: value)
            if value == 0 { hasLimitStopped = false }
            checkLimitSwitch()
        case 52:
            settings.limitTarget = UInt8(truncatingIfNeeded: value)
            checkLimitSwitch()
        case 53: settings.reportsLimit = value != 0
        case 54: settings.needsChecksum = value != 0
        case 60:
            guard (0...1023).contains(value) else { return refuse(&p) }
            settings.supplyThreshold = Int(value)
            checkSupply()
        case 61:
            guard value >= 0 else { return refuse(&p) }
            settings.motorTimeoutSeconds = Int(value)
        case 250...255: break  // test modes
        default: return refuse(&p)
        }
        return .done
    }

    func refuse(_ p: inout Parameters) -> Outcome {
        p.complain(.range)
        return .failed
    }

    /// `QU,n`.
    mutating func utilityQuery(_ p: inout Parameters) -> Outcome {
        let index = p.number(.u8)
        if p.hasFailed { return .failed }
        let value: String
        switch index {
        case 1: value = hexadecimal(portBAtStop)
        case 2: value = "32"
        case 3: value = "\(settings.queueDepth)"
        case 4, 5: value = "0"
        case 6 where configuration.firmware >= FirmwareVersion(3, 0, 1): value = "\(queue.count)"
        case 60: value = "\(settings.supplyThreshold)"
        case 61: value = "\(settings.motorTimeoutSeconds)"
        case 200:
            let present = presentPhases
            value = "\(present.0),\(present.1)"
        default: return refuse(&p)
        }
        let isFuture = settings.usesFutureSyntax
        if configuration.firmware < FirmwareVersion(3, 0, 2) {
            let wide = String(repeating: "0", count: max(0, 3 - value.utf8.count)) + value
            return answer((isFuture ? "" : "QU,") + "\(index),\(wide)" + (isFuture ? "\n" : ""))
        }
        return answer((isFuture ? "" : "QU,") + value + (isFuture ? "\n" : ""))
    }

    /// Phase accumulators now.
    var presentPhases: (Int64, Int64) {
        guard case .motion = running else { return phases }
        let offset = now - motion.startTick
        return (motion.first.phase(at: offset), motion.second.phase(at: offset))
    }

    /// `CK`: eight values of eight kinds, told back.
    mutating func checkParser(_ p: inout Parameters) -> Outcome {
        let numbers = [
            p.number(.u8), p.number(.i8), p.number(.u16), p.number(.i16), p.number(.u32), p.number(.i32),
        ]
        let (plain, upper) = (p.character(), p.character())
        if p.hasFailed { return .failed }
        for (i, number) in numbers.enumerated() {
            reply += "Param\(i + 1)=\(number)".utf8
            reply += lineEnd
        }
        let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(upper)
        reply += Array("Param7=".utf8) + [plain] + lineEnd
        reply += Array("Param8=".utf8) + [isLower ? upper - 32 : upper]
        return answer("")
    }

    // MARK: Ports, memory, analogue inputs

    /// Letter A…E and pin 0…7, as `PO`, `PD` and `PI` take them; nil if there is no such pin.
    private func pin(_ p: inout Parameters) -> (port: Int, mask: UInt8)? {
        let letter = p.character()
        let pin = p.number(.u8)
        if p.hasFailed { return nil }
        let upper = letter & 0xDF
        guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(upper), pin < 8 else {
            p.complain(.range)
            return nil
        }
        return (Int(upper - UInt8(ascii: "A")), 1 << UInt8(pin))
    }

    mutating func setPin(_ p: inout Parameters, isDirection: Bool) -> Outcome {
        guard let (port, mask) = pin(&p) else { return .failed }
        let value = p.number(.u8)
        if !p.hasFailed && value > 1 { p.complain(.range) }
        if p.hasFailed { return .failed }
        if isDirection {
            settings.directions[port] =
                value == 1 ? settings.directions[port] | mask : settings.directions[port] & ~mask
        } else if settings.directions[port] & mask == 0 {
            settings.ports[port] = value == 1 ? settings.ports[port] | mask : settings.ports[port] & ~mask
            checkLimitSwitch()
        }
        return .done
    }

    /// A port's pins as they read: what was put on them, and what the firmware tells the motor drivers.
    ///
    /// Enable inputs are low when the motor is on: RE0 for motor 1, RC1 for motor 2. Older hosts read them for want of
    /// `QE`.
    private func levels(_ port: Int) -> UInt8 {
        switch port {
        case 2: settings.ports[2] & ~2 | (isMotorOn.1 ? 0 : 2)
        case 4: settings.ports[4] & ~1 | (isMotorOn.0 ? 0 : 1)
        default: settings.ports[port]
        }
    }

    /// Step size on the drivers' inputs: MS1 = RE2, MS2 = RE1, MS3 = RA6.
    mutating func setStepSizePins() {
        let pins: (first: UInt8, second: UInt8, third: UInt8) =
            switch resolution {
            case 16: (4, 2, 64)
            case 8: (4, 2, 0)
            case 4: (0, 2, 0)
            case 2: (4, 0, 0)
            default: (0, 0, 0)
            }
        settings.ports[4] = settings.ports[4] & ~6 | pins.first | pins.second
        settings.ports[0] = settings.ports[0] & ~64 | pins.third
    }

    mutating func pinQuery(_ p: inout Parameters) -> Outcome {
        guard let (port, mask) = pin(&p) else { return .failed }
        return answerNamed(
            "PI", levels(port) & mask == 0 ? "0" : "1", legacy: LineEnd.crlf, modern: LineEnd.crlf)
    }

    /// `O` and `C`: up to five port bytes.
    mutating func setPorts(_ p: inout Parameters, isDirection: Bool) -> Outcome {
        var values = [p.number(.u8)]
        while values.count < 5, !p.hasFailed, let value = p.optional(.u8) { values.append(value) }
        if p.hasFailed { return .failed }
        for (port, value) in values.enumerated() {
            if isDirection {
                settings.directions[port] = UInt8(value)
            } else {
                let outputs = ~settings.directions[port]
                settings.ports[port] = settings.ports[port] & ~outputs | UInt8(value) & outputs
            }
        }
        checkLimitSwitch()
        return .done
    }

    mutating func portQuery() -> Outcome {
        let text = settings.ports.indices.map { padded(Int(levels($0)), 3) }.joined(separator: ",")
        return answerNamed("I", text, legacy: LineEnd.crlf, modern: LineEnd.crlf)
    }

    mutating func setAnalogChannel(_ p: inout Parameters) -> Outcome {
        let channel = p.number(.u8)
        let isOn = p.number(.u8)
        if !p.hasFailed && (channel > 15 || isOn > 1) { p.complain(.range) }
        if p.hasFailed { return .failed }
        let mask: UInt16 = 1 << UInt16(channel)
        settings.analogChannels = isOn == 1 ? settings.analogChannels | mask : settings.analogChannels & ~mask
        return .done
    }

    mutating func analogQuery() -> Outcome {
        let readings = (0..<16).filter { settings.analogChannels & 1 << UInt16($0) != 0 }.map { channel in
            let counts = channel == 0 ? configuration.currentCounts : channel == 11 ? supplyCounts : 0
            return "\(padded(channel, 2)):\(padded(counts, 4))"
        }
        let prefix = isModern && settings.usesFutureSyntax ? [] : ["A"]
        return answer((prefix + readings).joined(separator: ","), modern: LineEnd.lfcr, isAcknowledged: false)
    }

    mutating func memoryQuery(_ p: inout Parameters) -> Outcome {
        let address = p.number(.u16)
        if !p.hasFailed && address > 4095 { p.complain(.range) }
        if p.hasFailed { return .failed }
        let value = memory.isEmpty ? 0 : memory[Int(address)]
        return answerNamed("MR", padded(Int(value), 3), legacy: LineEnd.crlf, modern: LineEnd.crlf)
    }

    mutating func writeMemory(_ p: inout Parameters) -> Outcome {
        let address = p.number(.u16)
        let value = p.number(.u8)
        if !p.hasFailed && address > 4095 { p.complain(.range) }
        if p.hasFailed { return .failed }
        if memory.isEmpty { memory = [UInt8](repeating: 0, count: 4096) }
        memory[Int(address)] = UInt8(value)
        return .done
    }

    /// Commands that are read and have no effect here: timed sampling and pulses of 2.x, `CM` of 3.0.3.
    mutating func ignore(_ p: inout Parameters, required: Int, optional: Int = 0) -> Outcome {
        for _ in 0..<required { _ = p.number(.i32) }
        for _ in 0..<optional { _ = p.optional(.i32) }
        return p.hasFailed ? .failed : .done
    }

    /// `R`: answered before it resets.
    mutating func restart() -> Outcome {
        acknowledge()
        let answered = reply
        reset()
        reply = answered
        return .answered
    }

    /// `RB`: drops off the bus and comes back as after power-on.
    mutating func reboot() -> Outcome {
        events.append(.reenumerated(tick: now))
        leaveBus()
        return .silent
    }

    /// `BL`: another USB device now; nothing answers until the power is cycled.
    mutating func enterBootloader() -> Outcome {
        events.append(.enteredBootloader(tick: now))
        leaveBus()
        isDetached = true
        return .silent
    }

    private mutating func leaveBus() {
        reset()
        hasSeenCommand = false
        reply.removeAll()
        heldReplies.removeAll()
        pendingComplaints.removeAll()
        dropInput()
    }
}
