internal import Dispatch
internal import EBB
internal import Foundation
internal import Glibc
internal import Simulator
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// A TCP client that sends bytes as it is told and waits with a limit.
///
/// What waits does so on a queue of its own: the tests' few cooperative threads are needed by the daemon.
final class RawClient: Sendable {
    private let raw: CInt

    init(port: Int) throws {
        raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(raw, $0, size) }
        }
        try #require(result == 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(raw) }

    /// Every piece goes out in a segment of its own.
    func sendsAtOnce() {
        var one: CInt = 1
        _ = unsafe setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Leaves, as a program does that is killed.
    func hangUp() { shutdown(raw, Int32(SHUT_RDWR)) }

    /// At its end the connection is reset instead of closed in order.
    func resetsAtEnd() {
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Does something that waits, off the cooperative threads.
    static func waiting<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { done in
            DispatchQueue.global().async { @Sendable in done.resume(returning: body()) }
        }
    }

    /// What comes next; nil at the end, on a reset, or when nothing comes in time.
    private func receiveOnce() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Reads until the text satisfies the condition or the peer closes.
    func receive(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await Self.waiting { [self] in
            var bytes: [UInt8] = []
            while let more = receiveOnce() {
                bytes += more
                if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Everything until the peer closes; waits where it is called.
    func readAll() -> String {
        var bytes: [UInt8] = []
        while let more = receiveOnce() { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything until the peer closes.
    func receiveAll() async -> String { await receive { _ in false } }
}

/// A daemon on a port of its own, in this process; ends when nobody holds it any more.
final class TestDaemon: Sendable {
    let daemon: Daemon
    let port: Int
    private let isEnded = Mutex(false)

    init(
        simulated: Int = 1, speed: Loopback.Speed = .maximum, limits: HTTPLimits = HTTPLimits(),
        access: Access = Access(),
        credentials: CredentialTable = CredentialTable(), keeper: JobKeeper? = nil,
        installation: InstallationPlan = InstallationPlan(), installationFolder: String? = nil,
        keyFile: KeyFile? = nil, holdsAtStart: Bool = false, webhooks: WebhookPlan? = nil,
        cluster: ClusterPlan? = nil, names: [String] = [], roles: Set<DaemonRole> = Set(DaemonRole.allCases),
        planning: PlotPlanning = .pipeline, firmware: FirmwareVersion = .v303
    ) throws {
        var options = DaemonOptions()
        options.simulated = simulated
        options.speed = speed
        options.firmware = firmware
        options.limits = limits
        options.keeper = keeper
        options.access = access
        // As in `access`, whatever else a test configures.
        options.layers.file.access = access.rule
        options.layers.file.webhooks = webhooks
        options.layers.file.cluster = cluster
        options.simulatedNames = names
        options.roles = roles
        options.installation = installation
        options.installationFolder = installationFolder
        options.keyFile = keyFile
        options.holdsAtStart = holdsAtStart
        options.listen = [.init(.internet(host: "127.0.0.1", port: 0))]
        daemon = try Daemon(options: options, planning: planning, credentials: credentials, log: .silent)
        let sockets = try daemon.listen()
        port = try #require(sockets.first.flatMap(Socket.localPort(of:)))
        daemon.start(on: sockets) {}
    }

    deinit {
        // A plotter that polls a virtual board at full speed would keep a core busy for as long as the tests run.
        guard !isEnded.withLock({ $0 }) else { return }
        let daemon = daemon
        Task.detached { await daemon.stop() }
    }

    /// As a planned stop does.
    func stop() async {
        isEnded.withLock { $0 = true }
        await daemon.stop()
    }

    /// One request on a connection of its own: status, head and body.
    func ask(
        _ method: String, _ path: String, _ fields: String = "", body: String = ""
    ) async throws -> (status: Int, head: String, body: String) {
        let client = try RawClient(port: port)
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        client.send(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\(length)\r\n\(body)")
        let text = await client.receiveAll()
        let parts = text.components(separatedBy: "\r\n\r\n")
        return (
            statuses(text).first ?? 0, parts.first ?? "", parts.dropFirst().joined(separator: "\r\n\r\n")
        )
    }

    func json(_ method: String, _ path: String, _ fields: String = "", body: String = "") async throws -> JSONValue {
        try JSONReader.read(Array(try await ask(method, path, fields, body: body).body.utf8))
    }

    /// Asks until the answer is as wanted, at most so long.
    func wait(for path: String, seconds: Double = 180, _ isWanted: (JSONValue) -> Bool) async throws -> JSONValue {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let value = try await json("GET", path)
            if isWanted(value) || Date() > end { return value }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
