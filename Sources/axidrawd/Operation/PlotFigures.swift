internal import HTTP
internal import Synchronization
internal import Text

/// What plots add up to since the start, read from the events that tell of them.
final class PlotFigures: Sendable {
    struct State: Sendable {
        /// Ended jobs by outcome.
        var jobs: [String: Int] = [:]
        /// From the first motion to the end, pauses included, s.
        var durations = Histogram(bounds: [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800])
        /// As planned, as far as the plots came, m.
        var penDownMetres = 0.0
        var penLifts = 0
        /// Times a plotter ended up in trouble.
        var faults: [String: Int] = [:]
        /// When running jobs began, ms.
        fileprivate var begun: [String: Int64] = [:]
        /// Devices in trouble now.
        fileprivate var faulted: Set<String> = []
        /// Jobs counted lately, so that a second word of the same end does not count.
        fileprivate var counted: [String] = []
    }

    static let outcomes = ["done", "cancelled", "failed", "interrupted"]
    private static let remembered = 256
    private let held = Mutex(State())
    /// Milliseconds of a clock that never goes back.
    private let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64 = { HTTPServer.now }) { self.now = now }

    var state: State { held.withLock { $0 } }

    /// Takes an event as it is published.
    func take(_ name: String, _ data: JSONValue) {
        switch name {
        case "job": takeJob(data)
        case "state": takeState(data)
        default: break
        }
    }

    private func takeJob(_ job: JSONValue) {
        guard case .string(let id)? = job["id"], case .string(let outcome)? = job["state"] else { return }
        let now = now()
        held.withLock { state in
            guard job["isFinal"] == .bool(true) else {
                if outcome == "plotting", state.begun[id] == nil { state.begun[id] = now }
                return
            }
            guard Self.outcomes.contains(outcome), !state.counted.contains(id) else { return }
            state.counted.append(id)
            if state.counted.count > Self.remembered { state.counted.removeFirst() }
            state.jobs[outcome, default: 0] += 1
            guard let begun = state.begun.removeValue(forKey: id) else { return }
            state.durations.add(Double(now - begun) / 1000)
            if case .integer(let strokes)? = job["progress"]?["strokes"] { state.penLifts += strokes }
            let fraction = Self.number(job["progress"]?["fraction"]) ?? 0
            state.penDownMetres += fraction * (Self.number(job["summary"]?["penDownMillimetres"]) ?? 0) / 1000
        }
    }

    private func takeState(_ device: JSONValue) {
        guard case .string(let name)? = device["name"], let word = device["state"] else { return }
        held.withLock { state in
            guard word == .string("faulted") else {
                state.faulted.remove(name)
                return
            }
            if state.faulted.insert(name).inserted { state.faults[name, default: 0] += 1 }
        }
    }

    private static func number(_ value: JSONValue?) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
