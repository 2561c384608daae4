internal import Testing

@testable import EBB

struct ConversationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var command: String
        var reply: String
        var syntax = ReplySyntax.legacy
        var event: Conversation.Event
        var testDescription: String { "\(command) \(syntax) \(reply.debugDescription)" }
    }

    static let cases: [Case] = [
        Case(command: "SM,1,2,3", reply: "OK\r\n", event: .answered(tag: 7, text: "")),
        Case(command: "SM,1,2,3", reply: "SM\n", syntax: .future, event: .answered(tag: 7, text: "")),
        Case(
            command: "V", reply: "EBBv13_and_above EB Firmware Version 2.8.1\r\n",
            event: .answered(tag: 7, text: "EBBv13_and_above EB Firmware Version 2.8.1")),
        Case(
            command: "V", reply: "V,EBBv13_and_above EB Firmware Version 3.0.3\n",
            event: .answered(tag: 7, text: "EBBv13_and_above EB Firmware Version 3.0.3")),
        Case(
            command: "V", reply: "EBBv13_and_above EB Firmware Version 3.0.3\r\n", syntax: .future,
            event: .answered(tag: 7, text: "EBBv13_and_above EB Firmware Version 3.0.3")),
        Case(command: "QS", reply: "1421,-429\n\rOK\r\n", event: .answered(tag: 7, text: "1421,-429")),
        Case(command: "QS", reply: "QS,1421,-429\n", syntax: .future, event: .answered(tag: 7, text: "1421,-429")),
        Case(command: "QG", reply: "3E\r\n", event: .answered(tag: 7, text: "3E")),
        Case(command: "QG", reply: "QG,3E\n", syntax: .future, event: .answered(tag: 7, text: "3E")),
        Case(command: "QM", reply: "QM,0,0,0,0\n\r", event: .answered(tag: 7, text: "QM,0,0,0,0")),
        Case(command: "QT", reply: "\r\nOK\r\n", event: .answered(tag: 7, text: "")),
        Case(command: "QT", reply: "East EBB\r\nOK\r\n", event: .answered(tag: 7, text: "East EBB")),
        Case(command: "QU,2", reply: "QU,32\n\n", syntax: .future, event: .answered(tag: 7, text: "32")),
        Case(command: "ES", reply: "0,0,0,0,0\n\rOK\r\n", event: .answered(tag: 7, text: "0,0,0,0,0")),
        Case(
            command: "SM,1", reply: "!4 Err: Missing parameter(s)\r\n",
            event: .refused(tag: 7, text: "!4 Err: Missing parameter(s)")),
        Case(
            command: "SM,1", reply: "SM,!4 Err: Missing parameter(s)\n", syntax: .future,
            event: .refused(tag: 7, text: "!4 Err: Missing parameter(s)")),
        Case(
            command: "ES,9", reply: "ES,,!6 Err: Invalid parameter value\n", syntax: .future,
            event: .refused(tag: 7, text: "!6 Err: Invalid parameter value")),
        Case(command: "SM,1,2,3", reply: "OJ\r\n", event: .unasked("OJ")),
        Case(command: "QS", reply: "14x,2\n\r", event: .unasked("14x,2")),
        Case(command: "SM,1,2,3", reply: "SX\n", syntax: .future, event: .unasked("SX")),
        Case(
            command: "SM,1,2,3", reply: "Limit switch triggered. PortB=02\n", syntax: .future,
            event: .unasked("Limit switch triggered. PortB=02")),
    ]

    /// Every reply, whole and cut at every place.
    @Test(arguments: cases) func matchesReplies(_ item: Case) {
        let bytes = Array(item.reply.utf8)
        for cut in 0...bytes.count {
            var conversation = Conversation()
            conversation.syntax = item.syntax
            var out: [UInt8] = []
            conversation.send(.raw(item.command), tag: 7, to: &out)
            #expect(out == Array("\(item.command)\r".utf8))
            var events: [Conversation.Event] = []
            conversation.receive(bytes[..<cut], events: &events)
            conversation.receive(bytes[cut...], events: &events)
            #expect(events == [item.event], "cut at \(cut)")
        }
    }

    @Test func addsTheChecksumThatTheBoardWants() {
        var conversation = Conversation()
        conversation.addsChecksum = true
        var out: [UInt8] = []
        conversation.send(.raw("SM,1000,1000,1000"), tag: 0, to: &out)
        conversation.send(.raw("CU,54,0"), tag: 1, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == "SM,1000,1000,1000,153\rCU,54,0,119\r")
    }

    @Test func repliesBelongToTheOldestCommand() {
        var conversation = Conversation()
        var out: [UInt8] = []
        conversation.send(.raw("SM,10,1,1"), tag: 1, to: &out)
        conversation.send(.emergencyStop(disablesMotors: false), tag: 2, to: &out)
        var events: [Conversation.Event] = []
        conversation.receive("OK\r\n1,0,0,5,5\n\rOK\r\n".utf8, events: &events)
        #expect(events == [.answered(tag: 1, text: ""), .answered(tag: 2, text: "1,0,0,5,5")])
        #expect(conversation.owedCount == 0)
    }

    @Test func anythingFromTheWireIsTakenWithoutHarm() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SplitMix(state: seed)
            var conversation = Conversation()
            conversation.syntax = seed % 2 == 0 ? .legacy : .future
            var out: [UInt8] = []
            var events: [Conversation.Event] = []
            for tag in 0..<50 {
                let names = ["SM,1,1,1", "QS", "V", "QG", "ES", "QT", "RB"]
                conversation.send(.raw(names[Int(generator.next() % 7)]), tag: tag, to: &out)
                let noise = (0..<Int(generator.next() % 40)).map { _ in
                    generator.next() % 3 == 0
                        ? UInt8(truncatingIfNeeded: generator.next())
                        : Array("OK\r\n!,QS".utf8)[Int(generator.next() % 8)]
                }
                conversation.receive(noise, events: &events)
            }
            #expect(events.count < 5_000)
        }
    }

    @Test func aLineWithoutEndIsGivenOutInPieces() {
        var conversation = Conversation()
        var events: [Conversation.Event] = []
        conversation.receive([UInt8](repeating: 65, count: 10_000), events: &events)
        #expect(events.count == 10_000 / Conversation.longestLine)
    }
}

private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return (z ^ (z >> 31)) >> 8
    }
}
