internal import CLinux
internal import Glibc

/// A failed system call: its name and errno.
package struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
    package var call: String
    package var code: CInt

    package var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }
}

/// The other end of a connection.
package enum PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// Through a Unix socket; the file's mode has decided who may.
    case unix
    /// An address in its usual notation; IPv4 inside IPv6 is written as IPv4.
    case internet(String)

    /// Whether the peer is on this machine.
    package var isLocal: Bool {
        switch self {
        case .unix: true
        case .internet(let text): text.hasPrefix("127.") || text == "::1"
        }
    }

    package var description: String {
        switch self {
        case .unix: "unix"
        case .internet(let text): text
        }
    }

    /// What one client can have to itself, for counting: the address, of IPv6 its first 64 bits, as whoever has one address
    /// of such a network has all of them.
    package var network: String {
        guard case .internet(let text) = self, text.contains(":") else { return description }
        var address = in6_addr()
        let host = text.prefix { $0 != "%" }
        guard unsafe inet_pton(AF_INET6, String(host), &address) == 1 else { return text }
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0.prefix(8)) }
        return stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":") + "::/64"
    }
}

/// One socket, closed once; never blocks.
package struct Socket: ~Copyable {
    package let raw: CInt

    /// Takes over an open descriptor.
    package init(owning raw: CInt) { self.raw = raw }

    deinit { _ = Glibc.close(raw) }

    /// What an attempt to receive gave.
    package enum Received: Equatable {
        case bytes(Int)
        case nothing, end, failed
    }

    /// Reads what is there into `buffer`, which keeps its size.
    package func receive(into buffer: inout [UInt8]) -> Received {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.recv(raw, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let code = errno
            if code == EAGAIN || code == EWOULDBLOCK { return .nothing }
            if code != EINTR { return .failed }
        }
    }

    /// Sends as much as the socket takes; nil when the peer is gone.
    package func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.dropFirst(sent)
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(
                    raw, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
                continue
            }
            let code = errno
            if code == EAGAIN || code == EWOULDBLOCK { return sent }
            if code != EINTR { return nil }
        }
        return sent
    }

    /// The user at the other end of a Unix socket, as it was when it connected; nil for other sockets.
    package var peerUser: UInt32? {
        // `struct ucred` of the system: process, user, group.
        var credentials: (process: Int32, user: UInt32, group: UInt32) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard unsafe getsockopt(raw, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
        return credentials.user
    }

    /// The user of this process.
    package static var ownUser: UInt32 { geteuid() }

    /// Tells the peer that nothing more will come.
    package func shutDownWriting() { _ = Glibc.shutdown(raw, Int32(SHUT_WR)) }

    /// Closing resets the connection: the system keeps nothing for a peer that takes nothing.
    package func discardUnsent() {
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
    }

    /// Small answers leave at once.
    package func setNoDelay() { set(Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

    private func set(_ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        _ = unsafe setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// The next waiting connection; nil when none waits. Throws when there are no descriptors left.
    package func accept() throws(SocketError) -> (raw: CInt, peer: PeerAddress)? {
        while true {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let accepted = unsafe withUnsafeMutablePointer(to: &storage) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe accept4(raw, $0, &length, flags)
                }
            }
            if accepted >= 0 { return (accepted, Self.peer(&storage, length)) }
            let code = errno
            switch code {
            case EAGAIN, EWOULDBLOCK: return nil
            case EINTR, ECONNABORTED, EPROTO: continue
            default: throw SocketError(call: "accept4", code: code)
            }
        }
    }

    private static func peer(_ storage: inout sockaddr_storage, _ length: socklen_t) -> PeerAddress {
        guard Int32(storage.ss_family) != AF_UNIX else { return .unix }
        var name = [CChar](repeating: 0, count: 64)
        let result = unsafe withUnsafePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getnameinfo($0, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard result == 0 else { return .internet("unknown") }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return .internet(text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text)
    }

    /// The port a listening socket got.
    package static func localPort(of raw: CInt) -> Int? {
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(raw, $0, &length) }
        }
        let family = Int32(storage.sin6_family)
        // The port lies at the same place in both families.
        return result == 0 && (family == AF_INET || family == AF_INET6)
            ? Int(UInt16(bigEndian: storage.sin6_port)) : nil
    }

    /// Where a listening socket listens; nil for families that are none of ours.
    package static func localEndpoint(of raw: CInt) -> ListenEndpoint? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(raw, $0, &length) }
        }
        guard result == 0 else { return nil }
        switch Int32(storage.ss_family) {
        case AF_UNIX:
            let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe Array($0[2..<max(2, Int(length))]) }
            let isAbstract = bytes.first == 0
            let name = String(decoding: (isAbstract ? bytes.dropFirst() : bytes[...]).prefix { $0 != 0 }, as: UTF8.self)
            return .init(.unix(path: isAbstract ? "@" + name : name))
        case AF_INET, AF_INET6:
            guard case .internet(let host) = peer(&storage, length), let port = localPort(of: raw) else { return nil }
            return .init(.internet(host: host, port: port))
        default: return nil
        }
    }

    /// Makes an inherited descriptor ours (closed on exec, not blocking), if it is a listening socket.
    package static func adoptListening(_ raw: CInt) -> Bool {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe getsockopt(raw, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0, value != 0 else { return false }
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
        return true
    }
}

extension Socket {
    /// Sockets listening on a host (name or address) and port; a name may have several addresses.
    package static func listening(host: String, port: Int) throws(SocketError) -> [CInt] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &list)
        guard result == 0 else { throw SocketError(call: "address \(host)", code: EADDRNOTAVAIL) }
        defer { unsafe freeaddrinfo(list) }
        var sockets: [CInt] = []
        var failure = SocketError(call: "bind", code: EADDRNOTAVAIL)
        var entry = unsafe list
        while let info = unsafe entry {
            let made = unsafe bindInternet(info.pointee)
            switch made {
            case .success(let raw): sockets.append(raw)
            case .failure(let error): failure = error
            }
            unsafe entry = info.pointee.ai_next
        }
        // One family may be switched off; a port in use is an error whatever else succeeded.
        guard !sockets.isEmpty, failure.code != EADDRINUSE else {
            for raw in sockets { _ = Glibc.close(raw) }
            throw failure
        }
        return sockets
    }

    private static func bindInternet(_ info: addrinfo) -> Result<CInt, SocketError> {
        let kind = unsafe info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let raw = unsafe socket(info.ai_family, kind, info.ai_protocol)
        guard raw >= 0 else { return .failure(SocketError(call: "socket", code: errno)) }
        var one: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if unsafe info.ai_family == AF_INET6 {
            _ = unsafe setsockopt(raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, size)
        }
        guard unsafe bind(raw, info.ai_addr, info.ai_addrlen) == 0, listen(raw, 1024) == 0 else {
            let failure = SocketError(call: "bind", code: errno)
            _ = Glibc.close(raw)
            return .failure(failure)
        }
        return .success(raw)
    }

    /// A socket in the file system; a stale file that nobody listens on is replaced.
    package static func listening(path: String) throws(SocketError) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else { throw SocketError(call: path, code: ENAMETOOLONG) }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let raw = socket(AF_UNIX, kind, 0)
        guard raw >= 0 else { throw SocketError(call: "socket", code: errno) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        // A file that is no socket refuses connections, too.
        if let kind = fileKind(path), !kind.isSocket {
            _ = Glibc.close(raw)
            throw SocketError(call: path, code: ENOTSOCK)
        }
        let probe = socket(AF_UNIX, kind, 0)
        let answers = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(probe, $0, length) }
        }
        if answers != 0, errno == ECONNREFUSED, fileKind(path)?.isOwn == true { unsafe unlink(path) }
        _ = Glibc.close(probe)
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(raw, $0, length) }
        }
        guard bound == 0, unsafe chmod(path, 0o660) == 0, listen(raw, 1024) == 0 else {
            let failure = SocketError(call: path, code: errno)
            _ = Glibc.close(raw)
            throw failure
        }
        return raw
    }

    /// The machine's own name.
    package static var machineName: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Raises the number of descriptors to what the system allows.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// What there is at a path, links not followed; nil = nothing.
    private static func fileKind(_ path: String) -> (isSocket: Bool, isOwn: Bool)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid())
    }

    /// Removes the file of a Unix socket; anything else that has come to that place stays.
    package static func removeFile(_ path: String) {
        if fileKind(path)?.isSocket == true { unsafe _ = unlink(path) }
    }
}
