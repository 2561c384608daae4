internal import Foundation
internal import HTTP
internal import Synchronization
package import Text

/// A server for doubles of other people's services: a thread a connection, kept alive as clients like it, that says what a
/// closure says, however long it takes.
///
/// Independent of the server of this program, so that a mistake in one does not hide in the other.
package final class DoubleServer: Sendable {
    /// What was asked.
    package struct Request: Sendable {
        package var method: String
        /// Decoded, without the query.
        package var path: String
        /// Decoded; without a value it is empty.
        package var query: [(name: String, value: String)]
        /// Names in lower case.
        package var fields: [(name: String, value: String)]
        package var body: [UInt8]

        /// The first value of a query's name; nil if it is not there.
        package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
        package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    package struct Reply: Sendable {
        package var status: Int
        package var fields: [(name: String, value: String)]
        package var body: [UInt8]

        package init(_ status: Int, _ fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
            self.status = status
            self.fields = fields
            self.body = body
        }

        package static func json(_ status: Int = 200, _ value: JSONValue) -> Reply {
            Reply(status, [("Content-Type", "application/json")], body: value.bytes + [0x0A])
        }

        package static func text(_ status: Int, _ text: String) -> Reply {
            Reply(status, [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
        }
    }

    /// What becomes of a request.
    package enum Answer: Sendable {
        case reply(Reply)
        /// Bytes as they are, then the end of the connection.
        case raw([UInt8])
        /// Nothing is said, and the connection stays until the server stops.
        case silence
    }

    /// No socket could be had.
    private struct NoPort: Error {}

    package let port: Int
    private let ended = Mutex(false)
    private let open = Mutex<Set<CInt>>([])
    private let answer: @Sendable (Request) -> Answer

    /// - Parameter port: 0 = any that is free.
    package init(port: Int = 0, _ answer: @escaping @Sendable (Request) -> Answer) throws {
        self.answer = answer
        guard let socket = try Socket.listening(host: "127.0.0.1", port: port).first,
            let bound = Socket.localPort(of: socket)
        else { throw NoPort() }
        self.port = bound
        let thread = Thread { [self] in
            let listener = Socket(owning: socket)
            while !ended.withLock({ $0 }) {
                guard Socket.ready(socket, for: POLLIN, until: HTTPServer.now + 20) != 0,
                    case (let raw, _)?? = try? listener.accept()
                else { continue }
                serve(raw)
            }
        }
        thread.start()
    }

    /// Takes no more connections and cuts those that are open: the service has died.
    package func stop() {
        ended.withLock { $0 = true }
        open.withLock { for raw in $0 { _ = shutdown(raw, Int32(SHUT_RDWR)) } }
    }

    package var isEnded: Bool { ended.withLock { $0 } }

    private func serve(_ raw: CInt) {
        open.withLock { _ = $0.insert(raw) }
        let thread = Thread { [self] in
            var bytes: [UInt8] = []
            while let request = read(raw, &bytes), !isEnded {
                let answer = answer(request)
                guard !isEnded else { break }
                guard say(answer, to: raw, keepsOpen: request.field("connection")?.lowercased() != "close") else {
                    break
                }
            }
            open.withLock { _ = $0.remove(raw) }
            Socket.close(raw)
        }
        thread.stackSize = 1 << 19
        thread.start()
    }

    /// Whether the connection stays open for another request.
    private func say(_ answer: Answer, to raw: CInt, keepsOpen: Bool) -> Bool {
        switch answer {
        case .silence:
            while !isEnded { usleep(5000) }
            return false
        case .raw(let bytes):
            _ = Socket.sendAll(raw, bytes, until: HTTPServer.now + 60_000)
            return false
        case .reply(let reply):
            var head = "HTTP/1.1 \(reply.status) X\r\n"
            for (name, value) in reply.fields { head += "\(name): \(value)\r\n" }
            head += "Content-Length: \(reply.body.count)\r\n\(keepsOpen ? "" : "Connection: close\r\n")\r\n"
            return Socket.sendAll(raw, Array(head.utf8) + reply.body, until: HTTPServer.now + 60_000) && keepsOpen
        }
    }

    /// The next request; nil when there is none any more. What comes after it stays in `bytes`.
    private func read(_ raw: CInt, _ bytes: inout [UInt8]) -> Request? {
        while true {
            if let end = Self.headEnd(bytes) {
                guard var request = Self.request(bytes[..<end]) else { return nil }
                let length = Int(request.field("content-length") ?? "") ?? 0
                if bytes.count >= end + length {
                    request.body = Array(bytes[end..<(end + length)])
                    bytes.removeFirst(end + length)
                    return request
                }
            }
            guard let part = Socket.receive(raw, atMost: 65536, until: HTTPServer.now + 600_000), !part.isEmpty else {
                return nil
            }
            bytes += part
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropFirst(3).first { end in
            bytes[end] == 10 && bytes[end - 1] == 13 && bytes[end - 2] == 10 && bytes[end - 3] == 13
        }.map { $0 + 1 }
    }

    private static func request(_ head: ArraySlice<UInt8>) -> Request? {
        var lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let parts = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: decoded(String(pair[0])), value: pair.count > 1 ? decoded(String(pair[1])) : "")
        }
        let fields = lines.compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (
                line[..<colon].lowercased(),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
        return Request(method: words[0], path: decoded(parts[0]), query: query, fields: fields, body: [])
    }

    private static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }
}
