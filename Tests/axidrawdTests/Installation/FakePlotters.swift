internal import Foundation
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Plotters that draw in no time: the real state machine, and a list of what was drawn.
final class FakePlotters: InstallationQueue {
    struct Drawn: Equatable, Sendable {
        var drawing: String
        var plotter: String
        var ticket: String
    }

    private struct State {
        var plotters: [String: PlotterState] = [:]
        var jobs: [JobID: JobEnd?] = [:]
        var drawn: [Drawn] = []
        var handedOver: [InstallationDrawing] = []
        var events: [(name: String, data: JSONValue)] = []
        var pauses = false
        var refusal: InstallationError?
        var nextJob = 1
        /// By number of the stop, in place of its time.
        var stopped: [String: Int64] = [:]
        var lastStop: Int64 = 0
    }

    let plotters: [String]
    private let state: Mutex<State>
    /// Unix time in ms.
    private let clock = Mutex(1_700_000_000_000)
    private let installation = Mutex<Installation?>(nil)
    private let reopened = Mutex<@Sendable (String) -> Void>({ _ in })

    init(_ plotters: [String], in first: PlotterState = .absent) {
        self.plotters = plotters
        state = Mutex(State(plotters: Dictionary(uniqueKeysWithValues: plotters.map { ($0, first) })))
    }

    /// An installation on these plotters, which have just been attached.
    func installation(
        _ plan: InstallationPlan, folder: String? = nil, dispatcher: (any PressDispatch)? = nil, begins: Bool = true
    ) async throws -> Installation {
        let storage = try folder.map { try SpoolDirectory(path: $0) }
        let made = try Installation(
            plan: plan, queue: self, storage: storage, dispatcher: dispatcher,
            pause: { _ in try? await Task.sleep(for: .milliseconds(1)) }, clock: { [self] in now })
        installation.withLock { $0 = made }
        for plotter in plotters { _ = try? await change(plotter, .attached) }
        if begins { await made.begin() }
        return made
    }

    // MARK: For tests

    /// Events that the installation has asked for.
    let applied = Mutex<[PlotterEvent]>([])

    var now: Int { clock.withLock { $0 } }
    func wait(milliseconds: Int) { clock.withLock { $0 += milliseconds } }
    var drawn: [Drawn] { state.withLock { $0.drawn } }
    var handedOver: [InstallationDrawing] { state.withLock { $0.handedOver } }
    func events(_ name: String) -> [JSONValue] {
        state.withLock { $0.events.filter { $0.name == name }.map(\.data) }
    }
    /// With pauses a plot goes on until `finish`.
    func setPauses(_ value: Bool) { state.withLock { $0.pauses = value } }
    func refuse(_ error: InstallationError?) { state.withLock { $0.refusal = error } }

    /// Changes a state as the machine says, and tells the installation before anybody can see it.
    @discardableResult
    func change(_ plotter: String, _ event: PlotterEvent) async throws(InstallationError) -> PlotterStep {
        let installation = installation.withLock { $0 }
        return try state.withLock { state throws(InstallationError) in
            let before = state.plotters[plotter] ?? .absent
            do throws(Refusal) {
                let (after, effects) = try before.next(on: event)
                state.plotters[plotter] = after
                installation?.hear(.state(after), from: plotter)
                for case .endJob(let job, let end) in effects {
                    installation?.hear(.ended(job: job, end), from: plotter)
                    state.jobs[job] = .some(end)
                }
                return PlotterStep(before: before, after: after)
            } catch {
                throw .queue(.refused(error))
            }
        }
    }

    /// Ends the plot at hand.
    func finish(_ plotter: String) async throws {
        let job = try #require(state.withLock { $0.plotters[plotter]?.job })
        let drawing = try #require(state.withLock { state in state.handedOver.last { $0.plotter == plotter } })
        state.withLock {
            $0.drawn.append(Drawn(drawing: drawing.name, plotter: plotter, ticket: drawing.ticket))
        }
        try await change(plotter, .finished(job: job))
    }

    /// Waits for something that other tasks bring about.
    func eventually(_ what: String = "", _ condition: () async throws -> Bool) async throws {
        let end = Date().addingTimeInterval(180)
        while try await !condition() {
            if Date() > end {
                let states = state.withLock { "\($0.plotters) \($0.jobs.count)" }
                throw Stuck(what: "\(what) \(states)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    struct Stuck: Error {
        var what: String
    }

    /// Lays new sheets: every plotter that stands with its pen up waits for the next drawing.
    func laySheets() async {
        for plotter in plotters {
            if state(of: plotter) == .lowered { _ = try? await change(plotter, .raisePen) }
            if state(of: plotter) == .raised { _ = try? await change(plotter, .pressed(.double)) }
        }
    }

    // MARK: InstallationQueue

    func state(of plotter: String) -> PlotterState? { state.withLock { $0.plotters[plotter] } }
    func stoppedAt(_ plotter: String) -> Int64? { state.withLock { $0.stopped[plotter] } }
    func whenReopened(_ body: @escaping @Sendable (String) -> Void) { reopened.withLock { $0 = body } }

    func goOn(_ plotter: String) async throws(InstallationError) {
        guard state.withLock({ $0.stopped.removeValue(forKey: plotter) }) != nil else { return }
        reopened.withLock { $0 }(plotter)
    }

    /// Closes the line of a plotter, as a person does.
    func stop(_ plotter: String) async throws {
        state.withLock { state in
            state.lastStop += 1
            state.stopped[plotter] = state.lastStop
        }
        try await change(plotter, .stop)
    }

    func reset(_ plotter: String) async throws(InstallationError) -> PlotterState {
        state.withLock { state in
            guard state.plotters[plotter]?.job != nil else { return }
            state.lastStop += 1
            state.stopped[plotter] = state.lastStop
        }
        _ = try await apply(.reset, to: plotter)
        while let state = state(of: plotter), state.job != nil { try? await Task.sleep(for: .microseconds(200)) }
        return state(of: plotter) ?? .absent
    }

    func isLoaded(_ plotter: String) -> Bool { state.withLock { $0.plotters[plotter]?.job != nil } }

    func apply(_ event: PlotterEvent, to plotter: String) async throws(InstallationError) -> PlotterStep {
        await Task.yield()
        applied.withLock { $0.append(event) }
        return try await change(plotter, event)
    }

    func submit(_ drawing: InstallationDrawing) async throws(InstallationError) -> JobID {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        let job = state.withLock { state -> JobID in
            defer { state.nextJob += 1 }
            state.jobs["job\(state.nextJob)"] = .some(nil)
            state.handedOver.append(drawing)
            return "job\(state.nextJob)"
        }
        Task {
            await Task.yield()
            do throws(InstallationError) {
                // What waits on a closed line begins with a person's word.
                while isStopped(drawing.plotter) { try? await Task.sleep(for: .microseconds(200)) }
                guard state.withLock({ $0.jobs[job] == .some(nil) }) else { return }
                try await change(drawing.plotter, .start(job: job))
            } catch {
                state.withLock { $0.jobs[job] = .some(.failed(Fault(message: error.sentence))) }
                return
            }
            guard !state.withLock({ $0.pauses }) else { return }
            await Task.yield()
            try? await finish(drawing.plotter)
        }
        return job
    }

    /// In the order in which they are handed over, as jobs are numbered.
    func job(of ticket: String) -> JobID? {
        state.withLock { state in state.handedOver.lastIndex { $0.ticket == ticket }.map { "job\($0 + 1)" } }
    }

    /// What the history has, by ticket.
    let history = Mutex<[String: JobEnd]>([:])
    func past(of ticket: String, at plotter: String) async -> JobEnd? { history.withLock { $0[ticket] } }

    func end(of job: JobID) async -> JobEnd? {
        while true {
            switch state.withLock({ $0.jobs[job] }) {
            case nil: return nil
            case .some(.some(let end)): return end
            case .some(nil): try? await Task.sleep(for: .microseconds(200))
            }
        }
    }

    func cancel(_ job: JobID) async {
        let isIdle = state.withLock { state in
            guard state.jobs[job] == .some(nil), !state.plotters.values.contains(where: { $0.job == job }) else {
                return false
            }
            state.jobs[job] = .some(.cancelled)
            return true
        }
        guard !isIdle else { return }
        for plotter in plotters where state(of: plotter)?.job == job {
            _ = try? await change(plotter, .cancel)
            _ = try? await change(plotter, .atRest(job: job))
        }
    }

    func publish(_ name: String, _ data: JSONValue) { state.withLock { $0.events.append((name, data)) } }
}

extension InstallationPlan {
    /// The small show with so many products, `p0`, `p1`, …, in their order.
    static func cycle(of count: Int) throws -> InstallationPlan {
        var plan = small()
        let product = try #require(plan.products.first)
        plan.products = (0..<count).map { number in
            var copy = product
            copy.name = "p\(number)"
            return copy
        }
        plan.cycle = plan.products.map(\.name)
        return plan
    }

    /// Three small products, the second twice in the cycle.
    static func small(paper: Paper = .sheets) -> InstallationPlan {
        let commits = [[], [0], [0], [1, 2]].map { CommitHistory.Commit(parents: $0, time: 0) }
        let products = ["ant", "bee", "cat"].map { name in
            Product(
                name: name, kind: "tree", parameters: ["caption": 0],
                history: CommitHistory(name: name, commits: commits))
        }
        return InstallationPlan(products: products, cycle: ["ant", "bee", "cat", "bee"], paper: paper)
    }
}

/// A folder that is gone when this is.
final class ShowFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
