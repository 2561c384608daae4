@testable import HTTP
@testable import axidrawd

/// A site of a few routes with a gate that always says the same, so that answers can be compared byte for byte.
struct TestGate: Gatekeeper {
    let inner: SiteGate
    var date: String { inner.date }

    init(peer: PeerAddress = .internet("127.0.0.1"), site: Site = TestGate.site()) {
        inner = SiteGate(site: site, peer: peer, date: "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    func makeRequestId() -> String { "id" }
    func note(_ exchange: Exchange) { inner.note(exchange) }
    func admit(_ head: RequestHead) -> Admission { inner.admit(head) }

    static func site(access: Access = Access(), credentials: CredentialTable = CredentialTable()) -> Site {
        Site(
            router: Router(routes), access: access, credentials: credentials,
            events: EventHub(epoch: "e", capacity: 16), log: .silent)
    }

    static let routes = [
        Route(
            method: "GET", pattern: "/a", role: .viewer, operation: "a", summary: "",
            handler: { _ in .now(Response(200, .string("a"))) }),
        Route(
            method: "GET", pattern: "/n/{name}", role: .viewer, operation: "n", summary: "",
            handler: { .now(Response(200, .string($0.parameters["name"] ?? ""))) }),
        Route(
            method: "POST", pattern: "/echo", role: .operator, operation: "echo", summary: "",
            accepts: ["text/plain"], bodyLimit: 100, produces: ["text/plain"],
            handler: { .now(Response(200, contentType: "text/plain", $0.body)) }),
        Route(
            method: "GET", pattern: "/open", role: .anyone, operation: "open", summary: "",
            handler: { _ in .now(Response(200, .bool(true))) }),
        Route(
            method: "DELETE", pattern: "/admin", role: .admin, operation: "remove", summary: "", statuses: [204],
            handler: { _ in .now(Response(204)) }),
    ]
}

/// Runs a conversation over bytes cut at the given places and answers every request at once.
///
/// - Returns: all that was sent back, and how the conversation stands.
func converse(_ bytes: [UInt8], cuts: [Int] = [], gate: TestGate = TestGate()) -> (text: String, phase: String) {
    var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
    var sent: [UInt8] = []
    var start = 0
    for end in cuts + [bytes.count] where end > start {
        conversation.receive(bytes[start..<end], now: 0)
        start = end
        while true {
            while let request = conversation.next(now: 0, gate: gate) {
                guard case .now(let response) = request.pass.route.handler(request) else { continue }
                conversation.answer(response, now: 0, gate: gate)
            }
            sent += conversation.pendingOutput
            conversation.sent(conversation.pendingOutput.count, now: 0)
            if !conversation.holdsInput { break }
        }
    }
    return (String(decoding: sent, as: UTF8.self), "\(conversation.phase)")
}

func converse(_ text: String, cuts: [Int] = [], gate: TestGate = TestGate()) -> (text: String, phase: String) {
    converse(Array(text.utf8), cuts: cuts, gate: gate)
}

/// The status codes in a text of answers.
func statuses(_ text: String) -> [Int] {
    text.split(separator: "HTTP/1.1 ").compactMap { piece in
        let digits = piece.prefix(3)
        return piece.dropFirst(3).first == " " ? Int(digits) : nil
    }
}
