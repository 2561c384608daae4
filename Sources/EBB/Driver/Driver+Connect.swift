/// Finding out what is at the other end, and setting the link up (ebb.md §3.4).
extension Driver {
    /// Oldest firmware that can be driven.
    public static let oldestFirmware = FirmwareVersion.oldest

    /// Opens the link, finds out what the board is, and sets the link up (queue depth, reply syntax, checksum).
    ///
    /// Moves nothing, and leaves a board that is still running a queue as it is.
    public func connect() async throws(DriverError) -> BoardIdentity {
        try await onQueue { () throws(DriverError) in try await connectHere() }
    }

    func connectHere() async throws(DriverError) -> BoardIdentity {
        do { try openLink() } catch { throw .link(error) }
        conversation.syntax = .legacy
        conversation.addsChecksum = false
        await flush([], ticks: 1_250)
        await flush([UInt8(ascii: "\r")], ticks: 2_500)
        let firmware = try await askVersion()
        guard firmware >= Self.oldestFirmware else { throw .tooOld(firmware) }
        if firmware.major >= 3 { try await setUpThree(firmware) }
        var identity = try await askIdentity(firmware)
        if firmware.major >= 3 {
            identity.queueDepth = try await deepenQueue()
            // From here on the board remembers by itself that its motors have been without power (bit 6 of `QG`).
            _ = try await ask(.setUp(60, Int16(clamping: max(1, settings.lowestSupplyCounts))))
        }
        self.identity = identity
        credit = Credit(depth: identity.queueDepth, longestQueue: settings.longestQueueTicks)
        return identity
    }

    /// Marks the board as set up by this driver; a board that was reset has 0 there.
    func markSession() async throws(DriverError) {
        _ = try await ask(sessionCommand(mark: session))
        identity?.keptSession = true
        control.isMarked = true
    }

    /// The board's mark; nil when it answers nothing sensible.
    func askSession() async throws(DriverError) -> UInt8? {
        UInt8(try await ask(.raw(isThree ? "QL,\(Self.sessionCell)" : "QL")))
    }

    /// 2.x has one cell, which the maker's software uses too; on 3.x one that nobody uses.
    private static let sessionCell = 20

    func sessionCommand(mark: UInt8) -> Command {
        isThree ? .setVariable(mark, index: UInt8(Self.sessionCell)) : .raw("SL,\(mark)")
    }

    private func askVersion() async throws(DriverError) -> FirmwareVersion {
        var answer = ""
        for attempt in 0..<3 {
            do {
                answer = try await ask(.raw("V"), patience: 25_000)
                if let version = Self.version(in: answer) { return version }
            } catch .refused(_, let text) {
                answer = text
                // A board that another run left with checksums wants one here too.
                if text.hasPrefix("!10") || text.hasPrefix("!9") { conversation.addsChecksum = true }
            } catch .link(.timedOut) where attempt < 2 {
                await flush([UInt8(ascii: "\r")], ticks: 2_500)
            }
        }
        if let unasked = watch.unasked, answer.isEmpty { answer = unasked }
        throw .notAnEBB(answer: answer)
    }

    static func version(in answer: String) -> FirmwareVersion? {
        let words = answer.split(separator: " ")
        guard answer.hasPrefix("EBB"), let last = words.last else { return nil }
        return FirmwareVersion(last)
    }

    /// Sets reply syntax and checksum. What a board answers to these depends on what it was set to, so it is dropped.
    private func setUpThree(_ firmware: FirmwareVersion) async throws(DriverError) {
        var bytes: [UInt8] = []
        var setUp = Conversation()
        setUp.addsChecksum = conversation.addsChecksum
        setUp.send(.setUp(10, 1), tag: 0, to: &bytes)
        await flush(bytes, ticks: 2_500)
        conversation.syntax = .future
        if settings.usesChecksum, !conversation.addsChecksum {
            _ = try await ask(.setUp(54, 1))
            conversation.addsChecksum = true
        } else if !settings.usesChecksum, conversation.addsChecksum {
            _ = try await ask(.setUp(54, 0))
            conversation.addsChecksum = false
        }
    }

    private func askIdentity(_ firmware: FirmwareVersion) async throws(DriverError) -> BoardIdentity {
        let power = try await ask(.raw("QC"))
        guard let counts = Self.supplyCounts(reply: power) else { throw .unexpected(command: "QC", answer: power) }
        let name = firmware >= FirmwareVersion(2, 5, 5) ? try await ask(.raw("QT")) : ""
        let identity = BoardIdentity(
            firmware: firmware, name: name, supplyCounts: counts, queueDepth: 1, keptSession: false)
        self.identity = identity
        var marked = identity
        marked.keptSession = try await askSession() == session
        return marked
    }

    /// Makes the queue deep. `CU,4` waits for idle, so it is not asked of a board that has its queue already.
    private func deepenQueue() async throws(DriverError) -> Int {
        let wanted = max(1, min(32, settings.queueDepth))
        if try await askUtility(3) == wanted { return wanted }
        _ = try await ask(.setUp(4, Int16(wanted)))
        guard let depth = try await askUtility(3), (1...wanted).contains(depth) else { return 1 }
        return depth
    }

    private func askUtility(_ index: Int) async throws(DriverError) -> Int? {
        Self.utilityValue(reply: try await ask(.raw("QU,\(index)")))
    }

    /// What `QU` answers; before 3.0.2 it repeats the index before the value.
    static func utilityValue(reply: String) -> Int? { reply.split(separator: ",").last.flatMap { Int($0) } }
}
