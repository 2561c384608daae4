internal import Glibc
internal import Synchronization

/// Whether the user has asked for the end; may be read from any thread.
final class InterruptFlag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    /// - Returns: whether it was set before.
    fileprivate func set() -> Bool {
        value.withLock { value in
            defer { value = true }
            return value
        }
    }
}

/// Remembers that the user pressed Ctrl-C; a second press ends the process at once.
final class InterruptWatch {
    let flag = InterruptFlag()
    private let signals: Signals

    init() {
        let flag = flag
        signals = Signals { number in
            guard flag.set() else { return }
            _exit(number == SIGTERM ? ExitCode.terminated.rawValue : ExitCode.interrupted.rawValue)
        }
    }

    /// Throws once Ctrl-C was pressed.
    func check() throws(Interruption) {
        if flag.isSet { throw Interruption(exitCode: .interrupted, message: "interrupted; nothing was written") }
    }
}
