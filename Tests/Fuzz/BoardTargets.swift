@testable internal import EBB
@testable internal import Simulator

extension FuzzTarget {
    static let board2 = FuzzTarget(name: "board-2.8.1") { talk($0, .v281) }
    static let board3 = FuzzTarget(name: "board-3.0.3") { talk($0, .v303) }

    /// Bytes to a board in pieces, time between them: it answers, holds little, and gets to rest or says why not.
    private static func talk(_ bytes: [UInt8], _ firmware: FirmwareVersion) {
        var configuration = BoardConfiguration(firmware: firmware)
        configuration.keepsRecords = true
        configuration.isOneCommandPerPacket = false
        var board = VirtualBoard(configuration)
        var replies = 0
        for start in stride(from: 0, to: bytes.count, by: 24) {
            board.receive(bytes[start..<min(start + 24, bytes.count)])
            board.advance(to: board.now + Int64(bytes[start]) * 50)
            replies += board.takeReplies().count
            _ = board.takeRecords()
        }
        board.advance(to: board.now + 25_000 * 60)
        replies += board.takeReplies().count
        // The longest answer is some 90 bytes; nothing is said more than a few times a command.
        hold(replies <= 400 * (bytes.count + 1), "\(replies) bytes of replies to \(bytes.count)")
        let most = (board.commandCount + 1) * 70_000
        hold(board.trace.vertices.count <= most, "\(board.trace.vertices.count) vertices")
        // The same bytes as a stream to a fresh board. Some run for days there, which is right and takes too long here.
        guard !bytes.split(whereSeparator: { !(0x30...0x39).contains($0) }).contains(where: { $0.count > 6 }) else {
            return
        }
        let summary = Replay(configuration).run(bytes)
        hold(summary.commands <= bytes.count, "\(summary.commands) commands of \(bytes.count) bytes")
    }

    /// What a host understands does not depend on how the bytes are cut.
    static let conversation = FuzzTarget(name: "conversation") { bytes in
        for syntax in [ReplySyntax.legacy, .future] {
            var whole = owing(syntax)
            var cut = owing(syntax)
            var (all, pieces): ([Conversation.Event], [Conversation.Event]) = ([], [])
            whole.receive(bytes, events: &all)
            for byte in bytes { cut.receive([byte], events: &pieces) }
            hold(all == pieces, "cut bytes mean something else")
            hold(whole.owedCount == cut.owedCount && whole.owedCount <= 12, "more is owed than was sent")
        }
    }

    private static func owing(_ syntax: ReplySyntax) -> Conversation {
        var conversation = Conversation()
        conversation.syntax = syntax
        var bytes: [UInt8] = []
        let texts = ["V", "QG", "QS", "QM", "QC", "QT", "SP,1,100", "LM,1,2,3,4,5,6,3", "ES", "QB", "QL", "A"]
        for (tag, text) in texts.enumerated() { conversation.send(.raw(text), tag: tag, to: &bytes) }
        return conversation
    }

    /// A script reads or names a line; what it says can be done to a board.
    static let faultScript = FuzzTarget(name: "faults") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(FaultScript.ParseError) {
            let script = try FaultScript(text)
            hold(script.rules.count <= bytes.count, "more rules than bytes")
        } catch {
            hold(error.line >= 1 && error.line <= bytes.count + 1, "no such line: \(error)")
        }
    }
}
