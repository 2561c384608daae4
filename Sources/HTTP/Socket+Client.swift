internal import CLinux
internal import Glibc

/// The client's side: names become addresses, sockets connect, send and receive, none of it longer than it may take.
///
/// Times are those of `HTTPServer.now`, ms.
extension Socket {
    /// Where a name leads: one address and port, ready to connect to.
    package struct Target: Equatable, Sendable {
        fileprivate let family: CInt
        /// The address as the system wants it.
        fileprivate let bytes: [UInt8]
        /// In digits, without a zone.
        package let text: String
    }

    /// The addresses of a host (name or address), in the order in which they are to be tried. Waits for the resolver.
    package static func targets(host: String, port: Int) throws(SocketError) -> [Target] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        var name = host
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        guard unsafe getaddrinfo(name, String(port), &hints, &list) == 0 else {
            throw SocketError(call: "address \(host)", code: EADDRNOTAVAIL)
        }
        defer { unsafe freeaddrinfo(list) }
        var targets: [Target] = []
        var entry = unsafe list
        while let info = unsafe entry {
            unsafe entry = info.pointee.ai_next
            guard let address = unsafe info.pointee.ai_addr else { continue }
            let length = unsafe Int(info.pointee.ai_addrlen)
            var digits = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let code = unsafe getnameinfo(
                address, socklen_t(length), &digits, socklen_t(digits.count), nil, 0, NI_NUMERICHOST)
            guard code == 0 else { continue }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: length))
            let text = String(decoding: digits.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            unsafe targets.append(
                Target(
                    family: info.pointee.ai_family, bytes: bytes, text: String(text.prefix { $0 != "%" })))
        }
        return targets
    }

    /// A connection to an address; its socket waits for nothing by itself.
    package static func connected(_ target: Target, until deadline: Int64) throws(SocketError) -> CInt {
        let raw = socket(target.family, streamKind, 0)
        guard raw >= 0 else { throw SocketError(call: "socket", code: errno) }
        let answer = unsafe target.bytes.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                unsafe connect(raw, addresses.baseAddress, socklen_t(bytes.count))
            }
        }
        return try finished(raw, answer, call: "connect", until: deadline)
    }

    /// A connection to a socket in the file system.
    package static func connected(path: String, until deadline: Int64) throws(SocketError) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SocketError(call: path, code: ENAMETOOLONG)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let raw = socket(AF_UNIX, streamKind, 0)
        guard raw >= 0 else { throw SocketError(call: "socket", code: errno) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        while true {
            let answer = unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(raw, $0, length) }
            }
            // A full backlog of such a socket cannot be waited for.
            if answer != 0, errno == EAGAIN, HTTPServer.now < deadline {
                usleep(10_000)
                continue
            }
            return try finished(raw, answer, call: path, until: deadline)
        }
    }

    private static var streamKind: CInt {
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    }

    /// Waits for a connection under way; the socket is closed if there is none.
    private static func finished(
        _ raw: CInt, _ answer: CInt, call: String, until deadline: Int64
    ) throws(SocketError) -> CInt {
        var code = answer == 0 ? 0 : errno
        if code == EINPROGRESS {
            code = ETIMEDOUT
            if ready(raw, for: POLLOUT, until: deadline) != 0 {
                var length = socklen_t(MemoryLayout<CInt>.size)
                if unsafe getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
            }
        }
        guard code == 0 else {
            _ = Glibc.close(raw)
            throw SocketError(call: call, code: code)
        }
        return raw
    }

    /// Waits until the socket can do one of the things asked for; what it can, 0 when the time is over.
    package static func ready(_ raw: CInt, for events: CInt, until deadline: Int64) -> CInt {
        while true {
            var entry = pollfd(fd: raw, events: Int16(events), revents: 0)
            let left = max(0, min(deadline - HTTPServer.now, Int64(CInt.max)))
            let count = unsafe poll(&entry, 1, CInt(left))
            if count > 0 { return CInt(entry.revents) }
            if count == 0 || errno != EINTR { return 0 }
        }
    }

    /// Sends everything, or as much as a peer takes that answers or closes its side before; false if it takes nothing more
    /// until the deadline.
    package static func sendAll(_ raw: CInt, _ bytes: [UInt8], until deadline: Int64) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    raw, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
                continue
            }
            switch errno {
            case EINTR: continue
            // A refusal may come before the body is sent, and is worth reading.
            case EPIPE, ECONNRESET: return true
            case EAGAIN:
                let events = ready(raw, for: POLLIN | POLLOUT, until: deadline)
                if events == 0 { return false }
                if events & POLLOUT == 0 { return true }
            default: return false
            }
        }
        return true
    }

    /// What has come, empty at the end; nil when nothing comes until the deadline, or the connection broke.
    package static func receive(_ raw: CInt, atMost limit: Int, until deadline: Int64) -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(part[..<count]) }
            switch errno {
            case EINTR: continue
            case EAGAIN: if ready(raw, for: POLLIN, until: deadline) == 0 { return nil }
            default: return nil
            }
        }
    }

    package static func close(_ raw: CInt) { _ = Glibc.close(raw) }
}
