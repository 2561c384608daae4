internal import Dispatch
internal import Glibc

/// Turns signals into calls of a closure for as long as this exists; then they do again what they do by default.
final class Signals {
    private let sources: [any DispatchSourceSignal]
    private let numbers: [Int32]

    /// - Parameter handler: called on a queue of its own with the signal's number, once for each that comes.
    init(_ numbers: [Int32] = [SIGINT, SIGTERM], handler: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "signals")
        self.numbers = numbers
        sources = numbers.map { number in
            // Dispatch only watches: without this the process would end before it could.
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in handler(number) }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in numbers { _ = signal(number, SIG_DFL) }
    }
}
