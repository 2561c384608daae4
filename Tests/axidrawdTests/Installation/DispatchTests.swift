internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Presses that a scheduler's tasks draw: one press, one drawing, whether a task comes, comes late, twice, or never.
struct DispatchTests {
    /// A scheduler that does what a test says.
    final class FakeScheduler: PressDispatch {
        let asked = Mutex<[PressTicket]>([])
        private let answer: @Sendable (Int) -> DispatchFailure?

        /// - Parameter answer: by the number of the try, from 0; nil = the task is promised.
        init(_ answer: @escaping @Sendable (Int) -> DispatchFailure? = { _ in nil }) { self.answer = answer }

        func dispatches(for plotter: String) -> Bool { true }

        func dispatch(_ ticket: PressTicket) async throws(DispatchFailure) {
            let number = asked.withLock { asked in
                asked.append(ticket)
                return asked.count - 1
            }
            if let failure = answer(number) { throw failure }
        }

        var tries: Int { asked.withLock { $0.count } }
    }

    private static let dead = DispatchFailure(reason: "it is dead", isPassing: true)

    private func text(_ feed: EventFeed) -> String { String(decoding: feed.take().bytes, as: UTF8.self) }

    /// An installation with a plotter that waits for a drawing, and a press.
    private func pressed(_ fake: FakePlotters, _ scheduler: FakeScheduler) async throws -> (Installation, PressTicket) {
        let show = try await fake.installation(.small(), dispatcher: scheduler)
        _ = try await show.press(.double, on: "plot1")
        guard case .queued(let ticket, _, _) = try await show.press(.single, on: "plot1") else {
            Issue.record("not queued")
            throw CancellationError()
        }
        return (show, ticket)
    }

    /// Draws what a stream asks for.
    private func draw(_ show: Installation, _ feed: EventFeed, _ fake: FakePlotters) async throws {
        var heard = ""
        try await fake.eventually("called") {
            heard += text(feed)
            return heard.contains("proceed")
        }
        let key = heard.components(separatedBy: "\"proceed\":\"")[1].prefix { $0 != "\"" }
        #expect(try await show.plot("plot1", key: String(key), drawing: [1]) == .accepted)
        try await fake.eventually("done") {
            heard += text(feed)
            return heard.contains("\"done\":true")
        }
    }

    @Test func aTaskDrawsItsPress() async throws {
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler()
        let (show, ticket) = try await pressed(fake, scheduler)
        try await fake.eventually("asked") { scheduler.tries == 1 }
        _ = await show.tick()
        #expect(fake.handedOver.isEmpty, "it waits for the task")
        let task = try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)
        try await draw(show, task, fake)
        #expect(fake.drawn.map(\.ticket) == [ticket.id])
        #expect(await show.memory.tickets.isEmpty)
        #expect(await show.current["plot1"]?.product == "ant")
        // Dispatched twice: the other task hears that it is done.
        let twin = try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)
        try await fake.eventually("told") { text(twin).contains("\"done\":true") }
        #expect(fake.handedOver.count == 1)
    }

    @Test func withADeadSchedulerThePressIsDrawnHere() async throws {
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler { _ in Self.dead }
        let (show, ticket) = try await pressed(fake, scheduler)
        try await fake.eventually("drawn") { fake.drawn.count == 1 }
        #expect(fake.drawn.map(\.ticket) == [ticket.id])
        #expect(fake.events("incident").count { $0["kind"] == .string("dispatch-failed") } == 1)
        // It died between dispatch and answer: the task comes all the same, and nothing is drawn twice.
        let task = try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)
        try await fake.eventually("told") { text(task).contains("\"done\":true") }
        #expect(fake.handedOver.count == 1)
    }

    @Test func aTaskThatNeverComesIsWaitedForBriefly() async throws {
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler()
        let (show, _) = try await pressed(fake, scheduler)
        try await fake.eventually("asked") { scheduler.tries == 1 }
        fake.wait(milliseconds: 14_999)
        _ = await show.tick()
        #expect(fake.handedOver.isEmpty)
        fake.wait(milliseconds: 1)
        _ = await show.tick()
        try await fake.eventually("drawn") { fake.drawn.count == 1 }
    }

    @Test func aTaskThatIsKilledLosesNothing() async throws {
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler()
        let (show, ticket) = try await pressed(fake, scheduler)
        for isCalled in [true, false] {
            let task = try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)
            if isCalled { try await fake.eventually("called") { text(task).contains("proceed") } }
            task.close()
        }
        try await fake.eventually("noticed") {
            await show.lines["plot1"]?.clients.first?.client.lostAt != nil
        }
        // Nobody comes again: it is drawn here, once.
        try await fake.eventually("drawn") {
            fake.wait(milliseconds: 1_000)
            _ = await show.tick()
            return fake.drawn.count == 1
        }
        #expect(fake.drawn.map(\.ticket) == [ticket.id] && fake.handedOver.count == 1)
        try await fake.eventually("settled") { await show.memory.tickets.isEmpty }
    }

    /// The task comes while its press is being drawn here.
    @Test func aTaskThatComesLateFollows() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let (show, ticket) = try await pressed(fake, FakeScheduler { _ in Self.dead })
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        let task = try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)
        var heard = ""
        try await fake.eventually("accepted") {
            heard += text(task)
            return heard.contains("{\"accepted\":\"job1\"}")
        }
        fake.wait(milliseconds: 5_000)
        #expect(await show.tick() && text(task).contains("heartbeat"))
        try await fake.finish("plot1")
        try await fake.eventually("done") { text(task).contains("\"done\":true") }
        #expect(fake.handedOver.count == 1)
    }

    @Test func triesAreBoundedAndMistakesAreNotRepeated() async throws {
        let mistake = DispatchFailure(reason: "parameterized job not found", isPassing: false)
        for (failure, tries) in [(Self.dead, 7), (mistake, 1)] {
            let fake = FakePlotters(["plot1"])
            let scheduler = FakeScheduler { _ in failure }
            let show = try await fake.installation(.small(), dispatcher: scheduler)
            // Nobody has laid paper: the press waits.
            _ = try await show.press(.single, on: "plot1", meaning: .draws)
            try await fake.eventually("tried") { scheduler.tries == tries }
            let incidents = fake.events("incident").filter { $0["kind"] == .string("dispatch-failed") }
            #expect(incidents.count <= 2 && incidents.allSatisfy { $0.word("message").contains(failure.reason) })
            _ = try await show.press(.double, on: "plot1")
            try await fake.eventually("drawn") { fake.drawn.count == 1 }
            #expect(scheduler.tries == tries)
        }
    }

    @Test func afterARestartTheTaskIsWaitedForAndNotAskedForAgain() async throws {
        let folder = try ShowFolder()
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler()
        let first = try await fake.installation(.small(), folder: folder.path, dispatcher: scheduler)
        guard case .queued(let ticket, _, _) = try await first.press(.single, on: "plot1", meaning: .draws) else {
            Issue.record("not queued")
            return
        }
        try await fake.eventually("asked") { scheduler.tries == 1 }
        let second = try await fake.installation(.small(), folder: folder.path, dispatcher: scheduler)
        _ = try await second.press(.double, on: "plot1")
        _ = await second.tick()
        #expect(fake.handedOver.isEmpty)
        let task = try await second.admit("plot1", time: ticket.seed, ticket: ticket.id)
        try await draw(second, task, fake)
        #expect(scheduler.tries == 1 && fake.drawn.map(\.ticket) == [ticket.id])
    }

    /// Right after a start a task may come before its press is back in the line: it is one place all the same.
    @Test func aTaskThatIsFasterThanTheStartTakesItsPress() async throws {
        let folder = try ShowFolder()
        let fake = FakePlotters(["plot1"])
        let scheduler = FakeScheduler()
        let first = try await fake.installation(.small(), folder: folder.path, dispatcher: scheduler)
        guard case .queued(let ticket, _, _) = try await first.press(.single, on: "plot1", meaning: .draws) else {
            Issue.record("not queued")
            return
        }
        let second = try await fake.installation(.small(), folder: folder.path, dispatcher: scheduler, begins: false)
        let task = try await second.admit("plot1", time: ticket.seed, ticket: ticket.id)
        await second.begin()
        #expect(await second.lines["plot1"]?.waiting.map(\.ticket) == [ticket.id])
        _ = try await second.press(.double, on: "plot1")
        try await draw(second, task, fake)
        #expect(await second.memory.tickets.isEmpty)
        #expect(fake.drawn.map(\.ticket) == [ticket.id])
    }

    /// Many presses; each has a task, two, or none; tasks come late, go, and come again. One drawing for each press.
    @Test(arguments: [UInt64(1), 2]) func oneDrawingForEachPressWhateverTasksDo(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fake = FakePlotters(["plot1"])
        var plan = InstallationPlan.small(paper: .endless)
        plan.places = 100
        let scheduler = FakeScheduler { number in number % 3 == 2 ? Self.dead : nil }
        let show = try await fake.installation(plan, dispatcher: scheduler)
        var tickets: [PressTicket] = []
        var tasks: [(ticket: PressTicket, feed: EventFeed)] = []
        while tickets.count < 40 || fake.drawn.count < tickets.count {
            fake.wait(milliseconds: Int.random(in: 0...1_500, using: &generator))
            if tickets.count < 40, Int.random(in: 0..<3, using: &generator) == 0,
                case .queued(let ticket, _, _)? = try? await show.press(.single, on: "plot1", meaning: .draws)
            {
                tickets.append(ticket)
            }
            if let ticket = tickets.randomElement(using: &generator), tasks.count < 20 {
                tasks.append((ticket, try await show.admit("plot1", time: ticket.seed, ticket: ticket.id)))
            }
            if !tasks.isEmpty, Int.random(in: 0..<4, using: &generator) == 0 {
                tasks.remove(at: Int.random(in: 0..<tasks.count, using: &generator)).feed.close()
            }
            for (_, feed) in tasks where Bool.random(using: &generator) {
                let heard = text(feed)
                guard let at = heard.range(of: "\"proceed\":\"", options: .backwards) else { continue }
                let key = String(heard[at.upperBound...].prefix { $0 != "\"" })
                _ = try? await show.plot("plot1", key: key, drawing: [1])
            }
            tasks.removeAll { $0.feed.isOver }
            _ = await show.tick()
            await Task.yield()
        }
        #expect(fake.drawn.map(\.ticket).sorted() == tickets.map(\.id).sorted(), "seed \(seed)")
        #expect(Set(fake.handedOver.map(\.ticket)).count == fake.handedOver.count, "seed \(seed)")
        try await fake.eventually("settled") { await show.memory.tickets.isEmpty }
    }
}
