internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Clients with a ticket: whatever is lost in between, it is one place and one drawing.
struct TicketTests {
    /// What a stream says, as far as it has been asked.
    private final class Heard {
        let feed: EventFeed
        private(set) var text = ""
        private(set) var isEnded = false

        init(_ feed: EventFeed) { self.feed = feed }

        func has(_ words: String) -> Bool {
            let (bytes, isEnded) = feed.take()
            text += String(decoding: bytes, as: UTF8.self)
            self.isEnded = self.isEnded || isEnded
            return text.contains(words)
        }

        var key: String {
            guard has("\"proceed\":\"") else { return "" }
            return String(text.components(separatedBy: "\"proceed\":\"").last?.prefix { $0 != "\"" } ?? "")
        }
    }

    private func enter(_ show: Installation, _ ticket: String?, time: Int = 1) async throws -> Heard {
        Heard(try await show.enter("plot1", time: time, ticket: ticket))
    }

    @Test func everyEventCarriesTheTicket() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        let task = try await enter(show, "t1")
        #expect(task.has("id: t1\ndata: {\"connected\":true}\n\n"))
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("called") { task.has("id: t1\ndata: {\"proceed\":") }
    }

    /// Comes again at every moment of its life: waiting, called, drawing, drawn; each time on a new stream.
    @Test func whoeverComesAgainGoesOnWhereItWas() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let show = try await fake.installation(InstallationPlan())
        var earlier = try await enter(show, "t1")
        func again() async throws -> Heard {
            let next = try await enter(show, "t1")
            #expect(next.has("\"connected\":true"))
            // Whoever is left behind hears nothing more, and its end changes nothing.
            _ = earlier.has("")
            #expect(earlier.isEnded)
            earlier.feed.close()
            earlier = next
            return next
        }
        _ = try await again()
        #expect(await show.lines["plot1"]?.waiting.count == 1)
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("called") { earlier.has("proceed") }
        let key = earlier.key
        let called = try await again()
        #expect(called.key == key, "the same key")
        #expect(try await show.plot("plot1", key: key, drawing: [1]) == .accepted)
        #expect(called.has("{\"accepted\":\"job1\"}"))
        // The answer was lost: the same again is the same plot.
        #expect(try await show.plot("plot1", key: key, drawing: [1]) == .accepted)
        let plotting = try await again()
        #expect(plotting.has("{\"accepted\":\"job1\"}") && !plotting.has("proceed"))
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        try await fake.finish("plot1")
        try await fake.eventually("told") { plotting.has("\"done\":true") && plotting.isEnded }
        // Also long after, with paper in and the plotter waiting.
        _ = try await show.press(.double, on: "plot1")
        let late = try await enter(show, "t1")
        try await fake.eventually("told again") { late.has("{\"done\":true}") && late.isEnded }
        #expect(fake.handedOver.count == 1 && fake.drawn.count == 1)
    }

    @Test func aRestartOfTheDaemonChangesNothing() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let first = try await fake.installation(InstallationPlan())
        let task = try await enter(first, "t1")
        _ = try await first.press(.double, on: "plot1")
        try await fake.eventually("called") { task.has("proceed") }
        #expect(try await first.plot("plot1", key: task.key, drawing: [1]) == .accepted)
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        let second = try await fake.installation(InstallationPlan())
        let again = try await enter(second, "t1")
        #expect(again.has("{\"accepted\":\"job1\"}"))
        // It hears that the daemon lives.
        fake.wait(milliseconds: 5_000)
        #expect(await second.tick() && again.has("heartbeat"))
        try await fake.finish("plot1")
        try await fake.eventually("told") { again.has("\"done\":true") }
        #expect(fake.handedOver.count == 1)
    }

    @Test func aPlotterThatIsTakenAwayIsWaitedForAgain() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        let task = try await enter(show, "t1")
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("called") { task.has("proceed") }
        // No room at present.
        fake.refuse(.full(places: 1, plotter: "plot1"))
        let answer = try await show.plot("plot1", key: task.key, drawing: [1])
        guard case .forbidden = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(await show.lines["plot1"]?.waiting.count == 1 && !task.has("failed"))
        fake.refuse(nil)
        let before = task.key
        try await fake.eventually("called again") {
            _ = await show.tick()
            return task.key != before
        }
        #expect(try await show.plot("plot1", key: task.key, drawing: [1]) == .accepted)
        try await fake.eventually("drawn") { fake.drawn.count == 1 && task.has("\"done\":true") }
    }

    /// The queue lists the newest jobs only; a task that is scheduled again a day later asks the history.
    @Test func whatTheHistoryKnowsIsNotDrawnAgain() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        fake.history.withLock { $0 = ["old": .done, "lost": .failed(Fault(message: "the paper was out"))] }
        let drawn = Heard(try await show.admit("plot1", time: 1, ticket: "old"))
        #expect(drawn.has("{\"done\":true}") && drawn.isEnded)
        let lost = Heard(try await show.admit("plot1", time: nil, ticket: "lost"))
        #expect(lost.has("the paper was out") && lost.isEnded && !lost.has("again"))
        let new = Heard(try await show.admit("plot1", time: 1, ticket: "new"))
        #expect(new.has("{\"connected\":true}") && !new.isEnded)
        #expect(await show.lines["plot1"]?.waiting.map(\.ticket) == ["new"])
    }

    @Test func whoDoesNotComeMayComeAgain() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        let task = try await enter(show, "t1")
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("called") { task.has("proceed") }
        fake.wait(milliseconds: 15_000)
        _ = await show.tick()
        #expect(task.has("\"again\":true") && task.isEnded)
        let second = try await enter(show, "t1")
        try await fake.eventually("called again") { second.has("proceed") }
        #expect(second.key != task.key)
    }

    @Test(arguments: ["", "a b", "a%0d%0aX:%20y", String(repeating: "x", count: 129), "é"]) func refusesWhatIsNoTicket(
        ticket: String
    ) async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/state/plot1") { $0["state"] == .string("raised") }
        let text = RequestTarget.queryEncoded(ticket).replacingOccurrences(of: "%25", with: "%")
        #expect(try await server.ask("GET", "/queue/plot1?ts=1&ticket=\(text)").status == 400)
    }
}
