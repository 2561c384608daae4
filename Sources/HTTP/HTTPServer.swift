internal import Dispatch
internal import Foundation
internal import Synchronization

/// Serves a site on listening sockets: one loop on the thread that calls `run`.
package final class HTTPServer: Sendable {
    private struct Inbox {
        var answers: [(token: UInt64, answer: Answer)] = []
        var probes: [CheckedContinuation<Void, Never>] = []
        var isStopping = false
        /// The loop has ended: nobody answers probes any more.
        var hasEnded = false
    }

    /// Figures of the loop that others may read.
    package struct Counters: Sendable {
        package var connections = 0
        package var eventReaders = 0
        package var requests = 0
        package var rejected = 0
    }

    package let site: Site
    package let limits: Live<HTTPLimits>
    package let waker: Waker
    private let inbox = Mutex(Inbox())

    package init(site: Site, limits: HTTPLimits) throws(SocketError) {
        self.site = site
        self.limits = Live(limits)
        waker = try Waker()
        site.events.attach(waker)
    }

    package var counters: Counters { site.figures.state.counters }

    /// Ends the loop once all connections are done, or after two seconds. Callable from any thread.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        waker.wake()
    }

    /// Hands over an answer made elsewhere.
    package func complete(_ token: UInt64, _ answer: Answer) {
        inbox.withLock { $0.answers.append((token, answer)) }
        waker.wake()
    }

    /// Returns once the loop has come round, or has ended.
    package func probe() async {
        await withCheckedContinuation { continuation in
            let hasEnded = inbox.withLock { inbox in
                if !inbox.hasEnded { inbox.probes.append(continuation) }
                return inbox.hasEnded
            }
            if hasEnded { continuation.resume() } else { waker.wake() }
        }
    }

    private func answerProbes(ended: Bool) {
        let probes = inbox.withLock { inbox in
            let taken = inbox.probes
            inbox.probes = []
            inbox.hasEnded = inbox.hasEnded || ended
            return taken
        }
        for probe in probes { probe.resume() }
    }

    package func takeInbox() -> (answers: [(token: UInt64, answer: Answer)], isStopping: Bool) {
        answerProbes(ended: false)
        return inbox.withLock { inbox in
            let taken = inbox.answers
            inbox.answers = []
            return (taken, inbox.isStopping)
        }
    }

    package func publish(_ counters: Counters) { site.figures.publish(counters) }

    /// Runs until `stop`; takes over the listening descriptors.
    package func run(listeners: [CInt]) throws(SocketError) {
        defer { answerProbes(ended: true) }
        var loop = try ServerLoop(server: self, listeners: listeners)
        loop.run()
    }

    /// Milliseconds of a clock that never goes back.
    package static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
}
