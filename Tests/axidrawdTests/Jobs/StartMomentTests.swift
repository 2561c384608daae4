// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import EBB
    internal import Foundation
    internal import HTTP
    internal import Motion
    internal import Simulator
    internal import Synchronization
    internal import Testing

    @testable internal import QueueSupport
    @testable internal import axidrawd

    /// Stop, cancel, pause and hold at every place at which the start of a job waits for something, up to the first motion: each
    /// call to the disk, each step of planning, each message to the board.
    @Suite(.serialized) struct StartMomentTests {
        private enum Wish: CaseIterable, Sendable { case stop, cancel, pause, hold }

        /// So many metres of lines that none is drawn to its end before it is asked for.
        private static let drawing: [UInt8] = {
            let rows = (0..<36).map { "<path d=\"M5 \(5 + 5 * $0)H195\" stroke=\"black\"/>" }.joined()
            return Array(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"190mm\" viewBox=\"0 0 200 190\">\(rows)</svg>"
                    .utf8)
        }()

        /// A plotter and its workshop, of which every step towards a motion passes by `moments`.
        private struct Stage {
            let moments = Moments()
            let workshop: Workshop

            init() async throws {
                let moments = moments
                let board = Loopback(BoardConfiguration(firmware: .v303), speed: .times(8))
                let shared = Shared()
                let plotter = Plotter(name: "plot1", transport: WatchedLink(board, moments)) {
                    shared.hear($0)
                }
                let storage = MemoryStorage()
                storage.failure = { _, _ in
                    moments.pass()
                    return nil
                }
                let real = PlotPlanning.pipeline
                var planning = real
                planning.read = { (bytes, options, share, isCancelled) throws(PlanningError) in
                    moments.pass()
                    return try real.read(bytes, options, share, isCancelled)
                }
                planning.plan = {
                    (drawing, options, machine, stroke, share, execution) throws(PlanningError) in
                    moments.pass()
                    defer { moments.pass() }
                    return try real.plan(drawing, options, machine, stroke, share, execution)
                }
                workshop = Workshop(
                    stations: [
                        Station(
                            plotter: plotter, profile: .standard, board: board, firmware: .v303, link: LinkFigures())
                    ],
                    events: EventHub(epoch: "e"), planning: planning,
                    keeper: JobKeeper(try JobStore(storage: storage, nowMilliseconds: JobKeeper.now)), log: .silent)
                shared.connect(workshop)
                await plotter.attach()
            }

            /// Starts a job, does as wished at one moment of that, and looks at what becomes of it; false past the last one.
            func run(_ wish: Wish, at number: Int) async throws -> Bool {
                var given = Submission(device: "plot1", name: "\(wish) \(number)", drawing: StartMomentTests.drawing)
                given.isHeld = true
                let id = try await workshop.submit(given).id
                try await until("planned") { try workshop.job(id).summary != nil }
                // So that planning is among what its start waits for.
                workshop.planner.shelf.dropPlan(of: id)
                let wished = Outcome()
                moments.arm(number) { [workshop] in
                    Task.detached {
                        wished.begin()
                        do throws(JobError) {
                            switch wish {
                            case .stop: try await workshop.stop("plot1")
                            case .cancel: try await workshop.act(on: id, .cancel)
                            case .pause: try await workshop.act(on: id, .pause(.now))
                            case .hold: try await workshop.hold(id)
                            }
                            wished.end(nil)
                        } catch { wished.end(error) }
                    }
                    wished.awaitBegin()
                }
                do throws(JobError) { try await workshop.act(on: id, .resume) } catch {
                    // A stop or a cancel was faster than its word to go on.
                    guard error.meaning == .waits else { throw error }
                }
                try await until("the first motion, or the request") { moments.isOver || wished.isOver }
                let hasActed = moments.disarm()
                if hasActed { try await check(wish, id, wished, number) }
                try await clear(id)
                return hasActed
            }

            private func check(_ wish: Wish, _ id: JobID, _ wished: Outcome, _ number: Int) async throws {
                try await until("an answer") { wished.isOver }
                if let error = wished.error {
                    // What has not begun cannot be paused, what has begun cannot be held, and whoever asks is told.
                    #expect(
                        [.pause, .hold].contains(wish) && error.meaning == .waits,
                        "\(wish) at moment \(number): \(error)")
                    return
                }
                try await until("\(wish) at moment \(number), kept: \(try workshop.job(id).state)") {
                    switch (wish, try workshop.job(id).state) {
                    case (.stop, .queued): try workshop.device("plot1").stoppedAt != nil
                    case (.stop, .held), (.stop, .cancelled), (.cancel, .cancelled), (.pause, .paused): true
                    case (.hold, .held): try workshop.device("plot1").state.job == nil
                    case (_, .done):
                        throw Lost(text: "\(wish) at moment \(number) is lost: the drawing is drawn")
                    default: false
                    }
                }
                guard wish != .pause else { return }
                #expect(try workshop.device("plot1").hindrance == nil, "\(wish) at moment \(number)")
                try await until("rest") { try workshop.device("plot1").state.job == nil }
                // And it stays so.
                for _ in 0..<20 { await workshop.stations[0].plotter.probe() }
                try await until("rest after \(wish) at moment \(number)") {
                    try workshop.device("plot1").state == .raised && workshop.job(id).state != .done
                }
            }

            private func clear(_ id: JobID) async throws {
                // A moment at which it is refused, because the job is about to stand, passes.
                let end = Date().addingTimeInterval(120)
                while try !workshop.job(id).state.isFinal {
                    do {
                        try await workshop.act(on: id, .cancel)
                        break
                    } catch { guard Date() < end else { throw error } }
                    try await Task.sleep(for: .milliseconds(2))
                }
                try await until("its end") { try workshop.job(id).state.isFinal }
                try await until("ready") { try workshop.device("plot1").state == .raised }
                try await workshop.openLine("plot1", asOf: try workshop.device("plot1").stoppedAt)
            }

            private func until(_ what: String, _ condition: () throws -> Bool) async throws {
                let end = Date().addingTimeInterval(120)
                while try !condition() {
                    guard Date() < end else { throw Lost(text: what) }
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
        }

        private struct Lost: Error { var text: String }

        @Test(arguments: Wish.allCases) private func noRequestIsLost(_ wish: Wish) async throws {
            let stage = try await Stage()
            var number = 1
            while try await stage.run(wish, at: number) { number += 1 }
            // The disk, planning and the board's questions.
            #expect(number > 12, "only \(number - 1) moments")
        }
    }

    /// What became of a request.
    private final class Outcome: Sendable {
        private let state = Mutex<(isOver: Bool, error: JobError?)>((false, nil))
        private let begun = DispatchSemaphore(value: 0)

        func begin() { begun.signal() }
        /// Holds up whoever waits for it, but not for ever: the request may need the same thread.
        func awaitBegin() { _ = begun.wait(timeout: .now() + .milliseconds(200)) }
        func end(_ error: JobError?) { state.withLock { $0 = (true, error) } }
        var isOver: Bool { state.withLock { $0.isOver } }
        var error: JobError? { state.withLock { $0.error } }
    }

    /// Counts the moments of a start and does something at one of them.
    private final class Moments: Sendable {
        private struct State {
            var left: Int?
            var hasActed = false
            var isOver = false
            var act: @Sendable () -> Void = {}
        }
        private let state = Mutex(State())

        func arm(_ number: Int, _ act: @escaping @Sendable () -> Void) {
            state.withLock { $0 = State(left: number, act: act) }
        }

        func pass() {
            let act = state.withLock { state -> (@Sendable () -> Void)? in
                guard let left = state.left, !state.isOver else { return nil }
                state.left = left - 1
                guard left == 1 else { return nil }
                state.hasActed = true
                return state.act
            }
            act?()
        }

        /// The first motion goes out.
        func end() { state.withLock { $0.isOver = true } }
        var isOver: Bool { state.withLock { $0.isOver } }

        /// Whether it was done.
        func disarm() -> Bool {
            state.withLock { state in
                defer { state = State() }
                return state.hasActed
            }
        }
    }

    /// Passes notices on as soon as somebody hears them.
    private final class Shared: Sendable {
        private let workshop = Mutex<Workshop?>(nil)
        func connect(_ workshop: Workshop) { self.workshop.withLock { $0 = workshop } }
        func hear(_ notice: PlotterNotice) { workshop.withLock { $0 }?.hear(notice, from: "plot1") }
    }

    /// A link whose messages are moments, until the first motion.
    private final class WatchedLink: Transport {
        private let inner: Loopback
        private let moments: Moments

        init(_ inner: Loopback, _ moments: Moments) {
            self.inner = inner
            self.moments = moments
        }

        var now: Int64 { inner.now }
        func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
            try inner.open(on: executor, events: events)
        }
        func write(_ bytes: [UInt8]) {
            moments.pass()
            let text = String(decoding: bytes, as: UTF8.self)
            if ["SM", "LM", "HM", "XM", "LT"].contains(where: text.contains) { moments.end() }
            inner.write(bytes)
        }
        func wake(at tick: Int64?) { inner.wake(at: tick) }
        func close() { inner.close() }
    }
#endif
