internal import Foundation
internal import Synchronization

/// Counts wrong keys by where they come from, so that somebody who tries keys, or a program with an old one, is told to
/// slow down. A right key always passes: one bad client behind a proxy or a router must not lock out the others there.
package final class WrongKeys: Sendable {
    private struct State {
        /// Wrong keys in the present minute.
        var counts: [String: Int] = [:]
        var minute = 0
        /// Those that have been told to the log in it.
        var told: Set<String> = []
    }

    /// So many in one minute are answered 401, further ones 429.
    package static let perMinute = 100
    /// Places counted at one time; beyond them all others share one count, so that memory is bounded.
    package static let places = 4096
    private let state = Mutex(State())
    /// Unix seconds.
    private let now: @Sendable () -> Int

    package init(now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }) { self.now = now }

    /// Whether a wrong key from there is worth a line: once a minute.
    package func isNews(from place: String) -> Bool {
        let now = now()
        return state.withLock { state in
            if now / 60 != state.minute { state = State(minute: now / 60) }
            return state.told.count < Self.places && state.told.insert(place).inserted
        }
    }

    /// Another wrong key has come: nil while there have been few, else the seconds until it is worth trying again.
    package func retryAfter(wrongKeyFrom place: String) -> Int? {
        let now = now()
        return state.withLock { state in
            if now / 60 != state.minute { state = State(minute: now / 60) }
            let isCounted = state.counts[place] != nil || state.counts.count < Self.places
            let count = state.counts[isCounted ? place : "", default: 0] + 1
            state.counts[isCounted ? place : ""] = count
            return count > Self.perMinute ? 60 - now % 60 : nil
        }
    }
}
