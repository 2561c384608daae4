internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// Keeps the machine from going to sleep while a real plotter draws, or stands in the middle of a drawing: asleep it would
/// lose the plotter's power, and with it the place.
///
/// By `systemd-inhibit` as a child, which holds the lock as long as its own child lives. That one reads from a pipe of
/// ours, so the lock ends with this process however that ends.
final class SleepGuard: Sendable {
    private struct State {
        var busy: Set<String> = []
        var child: Process?
        var pipe: Pipe?
        var isTroubleTold = false
    }

    /// States in which a drawing is under way.
    private static let states: Set<String> = ["plotting", "stopping", "paused"]
    private static let folders = ["/usr/bin", "/bin", "/usr/local/bin"]

    private let program: String?
    private let log: Log
    private let state = Mutex(State())

    /// - Parameter program: `systemd-inhibit`; nil = where it usually is, if it is there.
    init(program: String? = nil, log: Log) {
        self.program =
            program
            ?? Self.folders.map { $0 + "/systemd-inhibit" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        self.log = log
    }

    /// Whether the lock is held, as far as is known.
    var isHeld: Bool { state.withLock { $0.child?.isRunning == true } }

    /// Takes in an event of the daemon.
    func hear(_ event: String, _ data: JSONValue) {
        guard event == "state", program != nil, data["simulated"] != .bool(true),
            case .string(let name)? = data["name"], case .string(let word)? = data["state"]
        else { return }
        state.withLock { state in
            if Self.states.contains(word) { state.busy.insert(name) } else { state.busy.remove(name) }
            if state.busy.isEmpty { Self.release(&state) } else { hold(&state) }
        }
    }

    func end() { state.withLock { Self.release(&$0) } }

    private func hold(_ state: inout State) {
        guard state.child == nil, let program else { return }
        let child = Process()
        let pipe = Pipe()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = [
            "--what=sleep:idle", "--who=axidrawd", "--why=A drawing is being plotted", "--mode=block", "cat",
        ]
        child.standardInput = pipe
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        child.terminationHandler = { [weak self] child in self?.ended(child) }
        do { try child.run() } catch {
            tellOnce(&state)
            return
        }
        state.child = child
        state.pipe = pipe
    }

    private static func release(_ state: inout State) {
        try? state.pipe?.fileHandleForWriting.close()
        state.pipe = nil
        state.child = nil
    }

    /// It ends by itself only when the lock was not given.
    private func ended(_ child: Process) {
        state.withLock { state in
            guard state.child === child else { return }
            // Not tried again for this drawing: it would be refused as often.
            tellOnce(&state)
        }
    }

    private func tellOnce(_ state: inout State) {
        guard !state.isTroubleTold else { return }
        state.isTroubleTold = true
        log.write(.warning, "the machine cannot be kept from sleeping while it plots")
    }
}
