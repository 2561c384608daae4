internal import Synchronization

/// What the server counts: answers by route and code, how long they took, connections turned away.
package final class HTTPFigures: Sendable {
    /// One kind of answer; the set of values is small and known, whatever clients send.
    package struct Kind: Hashable, Comparable, Sendable {
        /// Pattern of the route, or `none`.
        package var route: String
        /// One of the methods in use, or `other`.
        package var method: String
        package var code: Int

        package static func < (a: Self, b: Self) -> Bool { (a.route, a.method, a.code) < (b.route, b.method, b.code) }
    }

    /// Why a connection was turned away.
    package enum Rejection: String, CaseIterable, Sendable { case connections, address, uploads, answers }

    package struct State: Sendable {
        package var answers: [Kind: Int] = [:]
        package var durations = Histogram(bounds: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
        package var rejections: [Rejection: Int] = [:]
        package var counters = HTTPServer.Counters()
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private let held = Mutex(State())

    package init() {}

    package var state: State { held.withLock { $0 } }

    package func count(_ exchange: Exchange) {
        let method = Self.methods.contains(exchange.method) ? exchange.method : "other"
        let kind = Kind(route: exchange.route ?? "none", method: method, code: exchange.status)
        held.withLock { state in
            state.answers[kind, default: 0] += 1
            state.durations.add(Double(exchange.milliseconds) / 1000)
        }
    }

    package func count(_ rejection: Rejection) { held.withLock { $0.rejections[rejection, default: 0] += 1 } }

    package func publish(_ counters: HTTPServer.Counters) { held.withLock { $0.counters = counters } }
}

/// Counts of values in ranges that hold those below them, as Prometheus wants them.
package struct Histogram: Equatable, Sendable {
    /// Upper bounds, rising; the last range has none.
    package let bounds: [Double]
    /// Values in each range alone.
    package private(set) var counts: [Int]
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    package mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
