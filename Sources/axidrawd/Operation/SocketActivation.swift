internal import Foundation
internal import HTTP

/// Sockets handed over by systemd (`sd_listen_fds`).
struct SocketActivation: Sendable {
    /// Listening sockets, ours from now on.
    var sockets: [CInt] = []
    /// Where they listen, in the same order.
    var endpoints: [DaemonOptions.Endpoint] = []
    /// Numbers of descriptors that were handed over and do not listen.
    var refused: [CInt] = []

    /// The first descriptor that systemd passes.
    private static let first: CInt = 3

    /// What is meant for this process; empty without activation.
    init(environment: [String: String], processId: Int32) {
        guard let owner = environment["LISTEN_PID"].flatMap({ Int32($0) }), owner == processId,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...64).contains(count)
        else { return }
        for raw in Self.first..<Self.first + count {
            if Socket.adoptListening(raw), let endpoint = Socket.localEndpoint(of: raw) {
                sockets.append(raw)
                endpoints.append(endpoint)
            } else {
                refused.append(raw)
            }
        }
    }
}
