internal import Foundation
internal import HTTP
internal import Text

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

    /// The longest answer that is read.
    private static let longestReply = 64 << 20
    /// So long nothing may come before the connection counts as dead; a stream tells it lives every 15 s.
    private static let patienceSeconds = 60

    /// Sends a request and reads its whole answer.
    func ask(
        _ method: String, _ path: String, contentType: String? = nil, body: [UInt8] = [], fields: [String] = []
    ) throws(Failure) -> Reply {
        let connection = try Connection(address)
        try connection.send(head(method, path, contentType, body.count, fields) + body)
        let (status, headers) = try connection.readHead()
        var bytes: [UInt8] = []
        while let part = try connection.readBody(headers) {
            bytes += part
            guard bytes.count <= Self.longestReply else { throw .broken("the answer is too long") }
        }
        return Reply(status: status, contentType: headers["content-type"] ?? "", body: bytes)
    }

    /// Follows the event stream until `take` says that it is enough.
    ///
    /// - Parameter take: gets the name and the data of each event; false ends the stream.
    func follow(_ path: String, _ take: (String, String) throws -> Bool) throws {
        let connection = try Connection(address)
        try connection.send(head("GET", path, nil, 0, ["Accept: text/event-stream"]))
        let (status, headers) = try connection.readHead()
        guard status == 200 else { throw Failure.broken("the daemon answers \(status) to the event stream") }
        var line: [UInt8] = []
        var name = ""
        while let part = try connection.readBody(headers) {
            for byte in part {
                guard byte == 0x0A else {
                    guard line.count < 8 << 20 else { throw Failure.broken("an event is too long") }
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

    private func head(
        _ method: String, _ path: String, _ contentType: String?, _ length: Int, _ fields: [String]
    ) -> [UInt8] {
        var text = "\(method) \(address.prefix)\(path) HTTP/1.1\r\nHost: \(address.hostField)\r\nConnection: close\r\n"
        if let key { text += "Authorization: Bearer \(key)\r\n" }
        if let contentType { text += "Content-Type: \(contentType)\r\n" }
        if length > 0 || method != "GET" { text += "Content-Length: \(length)\r\n" }
        for field in fields { text += field + "\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// One connection; closed with its owner.
    private final class Connection {
        private let raw: CInt
        private let address: String
        private var buffer: [UInt8] = []
        private var position = 0
        private var decoder = ChunkDecoder()
        private var isOver = false
        private var taken = 0

        init(_ address: DaemonAddress) throws(Failure) {
            self.address = address.text
            do throws(SocketError) {
                switch address {
                case .internet(let host, let port, _): raw = try Socket.connected(host: host, port: port)
                case .unix(let path): raw = try Socket.connected(path: path)
                }
            } catch {
                throw .unreachable(address: address.text, reason: error.description)
            }
            Socket.setTimeout(raw, seconds: DaemonClient.patienceSeconds)
        }

        deinit { Socket.close(raw) }

        func send(_ bytes: [UInt8]) throws(Failure) {
            // A refusal may come before the body is sent, and is worth reading.
            guard Socket.sendAll(raw, bytes) else { throw .broken("\(address) does not take the request") }
        }

        /// More bytes in the buffer; false at the end.
        private func fill() throws(Failure) -> Bool {
            if position > 0 {
                buffer.removeFirst(position)
                position = 0
            }
            guard let part = Socket.receive(raw, atMost: 65536) else { throw .broken("\(address) says nothing more") }
            buffer += part
            return !part.isEmpty
        }

        func readHead() throws(Failure) -> (Int, [String: String]) {
            while true {
                while Self.end(buffer) == nil {
                    guard buffer.count < 65536, try fill() else { throw .broken("\(address) gives no HTTP answer") }
                }
                guard let end = Self.end(buffer) else { continue }
                let lines = String(decoding: buffer[..<end], as: UTF8.self).components(separatedBy: "\r\n")
                buffer.removeFirst(end + 4)
                let words = (lines.first ?? "").split(separator: " ")
                guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
                    throw .broken("\(address) gives no HTTP answer")
                }
                if status == 100 { continue }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].drop { $0 == " " }
                        .lowercased()
                }
                return (status, headers)
            }
        }

        private static func end(_ bytes: [UInt8]) -> Int? {
            guard bytes.count >= 4 else { return nil }
            return (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
        }

        /// The next part of the body; nil at its end.
        func readBody(_ headers: [String: String]) throws(Failure) -> [UInt8]? {
            if isOver { return nil }
            if headers["transfer-encoding"] == "chunked" {
                while true {
                    var body: [UInt8] = []
                    do throws(HTTPError) {
                        isOver = try decoder.read(
                            buffer, at: &position, into: &body, limit: .max, limits: HTTPLimits())
                    } catch { throw .broken("\(address) gives a broken answer") }
                    if !body.isEmpty || isOver { return body }
                    guard try fill() else { throw .broken("\(address) ends in the middle of an answer") }
                }
            }
            let length = headers["content-length"].flatMap { ASCII.decimal($0.utf8) }
            if taken == length { return nil }
            if position == buffer.count, try !fill() {
                guard length == nil else { throw .broken("\(address) ends in the middle of an answer") }
                return nil
            }
            let part = Array(buffer[position...])
            position = buffer.count
            taken += part.count
            return part
        }
    }
}
