internal import EBB
internal import Testing

@testable internal import Simulator

/// Reply bytes of a board, command by command, as the maker's reference and the firmware have them.
struct ReplyTests {
    /// What a board fresh from power-on answers to the last of some commands.
    private func reply(_ commands: [String], _ firmware: FirmwareVersion, isFuture: Bool = false) -> String {
        var board = VirtualBoard(BoardConfiguration(firmware: firmware, name: "East EBB"))
        func send(_ text: String) -> String {
            board.receive(Array((text + "\r").utf8))
            board.advance(to: board.now + 25_000 * 3)
            return String(decoding: board.takeReplies(), as: UTF8.self)
        }
        if isFuture { _ = send("CU,10,1") }
        for command in commands.dropLast() { _ = send(command) }
        return send(commands.last ?? "")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var commands: [String]
        var old: String
        var legacy: String
        var future: String
        var testDescription: String { commands.joined(separator: " ") }

        init(_ commands: String..., old: String, legacy: String, future: String) {
            self.commands = commands
            self.old = old
            self.legacy = legacy
            self.future = future
        }

        /// A command that only sets something.
        init(setting command: String) {
            let name = command.prefix { $0 != "," }.uppercased()
            self.init(command, old: "OK\r\n", legacy: "OK\r\n", future: name + "\n")
        }
    }

    private static let version = "EBBv13_and_above EB Firmware Version "

    private static let answers: [Row] = [
        Row("V", old: version + "2.8.1\r\n", legacy: version + "3.0.3\r\n", future: "V," + version + "3.0.3\n"),
        Row("v", old: version + "2.8.1\r\n", legacy: version + "3.0.3\r\n", future: "V," + version + "3.0.3\n"),
        Row("QB", old: "0\r\nOK\r\n", legacy: "0\r\nOK\r\n", future: "QB,0\n"),
        Row("QC", old: "0394,0300\r\nOK\r\n", legacy: "394,300\r\nOK\r\n", future: "QC,394,300\n"),
        Row("EM,1,1", "QE", old: "16,16\n\rOK\r\n", legacy: "16,16\n\rOK\r\n", future: "QE,16,16\n"),
        Row("EM,3,1", "QE", old: "4,4\n\rOK\r\n", legacy: "4,4\n\rOK\r\n", future: "QE,4,4\n"),
        Row("QE", old: "0,0\n\rOK\r\n", legacy: "0,0\n\rOK\r\n", future: "QE,0,0\n"),
        Row("SL,4", "QL", old: "004\r\nOK\r\n", legacy: "4\r\nOK\r\n", future: "QL,4\n"),
        Row("QM", old: "QM,0,0,0,0\n\r", legacy: "QM,0,0,0,0\n\r", future: "QM,0,0,0,0\n"),
        Row("SN,17", "QN", old: "0000000017\r\nOK\r\n", legacy: "17\r\nOK\r\n", future: "QN,17\n"),
        Row("QP", old: "1\n\rOK\r\n", legacy: "1\n\rOK\r\n", future: "QP,1\n"),
        Row("SP,0", "QP", old: "0\n\rOK\r\n", legacy: "0\n\rOK\r\n", future: "QP,0\n"),
        Row("SP,0", "QR", old: "1\r\nOK\r\n", legacy: "1\n\rOK\r\n", future: "QR,1\n"),
        Row(
            "SM,1000,1421,-429", "QS", old: "1421,-429\n\rOK\r\n", legacy: "1421,-429\n\rOK\r\n",
            future: "QS,1421,-429\n"),
        Row("QT", old: "East EBB\r\nOK\r\n", legacy: "East EBB\r\nOK\r\n", future: "QT,East EBB\n"),
        Row("ST,North", "QT", old: "North\r\nOK\r\n", legacy: "North\r\nOK\r\n", future: "QT,North\n"),
        Row("ES", old: "0,0,0,0,0\n\rOK\r\n", legacy: "0\n\rOK\r\n", future: "ES,0\n"),
        Row("XM,100,3,4", "QS", old: "7,-1\n\rOK\r\n", legacy: "7,-1\n\rOK\r\n", future: "QS,7,-1\n"),
        Row("SM,100,3,4", "CS", "QS", old: "0,0\n\rOK\r\n", legacy: "0,0\n\rOK\r\n", future: "QS,0,0\n"),
        Row("SM,100,3,4", "EM,1,1", "QS", old: "0,0\n\rOK\r\n", legacy: "0,0\n\rOK\r\n", future: "QS,0,0\n"),
        Row("SM,100,30,40", "HM,2000", "QS", old: "0,0\n\rOK\r\n", legacy: "0,0\n\rOK\r\n", future: "QS,0,0\n"),
        Row("HM,2000,30,-40", "QS", old: "30,-40\n\rOK\r\n", legacy: "30,-40\n\rOK\r\n", future: "QS,30,-40\n"),
        // Scratch RAM does not outlive a reset; after it 3.x speaks legacy again.
        Row("SL,4", "R", "QL", old: "000\r\nOK\r\n", legacy: "0\r\nOK\r\n", future: "0\r\nOK\r\n"),
        Row("R", old: "OK\r\n", legacy: "OK\r\n", future: "R\n"),
        Row("RB", old: "", legacy: "", future: ""),
    ]

    private static let settings = [
        "EM,1,1", "SM,100,10,10", "sm,100,10,10", "XM,100,5,5", "LM,85899346,10,0,0,0,0,3", "LT,100,85899346,0,0,0,3",
        "CS", "SP,1", "SP,0,100", "SP,1,100,4", "TP", "TP,50", "SC,4,20000", "SC,13,0", "SR,60000", "SR,60000,1",
        "S2,20000,4", "S2,20000,5,100,10", "SE,1", "SE,1,300,1", "SL,7", "SN,5", "ND", "NI", "PO,B,3,1", "PD,B,3,0",
        "AC,0,1", "O,0,0,0,0,0", "C,0,0,0,0,0", "ST,abc", "MW,100,5", "SM,500,0,0",
    ].map { Row(setting: $0) }

    @Test(arguments: answers + settings)
    func answersByteByByte(_ row: Row) {
        #expect(reply(row.commands, .v281) == row.old)
        #expect(reply(row.commands, .v303) == row.legacy)
        #expect(reply(row.commands, .v303, isFuture: true) == row.future)
    }

    /// Only on 3.x.
    @Test(arguments: [
        ("QU,2", "QU,32\r\nOK\r\n", "QU,32\n\n"), ("CU,4,8", "OK\r\n", "CU\n"),
        ("T3,50,0,0,3435,0,0,0,3", "OK\r\n", "T3\n"), ("TD,50,0,42949,17175,3,0,0,0,0,3", "OK\r\n", "TD\n"),
        ("L3,85899346,10,0,0,0,0,0,0", "OK\r\n", "L3\n"), ("TR,1000,10,5", "OK\r\n", "TR\n"),
        ("SL,9,31", "OK\r\n", "SL\n"),
        ("CU,10,0", "OK\r\n", "CUOK\r\n"),
    ])
    func answersWhatIsNewInThree(_ command: String, _ legacy: String, _ future: String) {
        #expect(reply([command], .v303) == legacy)
        #expect(reply([command], .v303, isFuture: true) == future)
        #expect(command.hasPrefix("CU") || command.hasPrefix("SL") || reply([command], .v281).hasPrefix("!8 Err"))
    }

    @Test func theFirstAnswerInFutureSyntaxIsABareLineFeed() {
        #expect(reply(["CU,10,1"], .v303) == "\n")
        #expect(reply(["CU,10,1", "CU,10,0", "QP"], .v303) == "1\n\rOK\r\n")
    }

    @Test(arguments: [
        ("AT", "!8 Err: Unknown command 'AT:4154'\r\n", "!8 Err: Unknown command 'AT:4154'\r\n"),
        ("?", "!8 Err: Unknown command '?:3F'\r\n", "!8 Err: Unknown command '?:3F'\r\n"),
        ("SM", "!4 Err: Missing parameter(s)\r\n", "!4 Err: Missing parameter(s)\r\n"),
        ("SL,300", "!6 Err: Invalid parameter value\r\n", "!6 Err: Invalid parameter value\r\n"),
        ("LM,0,5,0,0,5,0", "!6 Err: Invalid parameter value\r\n", "OK\r\n!6 Err: Invalid parameter value\r\n"),
        ("LT,10,0,0,0,0", "!6 Err: Invalid parameter value\r\n", "OK\r\n"),
        (
            "SM,1,100,0", "!0 Err: <axis1> step rate > 25K steps/second.\n\r",
            "!0 Err: <axis1> step rate too high\r\n\r\n"
        ),
        ("SM,2000000,0,1", "!0 Err: <axis2> step rate < 1.31Hz.\n\r", "OK\r\n"),
        ("SM,16777216,5,5", "!0 Err: <move_duration> larger than 16777215 ms.\n\r", "OK\r\n"),
        ("QP,1", "1\n\rOK\r\n!7 Err: Extra parameter\r\n", "1\n\rOK\r\n!7 Err: Extra parameter\r\n"),
    ])
    func refusesInTheBoardsWords(_ command: String, _ old: String, _ modern: String) {
        #expect(reply([command], .v281) == old)
        #expect(reply([command], .v303) == modern)
    }

    /// A negative number where none may be: 2.x complains at every parameter that it can no longer reach.
    @Test func aNegativeRateIsSeveralComplaintsOnTwo() {
        let said = reply(["LM,-5,5,0,0,0,0"], .v281).split(separator: "\r\n").map(String.init)
        #expect(Set(said.dropLast()) == ["!5 Err: Need comma next, found: '-'"])
        #expect(said.last == "!6 Err: Invalid parameter value")
        #expect(reply(["LM,-5,5,0,0,0,0"], .v303) == "OK\r\n")
    }

    /// A version answers as its family less the commands that came later.
    @Test(arguments: [
        ("QE", "2.7.0", false), ("QE", "2.8.0", true), ("LT,10,5,5,0,0", "2.6.5", false),
        ("LT,10,5,5,0,0", "2.7.0", true),
        ("QG", "2.6.1", false), ("QG", "2.6.2", true), ("SR,100", "2.5.9", false), ("SR,100", "2.6.0", true),
        ("HM,1000", "2.6.1", false), ("HM,1000", "2.6.2", true), ("TD,9,0,9,9,9,0,0,0,0", "3.0.0", false),
        ("TD,9,0,9,9,9,0,0,0,0", "3.0.1", true), ("T3,9,0,0,9,0,0,0", "2.8.1", false), ("QT", "2.5.5", true),
    ])
    func lacksWhatItsVersionLacks(_ command: String, _ version: String, _ isKnown: Bool) throws {
        let firmware = try #require(FirmwareVersion(version))
        #expect(reply([command], firmware).hasPrefix("!8") == !isKnown)
        #expect(reply(["V"], firmware) == Self.version + version + "\r\n")
    }

    /// The checksum of 3.x, both examples of the page.
    @Test func wantsAChecksumWhenToldTo() {
        #expect(reply(["CU,54,1", "SM,1000,1000,1000,153"], .v303) == "OK\r\n")
        #expect(reply(["CU,54,1", "CU,54,0,119", "QP"], .v303) == "1\n\rOK\r\n")
        #expect(reply(["CU,54,1", "CU,54,0,118"], .v303) == "!9 Err: Checksum incorrect, expected 119\r\n")
        #expect(reply(["CU,54,1", "QP"], .v303) == "!10 Err: No checksum found but required\r\n")
    }

    /// With a full queue nothing is answered, not even ES, until a place is free; nothing is lost.
    @Test(arguments: [FirmwareVersion.v281, .v303]) func aFullQueueSilencesTheBoard(_ firmware: FirmwareVersion) {
        var board = VirtualBoard(BoardConfiguration(firmware: firmware))
        for text in ["SM,1000,100,100", "SM,1000,100,100", "SM,1000,100,100", "ES", "QP"] {
            board.receive(Array((text + "\r").utf8))
            board.advance(to: board.now + 100)
        }
        #expect(board.isParserBlocked)
        #expect(String(decoding: board.takeReplies(), as: UTF8.self) == "OK\r\nOK\r\n")
        board.advance(to: 25_000 + 300)
        let later = String(decoding: board.takeReplies(), as: UTF8.self)
        #expect(later.hasPrefix("OK\r\n1"), "\(later.debugDescription)")
        #expect(later.hasSuffix("1\n\rOK\r\n"), "\(later.debugDescription)")
    }

    @Test func statusByteTellsMotionPenAndButton() {
        #expect(reply(["QG"], .v303) == "10\r\n")
        #expect(reply(["SP,0", "QG"], .v303) == "00\r\n")
        var board = VirtualBoard(BoardConfiguration(firmware: .v303))
        board.pressButton()
        board.receive(Array("SM,1000,100,0\r".utf8))
        board.advance(to: 100)
        _ = board.takeReplies()
        board.receive(Array("QG\rQG\r".utf8))
        // Executing, motor 1, pen up, button once.
        #expect(String(decoding: board.takeReplies(), as: UTF8.self) == "3C\r\n1C\r\n")
    }
}
