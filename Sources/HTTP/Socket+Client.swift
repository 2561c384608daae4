internal import CLinux
internal import Glibc

/// The client's side: sockets that connect and wait.
extension Socket {
    /// A connection to a host (name or address) and port; the first address that answers is taken.
    package static func connected(host: String, port: Int) throws(SocketError) -> CInt {
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
        var failure = SocketError(call: "connect", code: EADDRNOTAVAIL)
        var entry = unsafe list
        while let info = unsafe entry {
            let kind = unsafe info.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
            let raw = unsafe socket(info.pointee.ai_family, kind, info.pointee.ai_protocol)
            if raw >= 0 {
                if unsafe connect(raw, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 { return raw }
                failure = SocketError(call: "connect", code: errno)
                _ = Glibc.close(raw)
            }
            unsafe entry = info.pointee.ai_next
        }
        throw failure
    }

    /// A connection to a socket in the file system.
    package static func connected(path: String) throws(SocketError) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SocketError(call: path, code: ENAMETOOLONG)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SocketError(call: "socket", code: errno) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let answer = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(raw, $0, length) }
        }
        guard answer == 0 else {
            let failure = SocketError(call: path, code: errno)
            _ = Glibc.close(raw)
            throw failure
        }
        return raw
    }

    /// Reading and writing fail when nothing comes or goes for so long.
    package static func setTimeout(_ raw: CInt, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    /// Sends everything, or as much as a peer takes that has closed its side; false if it takes nothing more in time.
    package static func sendAll(_ raw: CInt, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    raw, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE || errno == ECONNRESET { return true }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// What has come, empty at the end; nil when nothing comes in time.
    package static func receive(_ raw: CInt, atMost limit: Int) -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            return count < 0 ? nil : Array(part[..<count])
        }
    }

    package static func close(_ raw: CInt) { _ = Glibc.close(raw) }
}
