internal import Foundation
internal import Glibc

/// One HTTP request a connection over a Unix socket; what it cannot do it tells by nil.
struct LocalClient: Sendable {
    struct Reply: Sendable {
        var status: Int
        var head: String
        var body: Data

        var object: [String: Any] { ((try? JSONSerialization.jsonObject(with: body)) as? [String: Any]) ?? [:] }
        var items: [[String: Any]] { object["items"] as? [[String: Any]] ?? [] }
    }

    var path: String
    /// A daemon that says nothing for so long counts as gone.
    var patienceSeconds = 30

    /// The whole answer, or nil when the daemon was not there to its end: then the request may have had its effect or not.
    func ask(_ method: String, _ target: String, _ fields: String = "", body: String = "") -> Reply? {
        guard let raw = connected() else { return nil }
        defer { close(raw) }
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        let bytes = Array((head + body).utf8)
        let sent = unsafe bytes.withUnsafeBytes { unsafe send(raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        guard sent == bytes.count else { return nil }
        var answer = Data()
        var part = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
            if count < 0 { return nil }
            if count == 0 { break }
            answer.append(contentsOf: part[..<count])
        }
        return Self.parsed(answer)
    }

    private func connected() -> CInt? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return nil }
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(raw)
            return nil
        }
        var limit = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return raw
    }

    /// An answer counts only when its body is as long as it says.
    private static func parsed(_ answer: Data) -> Reply? {
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        let body = answer[end.upperBound...]
        for line in head.components(separatedBy: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            guard Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) == body.count else { return nil }
        }
        return Reply(status: status, head: head, body: Data(body))
    }
}
