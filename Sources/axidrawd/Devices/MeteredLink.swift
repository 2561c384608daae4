internal import EBB
internal import Synchronization
internal import Text

/// What has passed over the link to one board.
final class LinkFigures: Sendable {
    struct State: Equatable, Sendable {
        /// Commands sent, queries among them.
        var commands = 0
        var bytesSent = 0
        /// Times the link could be opened.
        var opens = 0
    }

    private let held = Mutex(State())

    var state: State { held.withLock { $0 } }

    fileprivate func sent(_ bytes: [UInt8]) {
        // Every command ends with a carriage return, and none holds one.
        let ends = bytes.count { $0 == ASCII.carriageReturn }
        held.withLock { state in
            state.commands += ends
            state.bytesSent += bytes.count
        }
    }

    fileprivate func opened() { held.withLock { $0.opens += 1 } }
}

/// A link that counts what passes.
final class MeteredLink: Transport {
    private let inner: any Transport
    private let figures: LinkFigures

    init(_ inner: any Transport, figures: LinkFigures) {
        self.inner = inner
        self.figures = figures
    }

    var now: Int64 { inner.now }

    func open(on queue: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
        try inner.open(on: queue, events: events)
        figures.opened()
    }

    func write(_ bytes: [UInt8]) {
        figures.sent(bytes)
        inner.write(bytes)
    }

    func wake(at tick: Int64?) { inner.wake(at: tick) }

    func close() { inner.close() }
}
