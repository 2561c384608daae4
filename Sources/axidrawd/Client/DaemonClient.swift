internal import HTTP

/// Talks to a running daemon: one request a connection, answers read whole, event streams read line by line.
///
/// Blocks its thread, which belongs to the command line.
struct DaemonClient {
    /// Why there is no answer.
    enum Failure: Error, Equatable {
        case unreachable(address: String, reason: String)
        case broken(String)
    }

    struct Reply {
        var status: Int
        var contentType: String
        var body: [UInt8]
    }

    let address: DaemonAddress
    /// Sent as a bearer; nil on this machine, where none is needed.
    let key: String?

    /// An event is one line of at most so many bytes.
    private static let longestEvent = 8 << 20
    /// With its own bound on silence: a stream tells every 15 s that it lives.
    private let client = HTTPClient()

    init(address: DaemonAddress, key: String?) {
        self.address = address
        self.key = key
    }

    /// Sends a request and reads its whole answer.
    func ask(
        _ method: String, _ path: String, contentType: String? = nil, body: [UInt8] = [],
        fields: [Response.Field] = []
    ) throws(Failure) -> Reply {
        var fields = fields
        if let contentType { fields.append(.init("Content-Type", contentType)) }
        let call = try call(method, path, fields, body)
        do throws(HTTPClient.Failure) {
            let reply = try client.send(call)
            let type = reply.head.value("content-type") ?? ""
            return Reply(status: reply.status, contentType: type.lowercased(), body: reply.body)
        } catch { throw told(error) }
    }

    /// Follows the event stream until `take` says that it is enough.
    ///
    /// - Parameter take: gets the name and the data of each event; false ends the stream.
    func follow(_ path: String, _ take: (String, String) throws -> Bool) throws {
        let call = try call("GET", path, [.init("Accept", "text/event-stream")], [])
        let head: HTTPClient.ReplyHead
        let body: any ReplyBody
        do throws(HTTPClient.Failure) { (head, body) = try client.open(call) } catch { throw told(error) }
        guard head.status == 200 else { throw Failure.broken("the daemon answers \(head.status) to the event stream") }
        var line: [UInt8] = []
        var name = ""
        while let part = try next(of: body) {
            for byte in part {
                guard byte == 0x0A else {
                    guard line.count < Self.longestEvent else { throw Failure.broken("an event is too long") }
                    line.append(byte)
                    continue
                }
                let text = String(decoding: line, as: UTF8.self)
                line.removeAll(keepingCapacity: true)
                if text.hasPrefix("event: ") { name = String(text.dropFirst(7)) }
                if text.hasPrefix("data: "), try !take(name, String(text.dropFirst(6))) { return }
            }
        }
        throw Failure.broken("the daemon has ended the event stream")
    }

    private func next(of body: any ReplyBody) throws(Failure) -> [UInt8]? {
        do throws(HTTPClient.Failure) { return try body.next() } catch { throw told(error) }
    }

    private func call(
        _ method: String, _ path: String, _ fields: [Response.Field], _ body: [UInt8]
    ) throws(Failure) -> HTTPClient.Call {
        guard let location = address.location(path) else { throw .broken("\(path) is no path of a daemon") }
        var fields = fields
        if let key { fields.insert(.init("Authorization", "Bearer \(key)"), at: 0) }
        return HTTPClient.Call(method, location, fields: fields, body: body)
    }

    private func told(_ failure: HTTPClient.Failure) -> Failure {
        switch failure {
        case .unreachable(let reason), .untrusted(let reason):
            .unreachable(address: address.text, reason: reason)
        case .forbidden(let other): .unreachable(address: address.text, reason: "\(other) is not allowed")
        case .late: .broken("\(address.text) says nothing more")
        case .broken(let reason): .broken("\(address.text) does not answer as it should: \(reason)")
        case .tooLong: .broken("the answer is too long")
        case .unwritable: .broken("the request cannot be written")
        }
    }
}
