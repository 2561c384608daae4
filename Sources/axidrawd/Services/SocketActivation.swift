internal import Foundation

/// Sockets handed over by systemd (`sd_listen_fds`).
enum SocketActivation {
    /// The descriptors meant for this process, checked to be listening; empty without activation.
    static func descriptors(environment: [String: String], processId: Int32) -> [CInt] {
        guard let owner = environment["LISTEN_PID"].flatMap(Int32.init), owner == processId,
            let count = environment["LISTEN_FDS"].flatMap(Int32.init), (1...64).contains(count)
        else { return [] }
        return (3..<3 + count).filter { Socket.adoptListening($0) }
    }
}
