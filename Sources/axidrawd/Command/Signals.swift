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
        let watching = DispatchGroup()
        sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in handler(number) }
            watching.enter()
            source.setRegistrationHandler { @Sendable in watching.leave() }
            source.activate()
            return source
        }
        // Dispatch puts a handler in the place of what a signal does by default, but on a thread of its own and later: one
        // that is ignored until then would be lost. So it is not, and this returns when signals are watched.
        watching.wait()
    }

    /// Whether whoever has started the process lets it ignore a signal.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        let present = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        let ignoring = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
        return present == ignoring
    }

    deinit {
        for source in sources { source.cancel() }
        for number in numbers { _ = signal(number, SIG_DFL) }
    }
}
