internal import Glibc
internal import Text

/// What a service tells systemd (`sd_notify`); without `NOTIFY_SOCKET` it tells nobody.
struct Notify: Sendable {
    /// Path of the socket; a leading `@` stands for a NUL byte. Nil = nobody listens.
    private let path: String?
    /// A sign of life is due at least this often, s; nil = nobody waits for one.
    let watchdogSeconds: Double?

    init(environment: [String: String], processId: Int32) {
        path = environment["NOTIFY_SOCKET"].flatMap {
            $0.utf8.count > 1 && ($0.hasPrefix("/") || $0.hasPrefix("@")) ? $0 : nil
        }
        let isOurs = environment["WATCHDOG_PID"].flatMap { Int32($0) } == processId
        let microseconds = environment["WATCHDOG_USEC"].flatMap { ASCII.decimal($0.utf8) }.flatMap {
            $0 > 0 ? $0 : nil
        }
        watchdogSeconds = isOurs && path != nil ? microseconds.map { Double($0) / 1e6 } : nil
    }

    /// Sends one datagram of `NAME=value` lines; never waits, and a lost one is not worth stopping for.
    func send(_ lines: String...) {
        guard let path else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return }
        defer { _ = close(raw) }
        // An abstract name ends with the length, not with a NUL.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count + (name[0] == 0 ? 0 : 1))
        let text = Array(lines.joined(separator: "\n").utf8)
        _ = unsafe text.withUnsafeBytes { bytes in
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe sendto(
                        raw, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), $0, length)
                }
            }
        }
    }

    /// The line that goes with `RELOADING=1`.
    static var monotonicLine: String {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return "MONOTONIC_USEC=\(Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)"
    }

    /// Takes what systemd said to this process out of the environment of children.
    static func clearEnvironment() {
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"] {
            _ = unsafe unsetenv(name)
        }
    }
}
