extension VirtualBoard {
    /// Longest command, its terminator included.
    static let longestLine = 256

    /// Works off what has arrived as far as the parser can go.
    mutating func consume() {
        flushPackets()
        while blocked == nil, inputIndex < input.count, sent.count < VirtualBoard.replyCapacity {
            let byte = input[inputIndex]
            inputIndex += 1
            feed(byte)
            if !packetEnds.isEmpty { flushPackets() }
        }
        if inputIndex == input.count {
            dropInput()
        } else if inputIndex >= VirtualBoard.inputCapacity {
            input.removeFirst(inputIndex)
            packetEnds = packetEnds.map { $0 - inputIndex }
            inputIndex = 0
        }
    }

    private mutating func flushPackets() {
        while let end = packetEnds.first, end <= inputIndex, blocked == nil {
            packetEnds.removeFirst()
            flushPacket()
        }
    }

    /// The end of a USB packet: 2.x sends its replies and the complaints it has collected only now.
    private mutating func flushPacket() {
        guard !isModern else { return }
        heldReplies.append(contentsOf: collectedComplaints())
        sent.append(contentsOf: heldReplies)
        heldReplies.removeAll(keepingCapacity: true)
    }

    /// 2.x keeps one flag for each kind of complaint and tells them in this order.
    private mutating func collectedComplaints() -> [UInt8] {
        guard !pendingComplaints.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for kind in [Complaint.overrun, .missing, .range, .extra] where pendingComplaints.contains(kind) {
            bytes += kind.line + LineEnd.crlf
        }
        pendingComplaints.removeAll(keepingCapacity: true)
        return bytes
    }

    mutating func feed(_ byte: UInt8) {
        switch byte {
        case 0x0D, 0x0A:
            if line.isEmpty {
                // An empty line is silent, but as the very first input it is taken as a command.
                if !hasSeenCommand {
                    hasSeenCommand = true
                    reply =
                        Array("!8 Err: Unknown command '".utf8) + [byte] + Array(": \(byte == 13 ? "D" : "A")'".utf8)
                    reply += isModern && settings.usesFutureSyntax ? LineEnd.lf : LineEnd.crlf
                    release()
                }
            } else {
                hasSeenCommand = true
                parse()
                line.removeAll(keepingCapacity: true)
            }
        case 0x08:
            if line.popLast() != nil {
                reply = [0x20, 0x08]
                release()
            }
        case 0..<0x20: break
        default:
            guard line.count < VirtualBoard.longestLine - 1 else {
                line.removeAll(keepingCapacity: true)
                overrun()
                return
            }
            line.append(byte)
        }
    }

    private mutating func overrun() {
        if isModern {
            appendFailure(.overrun)
        } else {
            pendingComplaints.append(.overrun)
        }
        release()
    }

    // MARK: One command

    private mutating func parse() {
        commandIndex += 1
        openRecord()
        var end = line.count
        if isModern && settings.needsChecksum {
            guard let text = checkedEnd() else { return release() }
            end = text
        }
        let first = uppercased(line[0])
        let second = end > 1 && line[1] != UInt8(ascii: ",") ? uppercased(line[1]) : 0
        guard let name = CommandName(rawValue: UInt16(first) << 8 | UInt16(second)),
            name.isKnown(to: configuration.firmware)
        else { return refuseUnknown(first, second) }
        if !isModern && !pendingComplaints.isEmpty && !name.isUnconditional { return release() }
        if isModern && settings.usesFutureSyntax {
            reply.append(contentsOf: name.letters)
            if name.isQuery { reply.append(UInt8(ascii: ",")) }
        }
        var parameters = Parameters(line, from: second == 0 ? 1 : 2, to: end)
        let outcome = run(name, &parameters)
        if !parameters.hasFailed && !parameters.isAtEnd && name != .r { parameters.complain(.extra) }
        finish(name, outcome, parameters.complaints)
    }

    private func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }

    private mutating func refuseUnknown(_ first: UInt8, _ second: UInt8) {
        reply = Array("!8 Err: Unknown command '".utf8)
        let letters = second == 0 ? [first] : [first, second]
        reply += letters + [UInt8(ascii: ":")]
        for letter in letters { reply += String(letter, radix: 16, uppercase: true).utf8 }
        reply.append(UInt8(ascii: "'"))
        reply += lineEnd
        if !isModern { pendingComplaints.append(.text("")) }
        release()
    }

    /// Verifies and cuts off the checksum; nil if there is none or a wrong one.
    private mutating func checkedEnd() -> Int? {
        guard let comma = line.lastIndex(of: UInt8(ascii: ",")), comma + 1 < line.count,
            line[(comma + 1)...].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            reply = Array("!10 Err: No checksum found but required".utf8) + lineEnd
            return nil
        }
        let sum = line[..<comma].reduce(UInt8(0)) { $0 &+ $1 }
        let expected = 0 &- sum
        let given = line[(comma + 1)...].prefix(10).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard given == Int(expected) else {
            reply = Array("!9 Err: Checksum incorrect, expected \(expected)".utf8) + lineEnd
            return nil
        }
        return comma
    }

    private mutating func finish(_ name: CommandName, _ outcome: Outcome, _ complaints: [Complaint]) {
        switch outcome {
        case .done:
            acknowledge()
            appendComplaints(complaints)
        case .answered:
            appendComplaints(complaints)
        case .silent:
            break
        case .failed:
            appendComplaints(complaints)
        case .doneThenFailed:
            acknowledge()
            appendComplaints(complaints)
        case .queued(let command, let following):
            expectParts(following == nil ? 1 : 2)
            guard queue.count < max(1, settings.queueDepth) else {
                return block(name, waiting: [command] + (following.map { [$0] } ?? []), complaints)
            }
            push(command)
            // Nearly every command is a single entry and goes on here, without an array for what waits.
            if let following { return block(name, waiting: [following], complaints) }
            acknowledge()
            appendComplaints(complaints)
        case .resting(let resting):
            blocked = BlockedCommand(name: name, waiting: [], resting: resting, complaints: complaints)
            return unblock()
        }
        release()
    }

    /// Keeps in the parser what the queue may have no room for.
    private mutating func block(_ name: CommandName, waiting: [QueuedCommand], _ complaints: [Complaint]) {
        blocked = BlockedCommand(name: name, waiting: waiting, resting: nil, complaints: complaints)
        unblock()
    }

    /// Lets a waiting command and then the rest of the input go on as far as they can.
    mutating func resume() {
        if blocked != nil { unblock() }
        if blocked == nil && (inputIndex < input.count || !packetEnds.isEmpty) { consume() }
    }

    private mutating func unblock() {
        guard var waiting = blocked else { return }
        var meetsRest = false
        if let resting = waiting.resting {
            guard !isMoving && queue.isEmpty else { return }
            waiting.resting = nil
            meetsRest = true
            switch resting {
            case .queueDepth(let depth): settings.queueDepth = depth
            case .home(let rate, let motor1, let motor2):
                waiting.waiting = homing(rate: rate, to: (motor1, motor2), &waiting.complaints)
                expectParts(waiting.waiting.count)
            }
        }
        var pushed = 0
        while pushed < waiting.waiting.count, queue.count < max(1, settings.queueDepth) {
            push(waiting.waiting[pushed], meetsRest: meetsRest)
            pushed += 1
        }
        waiting.waiting.removeFirst(pushed)
        guard waiting.waiting.isEmpty else {
            blocked = waiting
            return
        }
        blocked = nil
        acknowledge()
        appendComplaints(waiting.complaints)
        release()
    }

    // MARK: Reply bytes

    var lineEnd: [UInt8] { isModern && settings.usesFutureSyntax ? LineEnd.lf : LineEnd.crlf }

    /// `OK`, or the end of the echoed name.
    mutating func acknowledge() {
        if isModern && settings.usesFutureSyntax {
            reply.append(0x0A)
        } else if settings.acknowledges {
            reply.append(contentsOf: LineEnd.ok)
        } else if isModern {
            reply.append(contentsOf: LineEnd.crlf)
        }
    }

    private mutating func appendComplaints(_ complaints: [Complaint]) {
        guard !complaints.isEmpty else { return }
        if isModern {
            appendFailure(complaints[0])
            return
        }
        for complaint in complaints {
            switch complaint {
            case .comma: reply += complaint.line + LineEnd.crlf
            case .text(let text): reply += complaint.line + (text.hasPrefix("!0") ? LineEnd.lfcr : LineEnd.crlf)
            case .overrun, .missing, .range, .extra: break
            }
        }
        pendingComplaints += complaints
    }

    /// The one error line of 3.x.
    private mutating func appendFailure(_ complaint: Complaint) {
        if settings.usesFutureSyntax { reply.append(UInt8(ascii: ",")) }
        reply += complaint.line + lineEnd
    }

    /// Hands the finished reply of a command over to the wire.
    mutating func release() {
        let holds = !isModern && !configuration.isOneCommandPerPacket
        if !holds && !pendingComplaints.isEmpty { reply += collectedComplaints() }
        if configuration.keepsRecords { closeRecord() }
        if !isDetached {
            if holds { heldReplies.append(contentsOf: reply) } else { sent.append(contentsOf: reply) }
        }
        reply.removeAll(keepingCapacity: true)
    }
}

/// Line ends as the board sends them.
enum LineEnd {
    static let ok = Array("OK\r\n".utf8)
    static let crlf: [UInt8] = [13, 10]
    static let lfcr: [UInt8] = [10, 13]
    static let lf: [UInt8] = [10]
}
