internal import Foundation
internal import Text

/// Sends requests: the one client of this program, for its own verbs, for receivers of webhooks and for what serves a fleet.
///
/// Plain HTTP and Unix sockets go over sockets of this room: every address of a name is held against `addresses` and then
/// connected to itself, so that a name cannot lead elsewhere in between. `https` goes through Foundation's networking, which
/// demands a certificate for the name. No redirect is followed, no cookie kept, one request is sent over a connection.
///
/// Blocks its thread.
package struct HTTPClient: Sendable {
    /// How long a request may take, ms, and how much may come back, bytes.
    package struct Bounds: Equatable, Sendable {
        /// Until there is a connection.
        package var connectMilliseconds: Int64 = 10_000
        /// Without a byte coming or going.
        package var silenceMilliseconds: Int64 = 60_000
        /// Until the head of the answer is there, however its bytes drip; nil where only silence ends it.
        package var headMilliseconds: Int64?
        /// From the first step to the last byte; nil where only silence ends it.
        package var totalMilliseconds: Int64?
        package var body = 64 << 20

        package init() {}
    }

    /// What is asked.
    package struct Call: Sendable {
        package var method: String
        package var location: HTTPLocation
        /// Without Host, Connection and Content-Length, which are made.
        package var fields: [Response.Field]
        package var body: [UInt8]

        package init(
            _ method: String, _ location: HTTPLocation, fields: [Response.Field] = [], body: [UInt8] = []
        ) {
            self.method = method
            self.location = location
            self.fields = fields
            self.body = body
        }
    }

    /// What is answered before its body.
    package struct ReplyHead: Equatable, Sendable {
        package var status: Int
        /// Names in lower case.
        package var fields: [Response.Field]

        /// The first value of a field, by its name in lower case.
        package func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    /// A whole answer.
    package struct Reply: Equatable, Sendable {
        package var head: ReplyHead
        package var body: [UInt8]

        package var status: Int { head.status }
    }

    /// Why there is no answer. Texts are for people.
    package enum Failure: Error, Equatable, Sendable {
        /// No connection: what was tried, and why not.
        case unreachable(String)
        /// The name leads only to addresses that must not be connected to.
        case forbidden(address: String)
        /// Nothing came, or not all of it, in the time there was.
        case late
        /// The other side is not who it should be: certificate or name.
        case untrusted(String)
        /// What came is no answer, or ended too early.
        case broken(String)
        /// The answer is longer than `Bounds.body`.
        case tooLong(limit: Int)
        /// A field or method that cannot be written: our mistake or hostile input.
        case unwritable
    }

    package var bounds = Bounds()
    package var addresses = AddressRule.any

    package init(bounds: Bounds = Bounds(), addresses: AddressRule = .any) {
        self.bounds = bounds
        self.addresses = addresses
    }

    /// Sends a request and reads its whole answer.
    package func send(_ call: Call) throws(Failure) -> Reply {
        let (head, body) = try open(call)
        var bytes: [UInt8] = []
        while let part = try body.next() {
            guard part.count <= bounds.body - bytes.count else { throw .tooLong(limit: bounds.body) }
            bytes += part
        }
        return Reply(head: head, body: bytes)
    }

    /// Sends a request; the body of its answer is read as it comes, without a bound on its length.
    package func open(_ call: Call) throws(Failure) -> (ReplyHead, any ReplyBody) {
        guard Self.isWritable(call) else { throw .unwritable }
        let deadline = bounds.totalMilliseconds.map { HTTPServer.now + $0 }
        if case .internet(let host, let port, let isSecure) = call.location.server {
            let targets = try permitted(host, port, mustAll: isSecure, until: deadline)
            guard !isSecure else {
                let exchange = SecureExchange(call, bounds, until: deadline)
                return (try exchange.head(), exchange)
            }
            return try plain(call, until: deadline) { connectDeadline throws(SocketError) in
                var failure = SocketError(call: "connect", code: 0)
                for target in targets {
                    do throws(SocketError) { return try Socket.connected(target, until: connectDeadline) } catch {
                        failure = error
                    }
                }
                throw failure
            }
        }
        return try plain(call, until: deadline) { connectDeadline throws(SocketError) in
            guard case .unix(let path) = call.location.server else { throw SocketError(call: "connect", code: 0) }
            return try Socket.connected(path: path, until: connectDeadline)
        }
    }

    private func plain(
        _ call: Call, until deadline: Int64?, _ connect: (Int64) throws(SocketError) -> CInt
    ) throws(Failure) -> (ReplyHead, any ReplyBody) {
        let connectDeadline = min(HTTPServer.now + bounds.connectMilliseconds, deadline ?? .max)
        let raw: CInt
        do throws(SocketError) { raw = try connect(connectDeadline) } catch {
            throw .unreachable(error.description)
        }
        let exchange = PlainExchange(raw, bounds, until: deadline)
        try exchange.send(Self.bytes(of: call))
        return (try exchange.head(for: call.method), exchange)
    }

    /// The addresses of a name that may be connected to.
    private func permitted(
        _ host: String, _ port: Int, mustAll: Bool, until deadline: Int64?
    ) throws(Failure) -> [Socket.Target] {
        let wait = min(bounds.connectMilliseconds, deadline.map { $0 - HTTPServer.now } ?? .max)
        let found = try Resolution.targets(host, port, milliseconds: wait)
        let targets = found.filter { addresses.permits($0.text) }
        // A secure connection chooses among all of them by itself.
        guard let stranger = found.first(where: { !addresses.permits($0.text) }), targets.isEmpty || mustAll else {
            return targets
        }
        throw .forbidden(address: stranger.text)
    }

    private static func isWritable(_ call: Call) -> Bool {
        !call.method.isEmpty && call.method.utf8.allSatisfy(ASCII.isToken)
            && call.fields.allSatisfy { field in
                !field.name.isEmpty && field.name.utf8.allSatisfy(ASCII.isToken)
                    && field.value.utf8.allSatisfy(ASCII.isField)
            }
    }

    private static func bytes(of call: Call) -> [UInt8] {
        let target = call.location.target.isEmpty ? "/" : call.location.target
        var text = "\(call.method) \(target) HTTP/1.1\r\nHost: \(call.location.hostField)\r\nConnection: close\r\n"
        for field in call.fields { text += "\(field.name): \(field.value)\r\n" }
        if !call.body.isEmpty || !["GET", "HEAD", "DELETE"].contains(call.method) {
            text += "Content-Length: \(call.body.count)\r\n"
        }
        return Array((text + "\r\n").utf8) + call.body
    }
}

/// The body of an answer as it comes.
package protocol ReplyBody: AnyObject {
    /// The next part; nil at the end.
    func next() throws(HTTPClient.Failure) -> [UInt8]?
}

/// Asks the resolver, which cannot be told how long it may take: its thread is left behind when it takes longer.
private enum Resolution {
    static func targets(_ host: String, _ port: Int, milliseconds: Int64) throws(HTTPClient.Failure) -> [Socket.Target]
    {
        let box = TimedBox<Result<[Socket.Target], SocketError>>()
        let thread = Thread {
            do throws(SocketError) { box.put(.success(try Socket.targets(host: host, port: port))) } catch {
                box.put(.failure(error))
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
        guard let result = box.take(until: HTTPServer.now + max(0, milliseconds)) else { throw .late }
        do throws(SocketError) { return try result.get() } catch { throw .unreachable("no address for \(host)") }
    }
}
