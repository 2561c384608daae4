internal import Foundation
internal import Glibc
internal import HTTP

/// One TCP connection to the daemon, used by one thread: bytes as they are told, answers with a limit.
final class LoadSocket {
    struct Answer {
        var status: Int
        var head: String
        var body: [UInt8]

        /// The value of a field; nil if there is none.
        func field(_ name: String) -> String? {
            let start = name.lowercased() + ":"
            return head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(start) }
                .map { $0.dropFirst(start.count).trimmingCharacters(in: .whitespaces) }
        }

        var object: [String: Any] {
            ((try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]) ?? [:]
        }
    }

    /// What reading without waiting gave.
    enum Look: Equatable {
        case bytes([UInt8])
        case nothing, ended
    }

    private let raw: CInt
    /// Read, but no part of an answer yet.
    private var rest: [UInt8] = []

    /// - Parameters:
    ///   - host: an address of version 4.
    ///   - receiveBuffer: bytes that the system keeps for us; nil = as much as it likes.
    init(port: Int, host: UInt32 = 0x7F00_0001, patienceSeconds: Int = 30, receiveBuffer: CInt? = nil) throws {
        raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw LoadTrouble(text: "no descriptor is left (errno \(errno))") }
        if let receiveBuffer { Self.set(raw, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(host).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(raw, $0, size) }
        }
        guard result == 0 else { throw LoadTrouble(text: "no connection (errno \(errno))") }
        Self.set(raw, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        var limit = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(raw) }

    private static func set(_ raw: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        _ = unsafe setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// A port that nobody listens on at the moment.
    static func freePort() throws -> Int {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(raw) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(raw, address, size) | getsockname(raw, address, &size)
            }
        }
        guard result == 0 else { throw LoadTrouble(text: "no port is free (errno \(errno))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// As many descriptors as the system allows; how many these are.
    static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// False once the daemon has closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// What has come, without waiting.
    func look() -> Look {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(raw, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
        }
        if count > 0 { return .bytes(Array(buffer[..<count])) }
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .nothing : .ended
    }

    /// Whether the daemon has cut the connection off, which shows without reading.
    var isBroken: Bool {
        var wanted = pollfd(fd: raw, events: 0, revents: 0)
        return unsafe poll(&wanted, 1, 0) > 0 && CInt(wanted.revents) & (POLLERR | POLLHUP) != 0
    }

    /// Waits for more; false at the end, on a reset, or when nothing comes in time.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        rest += buffer[..<count]
        return true
    }

    /// The next answer with its length; nil if the connection ends before it.
    func answer() -> Answer? {
        let mark = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            if let found = rest.firstRange(of: mark) {
                end = found.upperBound
            } else if !receive() {
                return nil
            }
        }
        guard let end else { return nil }
        let head = String(decoding: rest[..<(end - 4)], as: UTF8.self)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        var answer = Answer(status: status, head: head, body: [])
        let length = answer.field("content-length").flatMap { Int($0) } ?? 0
        while rest.count < end + length { if !receive() { return nil } }
        answer.body = Array(rest[end..<(end + length)])
        rest.removeFirst(end + length)
        return answer
    }

    /// One request and its answer on this connection.
    func ask(_ method: String, _ target: String, _ fields: String = "", body: [UInt8] = []) -> Answer? {
        let length = method == "GET" ? "" : "Content-Length: \(body.count)\r\n"
        guard send(Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\(length)\r\n".utf8) + body)
        else { return nil }
        return answer()
    }
}

/// Why a row could not be run.
struct LoadTrouble: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}
