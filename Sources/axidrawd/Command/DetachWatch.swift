internal import Dispatch
internal import Glibc
internal import Synchronization

/// Ctrl-C while a job is followed: it goes on without us, and how to cancel it is said; a second one cancels it.
///
/// SIGTERM, and a terminal that is closed, let it go on at once.
final class DetachWatch {
    private let signals: Signals
    private let flag = InterruptFlag()

    /// What to end with, if the end of the job came after Ctrl-C only; nil if nobody has asked for an end.
    var exitCode: ExitCode? { flag.isSet ? flag.exitCode : nil }

    /// So long after the first Ctrl-C a second one is waited for.
    private static let secondsForSecond = 1.5

    init(_ command: ClientCommand, job id: String) {
        let flag = flag
        let (console, client) = (command.console, command.client)
        // The thread that follows waits for the daemon and may come to its end at the same moment.
        @Sendable func end(_ code: ExitCode) { _exit(code.rawValue) }
        flag.tell { @Sendable presses in
            guard presses == 1 else {
                let reply = try? client.ask("POST", "/v1/jobs/\(id)/cancel")
                let isDone = reply.map { (200..<300).contains($0.status) } ?? false
                if isDone { console.note("cancelled") } else { console.fail("\(id) could not be cancelled") }
                return end(flag.exitCode)
            }
            let isAsked = flag.exitCode == .interrupted
            let again = isAsked ? "Ctrl-C once more cancels it, later: " : "to cancel it: "
            console.note("\(id) goes on without being watched; \(again)axidrawd cancel \(id)")
            guard isAsked else { return end(flag.exitCode) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.secondsForSecond) { @Sendable in
                if flag.presses == 1 { end(flag.exitCode) }
            }
        }
        let numbers = [SIGINT, SIGTERM] + (Signals.isIgnored(SIGHUP) ? [] : [SIGHUP])
        signals = Signals(numbers) { number in flag.press(number) }
    }
}
