internal import Testing

@testable import HTTP
@testable import axidrawd

/// What a connection costs while nothing happens on it: no buffers, and little besides.
struct HeldBytesTests {
    private let gate = TestGate()

    /// What the loop does with bytes: all requests answered, all answers sent.
    private func feed(_ conversation: inout HTTPConversation, _ text: String) -> [Int] {
        conversation.receive(ArraySlice(text.utf8), now: 0)
        while let request = conversation.next(now: 0, gate: gate) {
            guard case .now(let response) = request.pass.route.handler(request) else { continue }
            conversation.answer(response, now: 0, gate: gate)
        }
        let sent = String(decoding: conversation.pendingOutput, as: UTF8.self)
        conversation.sent(conversation.pendingOutput.count, now: 0)
        return statuses(sent)
    }

    @Test(arguments: [("/a", 200), ("/none", 404), ("/n/" + String(repeating: "x", count: 4000), 200)])
    func anIdleConnectionHoldsNoBuffers(_ path: String, _ status: Int) {
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        #expect(conversation.heldBytes == 0)
        #expect(feed(&conversation, "GET \(path) HTTP/1.1\r\nHost: local") == [])
        #expect(conversation.heldBytes > path.utf8.count)
        let long = String(repeating: "y", count: 8000)
        #expect(feed(&conversation, "host\r\nX-Long: \(long)\r\n\r\n") == [status])
        #expect(conversation.heldBytes == 0)
        let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
        #expect(feed(&conversation, head + "hel") == [])
        #expect(conversation.heldBytes > 3)
        #expect(feed(&conversation, "lo") == [200])
        #expect(conversation.heldBytes == 0)
    }

    /// The rest of a connection: well below the 8 kB that one may cost.
    @Test func aConnectionIsSmall() {
        #expect(MemoryLayout<HTTPConversation>.size <= 1536)
    }

    @Test func aSlowHeadHoldsWhatItSent() {
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        for _ in 0..<100 { #expect(feed(&conversation, "G") == []) }
        #expect((100...512).contains(conversation.heldBytes))
    }

    @Test func aPeerThatTakesNothingIsCutOff() {
        let limits = HTTPLimits()
        var conversation = HTTPConversation(limits: limits, now: 0)
        conversation.receive(ArraySlice("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), now: 0)
        let request = conversation.next(now: 0, gate: gate)
        #expect(request != nil)
        conversation.answer(Response(204), now: 0, gate: gate)
        conversation.tick(now: limits.writeMilliseconds, gate: gate)
        #expect(!conversation.isCutOff)
        conversation.tick(now: limits.writeMilliseconds + 1, gate: gate)
        #expect(conversation.isCutOff && conversation.phase == .closed)
    }
}
