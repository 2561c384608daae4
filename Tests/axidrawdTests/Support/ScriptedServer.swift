internal import Foundation
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text

/// A server that says exactly what a test has written down, one answer a connection, and remembers what it was asked.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var head: String
        var body: [UInt8]

        /// The value of a field, by its name as it was sent.
        func value(_ name: String) -> String? {
            head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    /// What becomes of a connection.
    enum Answer: Sendable {
        case bytes(String)
        /// Nothing is said, and the connection stays.
        case silence

        /// A whole answer without a body.
        static func status(_ code: Int, _ fields: String = "") -> Answer {
            .bytes("HTTP/1.1 \(code) X\r\n\(fields)Content-Length: 0\r\n\r\n")
        }
    }

    let port: Int
    private let ended = Mutex(false)
    private let asked = Mutex<[Request]>([])
    private let answer: Mutex<@Sendable (Int, Request) -> Answer>

    /// - Parameters:
    ///   - waitsForBody: false answers after the head.
    ///   - answer: by the number of the request, from 0.
    init(waitsForBody: Bool = true, _ answer: @escaping @Sendable (Int, Request) -> Answer) throws {
        self.answer = Mutex(answer)
        let socket = try #require(try Socket.listening(host: "127.0.0.1", port: 0).first)
        port = try #require(Socket.localPort(of: socket))
        Thread.detachNewThread { [self] in
            let listener = Socket(owning: socket)
            var kept: [CInt] = []
            while !ended.withLock({ $0 }) {
                guard case (let raw, _)?? = try? listener.accept() else {
                    usleep(2000)
                    continue
                }
                serve(raw, waitsForBody) ? Socket.close(raw) : kept.append(raw)
            }
            for raw in kept { Socket.close(raw) }
        }
    }

    func stop() { ended.withLock { $0 = true } }

    var requests: [Request] { asked.withLock { $0 } }

    /// What is answered from now on.
    func answers(_ new: @escaping @Sendable (Int, Request) -> Answer) { answer.withLock { $0 = new } }

    /// Answers one connection; false if it stays open.
    private func serve(_ raw: CInt, _ waitsForBody: Bool) -> Bool {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                var request = Request(head: String(text[..<end.lowerBound]), body: [])
                let length = Int(request.value("Content-Length") ?? "") ?? 0
                let start = text[..<end.upperBound].utf8.count
                if !waitsForBody || bytes.count - start >= length {
                    request.body = Array(bytes[start...])
                    let number = asked.withLock { asked in
                        asked.append(request)
                        return asked.count - 1
                    }
                    guard case .bytes(let said) = answer.withLock({ $0 })(number, request) else { return false }
                    _ = Socket.sendAll(raw, Array(said.utf8), until: HTTPServer.now + 60_000)
                    return true
                }
            }
            guard let part = Socket.receive(raw, atMost: 65536, until: HTTPServer.now + 60_000), !part.isEmpty else {
                return true
            }
            bytes += part
        }
    }
}
