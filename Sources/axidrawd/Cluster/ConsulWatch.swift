internal import Foundation
internal import HTTP
internal import Synchronization

/// Knows what Consul says to a question as soon as it changes: a thread that asks and waits. What is not known any more is
/// never told as if it were.
final class ConsulWatch<Value: Equatable & Sendable>: ConsulWatching {
    typealias Ask = @Sendable (ConsulClient.Waiting?) throws(ClusterFailure) -> ConsulClient.Found<Value>

    private let ask: Ask
    private let chance: @Sendable () -> Double
    private let longestBusyPause: Int
    private let hears: @Sendable (_ value: Value, _ isReset: Bool) -> Void
    private let isEnded = Mutex(false)
    private let nudges = TimedBox<Void>()

    /// - Parameters:
    ///   - longestBusyPause: ms; how late what changes all the time may be known.
    ///   - hears: called on the watch's thread with each value that differs from the one before, and with each that comes from
    ///     a server which has begun anew.
    init(
        longestBusyPause: Int = WatchRule.leastPause,
        chance: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }, _ ask: @escaping Ask,
        hears: @escaping @Sendable (_ value: Value, _ isReset: Bool) -> Void
    ) {
        self.longestBusyPause = longestBusyPause
        self.ask = ask
        self.chance = chance
        self.hears = hears
    }

    func begin() {
        let thread = Thread { [self] in run() }
        thread.name = "axidrawd.watch"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Ends with the question that is under way, whose answer is told to nobody.
    func end() {
        isEnded.withLock { $0 = true }
        nudge()
    }

    /// Asks at once if it is in a pause.
    func nudge() { nudges.put(()) }

    private func run() {
        var rule = WatchRule(longestBusyPause: longestBusyPause)
        var last: Value?
        while !isEnded.withLock({ $0 }) {
            let waiting =
                rule.index == 0
                ? nil : ConsulClient.Waiting(after: rule.index, seconds: WatchRule.waitSeconds)
            let pause: Int
            let asked = HTTPServer.now
            do throws(ClusterFailure) {
                let found = try ask(waiting)
                guard !isEnded.withLock({ $0 }) else { return }
                let isReset: Bool
                (isReset, pause) = rule.answered(found.index, waited: Int(HTTPServer.now - asked))
                if isReset || last != found.value {
                    last = found.value
                    hears(found.value, isReset)
                }
            } catch { pause = rule.failed(chance: chance()) }
            _ = nudges.take(until: HTTPServer.now + Int64(pause))
        }
    }
}

/// A watch, whatever it watches.
protocol ConsulWatching: Sendable {
    func begin()
    func end()
    func nudge()
}
