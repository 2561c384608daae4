internal import Glibc
internal import Synchronization

/// How often the user has asked for the end, and how; may be read from any thread.
final class InterruptFlag: Sendable {
    private struct State {
        var presses = 0
        /// The signal that came first.
        var number = SIGINT
        var handler: (@Sendable (Int) -> Void)?
    }

    private let state = Mutex(State())

    var presses: Int { state.withLock { $0.presses } }
    var isSet: Bool { presses > 0 }

    /// What the process tells its caller when it ends because of it.
    var exitCode: ExitCode { ExitCode(signal: state.withLock { $0.number }) }

    /// From now on presses are told to `handler`, counted from 1; nil gives the second press its own meaning back:
    /// the process ends at once.
    func tell(_ handler: (@Sendable (Int) -> Void)?) {
        let before = state.withLock { state in
            state.handler = handler
            return state.presses
        }
        if before > 0 { handler?(before) }
    }

    func press(_ number: Int32) {
        let (presses, handler) = state.withLock { state in
            // Closing a terminal may send more than one: it is still one wish.
            if number == SIGHUP, state.presses > 0 { return (0, state.handler) }
            if state.presses == 0 { state.number = number }
            state.presses += 1
            return (state.presses, state.handler)
        }
        guard presses > 0 else { return }
        if let handler {
            handler(presses)
        } else if presses > 1 {
            _exit(ExitCode(signal: number).rawValue)
        }
    }
}

/// Listens for Ctrl-C, SIGTERM and the end of the terminal: the first asks for an orderly end, a second one ends the
/// process at once.
final class InterruptWatch {
    let flag = InterruptFlag()
    private let signals: Signals

    init() {
        let flag = flag
        // Who starts us with nohup wants us to outlive the terminal.
        let numbers = [SIGINT, SIGTERM] + (Signals.isIgnored(SIGHUP) ? [] : [SIGHUP])
        signals = Signals(numbers) { number in flag.press(number) }
    }

    /// Throws once the end was asked for.
    func check() throws(Interruption) {
        if flag.isSet { throw interruption("interrupted; nothing was written") }
    }

    /// The end that was asked for, in words.
    func interruption(_ message: String) -> Interruption { Interruption(exitCode: flag.exitCode, message: message) }
}
