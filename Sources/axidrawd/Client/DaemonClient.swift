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
    private let client: HTTPClient
    private let asking: HTTPClient

    /// - Parameters:
    ///   - silence: so long nothing may come, ms; a stream tells every 15 s that it lives.
    ///   - whole: so long an answer that is no stream may take in all, ms, also where it drips; nil = while something comes.
    init(address: DaemonAddress, key: String?, silence: Int64 = 60_000, whole: Int64? = nil) {
        self.address = address
        self.key = key
        var bounds = HTTPClient.Bounds()
        bounds.silenceMilliseconds = silence
        bounds.headMilliseconds = whole.map { min($0, silence) }
        client = HTTPClient(bounds: bounds)
        bounds.totalMilliseconds = whole
        asking = HTTPClient(bounds: bounds)
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
            let reply = try asking.send(call)
            let type = reply.head.value("content-type") ?? ""
            return Reply(status: reply.status, contentType: type.lowercased(), body: reply.body)
        } catch { throw told(error) }
    }

    /// Follows the event stream until `take` says that it is enough.
    ///
    /// - Parameter take: gets the name and the data of each event; false ends the stream.
    func follow(_ path: String, _ take: (String, String) throws -> Bool) throws {
        let stream = try stream(path)
        guard stream.status == 200 else {
            throw Failure.broken("the daemon answers \(stream.status) to the event stream")
        }
        while let event = try stream.next() { if try !take(event.name, event.data) { return } }
        throw Failure.broken("the daemon has ended the event stream")
    }

    /// Opens an event stream, or what is answered in its place.
    func stream(_ path: String, fields: [Response.Field] = []) throws(Failure) -> Stream {
        let call = try call("GET", path, [.init("Accept", "text/event-stream")] + fields, [])
        do throws(HTTPClient.Failure) {
            let (head, body) = try client.open(call)
            return Stream(client: self, head: head, body: body)
        } catch { throw told(error) }
    }

    /// An event stream as it comes. An event counts once its empty line is there: one that is cut off has never been.
    final class Stream {
        private let client: DaemonClient
        private let head: HTTPClient.ReplyHead
        private let body: any ReplyBody
        private var part: [UInt8] = []
        private var place = 0
        private var line: [UInt8] = []
        private var name = ""
        private var data: String?

        fileprivate init(client: DaemonClient, head: HTTPClient.ReplyHead, body: any ReplyBody) {
            self.client = client
            self.head = head
            self.body = body
        }

        var status: Int { head.status }

        var isEventStream: Bool { head.value("content-type")?.lowercased().hasPrefix("text/event-stream") ?? false }

        /// The next event with its data; nil at the end of the stream.
        ///
        /// - Parameter milliseconds: within which it must be whole, however bytes drip; nil = while something comes.
        func next(within milliseconds: Int64? = nil) throws(Failure) -> (name: String, data: String)? {
            let until = milliseconds.map { HTTPServer.now + $0 } ?? .max
            while true {
                guard place < part.count else {
                    guard HTTPServer.now < until else {
                        throw .broken("\(client.address.text) says nothing that is an event")
                    }
                    guard let more = try nextPart() else { return nil }
                    (part, place) = (more, 0)
                    continue
                }
                let byte = part[place]
                place += 1
                guard byte == 0x0A else {
                    guard line.count + (data?.utf8.count ?? 0) < DaemonClient.longestEvent else {
                        throw .broken("an event is too long")
                    }
                    line.append(byte)
                    continue
                }
                if line.last == 0x0D { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                line.removeAll(keepingCapacity: true)
                if let event = take(text) { return event }
            }
        }

        /// Takes one line; an event if it was the empty one at its end.
        private func take(_ text: String) -> (name: String, data: String)? {
            if text.isEmpty {
                defer { (name, data) = ("", nil) }
                return data.map { (name, $0) }
            }
            if let value = Self.value(of: "event", text) { name = value }
            if let value = Self.value(of: "data", text) { data = data.map { $0 + "\n" + value } ?? value }
            return nil
        }

        private static func value(of field: String, _ line: String) -> String? {
            guard line.hasPrefix(field + ":") else { return nil }
            let value = line.dropFirst(field.count + 1)
            return String(value.hasPrefix(" ") ? value.dropFirst() : value)
        }

        /// What is answered in place of a stream, as far as it is short and comes soon.
        func rest(within milliseconds: Int64 = 60_000) -> [UInt8] {
            var bytes: [UInt8] = []
            let until = HTTPServer.now + milliseconds
            while bytes.count < 65_536, HTTPServer.now < until, let part = try? nextPart() { bytes += part }
            return bytes
        }

        private func nextPart() throws(Failure) -> [UInt8]? {
            do throws(HTTPClient.Failure) { return try body.next() } catch { throw client.told(error) }
        }
    }

    private func call(
        _ method: String, _ path: String, _ fields: [Response.Field], _ body: [UInt8]
    ) throws(Failure) -> HTTPClient.Call {
        guard let location = address.location(path) else { throw .broken("\(path) is no path of a daemon") }
        var fields = fields
        if let key { fields.insert(.init("Authorization", "Bearer \(key)"), at: 0) }
        return HTTPClient.Call(method, location, fields: fields, body: body)
    }

    fileprivate func told(_ failure: HTTPClient.Failure) -> Failure {
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

extension DaemonClient.Failure {
    /// For people.
    var sentence: String {
        switch self {
        case .unreachable(let address, let reason): "\(address) cannot be reached (\(reason))"
        case .broken(let text): text
        }
    }
}
