internal import Glibc
internal import Synchronization

/// How often the user has asked for the end; may be read from any thread.
final class InterruptFlag: Sendable {
    private struct State {
        var presses = 0
        var handler: (@Sendable (Int) -> Void)?
    }

    private let state = Mutex(State())

    var isSet: Bool { state.withLock { $0.presses > 0 } }

    /// From now on presses are told to `handler`, counted from 1; nil gives the second press its own meaning back:
    /// the process ends at once.
    func tell(_ handler: (@Sendable (Int) -> Void)?) {
        let before = state.withLock { state in
            state.handler = handler
            return state.presses
        }
        if before > 0 { handler?(before) }
    }

    fileprivate func press(_ number: Int32) {
        let (presses, handler) = state.withLock { state in
            state.presses += 1
            return (state.presses, state.handler)
        }
        if let handler {
            handler(presses)
        } else if presses > 1 {
            _exit(number == SIGTERM ? ExitCode.terminated.rawValue : ExitCode.interrupted.rawValue)
        }
    }
}

/// Listens for Ctrl-C: the first press asks for an orderly end, a second one ends the process at once.
final class InterruptWatch {
    let flag = InterruptFlag()
    private let signals: Signals

    init() {
        let flag = flag
        signals = Signals { number in flag.press(number) }
    }

    /// Throws once Ctrl-C was pressed.
    func check() throws(Interruption) {
        if flag.isSet { throw Interruption(exitCode: .interrupted, message: "interrupted; nothing was written") }
    }
}
