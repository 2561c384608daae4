internal import Foundation

/// Tells systemd that the daemon lives, for as long as every part of it answers.
final class Supervisor: Sendable {
    private let task: Task<Void, Never>?

    /// - Parameter probe: returns when every queue and actor has answered.
    init(_ notify: Notify, probe: @escaping @Sendable () async -> Void) {
        guard let seconds = notify.watchdogSeconds else {
            task = nil
            return
        }
        task = Task.detached {
            while !Task.isCancelled {
                // A part that hangs holds this up, and systemd hears nothing more.
                await probe()
                notify.send("WATCHDOG=1")
                try? await Task.sleep(for: .seconds(seconds / 2))
            }
        }
    }

    deinit { task?.cancel() }
}
