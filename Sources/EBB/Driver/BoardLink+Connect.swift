/// Finding out what is at the other end, and setting the link up.
extension BoardLink {
    /// How often an answer that differs from the one before, or from what the same board said earlier, is asked for again.
    private static let mostAnswers = 6

    /// Opens the link, finds out what the board is, and sets the link up (queue depth, reply syntax, checksum).
    ///
    /// Moves nothing, and leaves a board that is still running a queue as it is. What a board says of itself is believed
    /// once it says the same again: a single damaged line makes no other board of it.
    ///
    /// - Parameter known: the board that has to be there; another one is left as it was set up, `otherBoard` is thrown.
    nonisolated(nonsending) func connect(expecting known: BoardIdentity? = nil) async throws(DriverError)
        -> BoardIdentity
    {
        isConnecting = true
        defer { isConnecting = false }
        do { try open() } catch { throw .link(error) }
        conversation.syntax = .legacy
        conversation.addsChecksum = false
        await flush([], ticks: 1_250)
        await flush([UInt8(ascii: "\r")], ticks: 2_500)
        let firmware = try await askVersion(expecting: known?.firmware)
        if let known, firmware != known.firmware { throw .otherBoard(name: nil, firmware: firmware) }
        guard firmware >= FirmwareVersion.oldest else { throw .tooOld(firmware) }
        if firmware.major >= 3 { try await setUpThree() }
        if owesStop {
            owesStop = false
            try await send(.emergencyStop(disablesMotors: false))
        }
        let name = firmware >= FirmwareVersion(2, 5, 5) ? try await askName(expecting: known?.name) : ""
        if let known, name != known.name { throw .otherBoard(name: name, firmware: firmware) }
        var found = BoardIdentity(
            firmware: firmware, name: name, supplyCounts: try await ask(.supply).counts, queueDepth: 1,
            keptSession: false)
        found.keptSession = try await ask(Self.mark(on: firmware)) == settings.session
        if firmware.major >= 3 {
            found.queueDepth = try await deepenQueue()
            // From here on the board remembers by itself that its motors have been without power (bit 6 of `QG`).
            try await send(.setUp(.powerLostThreshold, Int16(clamping: max(1, settings.lowestSupplyCounts))))
        }
        identity = found
        credit = Credit(depth: found.queueDepth, longestQueue: settings.longestQueueTicks)
        return found
    }

    /// Brings an open link back into step: ends a half-typed command, drops what is still on its way, and believes the
    /// board again once it has answered `V`, whose answer can be mistaken for no other.
    nonisolated(nonsending) func resynchronise() async throws(DriverError) {
        guard isOpen else { throw .link(.absent(name: "")) }
        isOutOfStep = false
        do {
            await flush([UInt8(ascii: "\r")], ticks: Self.quietTicks)
            do {
                try await send(.raw("V"), patience: Self.shortPatience)
            } catch .refused {
                // The half-typed command was refused together with the question.
                await flush([], ticks: Self.quietTicks)
                try await send(.raw("V"), patience: Self.shortPatience)
            }
        } catch {
            isOutOfStep = true
            throw error
        }
    }

    /// Ticks of quiet after which replies to what was sent before are no longer expected: 250 ms.
    private static let quietTicks: Int64 = 6_250
    /// How long a board that is asked again may take: 300 ms.
    private static let shortPatience: Int64 = 7_500

    private nonisolated(nonsending) func askVersion(expecting known: FirmwareVersion?) async throws(DriverError)
        -> FirmwareVersion
    {
        var answer = ""
        var last: FirmwareVersion?
        var silences = 0
        for _ in 0..<Self.mostAnswers {
            do {
                answer = try await send(Question.version.command, patience: 25_000)
                guard let version = Question.version.parse(answer) else { continue }
                if version == known || version == last { return version }
                last = version
            } catch .refused(_, let text) {
                answer = text
                // A board that another run left with checksums wants one here too.
                if text.hasPrefix("!10") || text.hasPrefix("!9") { conversation.addsChecksum = true }
            } catch .link(.timedOut) where silences < 2 {
                silences += 1
                await flush([UInt8(ascii: "\r")], ticks: 2_500)
            }
        }
        if let lastUnasked, answer.isEmpty { answer = lastUnasked }
        throw .notAnEBB(answer: answer)
    }

    private nonisolated(nonsending) func askName(expecting known: String?) async throws(DriverError) -> String {
        var last: String?
        for _ in 0..<Self.mostAnswers {
            let answer = try await send(Question.name.command)
            guard let name = Question.name.parse(answer) else { continue }
            if name == known || name == last { return name }
            last = name
        }
        throw .unexpected(command: "QT", answer: last ?? "")
    }

    /// Sets reply syntax and checksum. What a board answers to these depends on what it was set to, so it is dropped.
    private nonisolated(nonsending) func setUpThree() async throws(DriverError) {
        var bytes: [UInt8] = []
        var setUp = Conversation()
        setUp.addsChecksum = conversation.addsChecksum
        setUp.send(.setUp(.futureSyntax, 1), tag: 0, to: &bytes)
        await flush(bytes, ticks: 2_500)
        conversation.syntax = .future
        guard settings.usesChecksum != conversation.addsChecksum else { return }
        try await send(.setUp(.checksum, settings.usesChecksum ? 1 : 0))
        conversation.addsChecksum = settings.usesChecksum
    }

    /// Makes the queue deep. The command waits for idle, so it is not given to a board that has its queue already.
    private nonisolated(nonsending) func deepenQueue() async throws(DriverError) -> Int {
        let wanted = max(1, min(32, settings.queueDepth))
        if try await ask(.queueDepth) == wanted { return wanted }
        try await send(.setUp(.queueDepth, Int16(wanted)))
        let depth = try await ask(.queueDepth)
        return (1...wanted).contains(depth) ? depth : 1
    }
}
