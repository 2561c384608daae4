internal import Foundation
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Text

/// People at the buttons: each press is sent until somebody says that it counts, with the same identity, as senders do.
final class FleetPresses: Sendable {
    /// What a press was promised.
    struct Promise: Sendable {
        var plotter: String
        /// nil where the answer was lost and the press counted all the same.
        var ticket: String?
        var product: String?
    }

    /// What came in between.
    struct Counts: Sendable {
        var unanswered = 0
        var full = 0
        var away = 0
        var repeated = 0
    }

    private struct State {
        var next = 0
        var promises: [Int: Promise] = [:]
        var counts = Counts()
        var faults: [String] = []
        var threads = 0
    }

    private let state = Mutex(State())
    private let plan: FleetPlan
    private let fronts: [FleetPlace]
    private let begun = HTTPServer.now

    init(_ plan: FleetPlan, fronts: [FleetPlace]) {
        self.plan = plan
        self.fronts = fronts
    }

    /// The plotter whose button is pressed.
    static func plotter(ofPress number: Int, _ plan: FleetPlan) -> String {
        var chance = SeededGenerator(seed: plan.seed &* 31 &+ UInt64(number))
        return plan.name(Int.random(in: 0..<plan.plotters, using: &chance))
    }

    /// So many people press at the same time, until all presses count or the time is over.
    func begin(threads: Int, until deadline: Int64) {
        state.withLock { $0.threads = threads }
        for number in 0..<threads {
            let thread = Thread { [self] in
                var chance = SeededGenerator(seed: plan.seed &* 1_000 &+ UInt64(number))
                while let press = next() {
                    guard send(press, &chance, until: deadline) else { break }
                }
                state.withLock { $0.threads -= 1 }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    var isOver: Bool { state.withLock { $0.threads == 0 } }
    var counts: Counts { state.withLock { $0.counts } }
    var promises: [Int: Promise] { state.withLock { $0.promises } }
    var faults: [String] { state.withLock { $0.faults } }

    /// The next press, when its time has come.
    private func next() -> Int? {
        let press = state.withLock { state -> Int? in
            guard state.next < plan.presses else { return nil }
            defer { state.next += 1 }
            return state.next
        }
        if let press, plan.perMinute > 0 {
            let wait = begun + Int64(Double(press) * 60_000 / plan.perMinute) - HTTPServer.now
            if wait > 0 { usleep(UInt32(min(wait, 60_000)) * 1_000) }
        }
        return press
    }

    /// Whether it counts in the end.
    private func send(_ press: Int, _ chance: inout SeededGenerator, until deadline: Int64) -> Bool {
        let plotter = Self.plotter(ofPress: press, plan)
        let body = JSONValue.object([
            ("press", .string("single")), ("device", .string(plotter)), ("id", .string("press-\(press)")),
        ])
        var last = "nothing"
        while HTTPServer.now < deadline {
            // Whoever is told that there is no room comes back later than who heard nothing.
            var pause: ClosedRange<UInt32> = 100_000...400_000
            let front = fronts[Int.random(in: 0..<fronts.count, using: &chance)]
            let answer = front.ask("POST", "/v1/webhooks/door-\(press)", body)
            if let answer { last = "\(answer.status) \(answer.value.text)" }
            switch answer?.status {
            case 200?:
                guard let value = answer?.value, keep(press, plotter, value) else { return false }
                return true
            case nil: state.withLock { $0.counts.unanswered += 1 }
            case 429?:
                state.withLock { $0.counts.full += 1 }
                pause = 1_000_000...2_000_000
            // 409: its plotter is just being found.
            case 404?, 409?, 503?: state.withLock { $0.counts.away += 1 }
            case let status?:
                state.withLock {
                    $0.faults.append("press \(press) is answered with \(status): \(answer?.value.text ?? "")")
                }
                return false
            }
            usleep(UInt32.random(in: pause, using: &chance))
        }
        state.withLock { $0.faults.append("press \(press) at \(plotter) was never taken: \(last)") }
        return false
    }

    private func keep(_ press: Int, _ plotter: String, _ answer: JSONValue) -> Bool {
        func text(_ name: String) -> String? { if case .string(let text)? = answer[name] { text } else { nil } }
        var promise = Promise(plotter: plotter)
        switch text("result") {
        case "queued"?: (promise.ticket, promise.product) = (text("ticket"), text("product"))
        case "repeated"?: state.withLock { $0.counts.repeated += 1 }
        default:
            state.withLock { $0.faults.append("press \(press) came to \(answer.text)") }
            return false
        }
        let kept = promise
        state.withLock { $0.promises[press] = kept }
        return true
    }
}
