internal import Foundation
internal import TestSupport
internal import Testing

@testable import axidrawd

/// More of the defects that were seen in the original, by their rows, and what holds instead.
struct OldDefectTests {
    private func product(_ outcome: PressOutcome) throws -> String {
        guard case .queued(let ticket, _, _) = outcome else {
            Issue.record("not queued: \(outcome)")
            throw CancellationError()
        }
        return ticket.product
    }

    @Test("D1: a product that stands in the cycle three times is passed like every other")
    func theCycleIsAPlace() async throws {
        var plan = InstallationPlan.small()
        let names = plan.products.map(\.name)
        plan.cycle = [names[0], names[1], names[1], names[1]]
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(plan)
        _ = try await show.press(.double, on: "plot1")
        fake.setPauses(true)
        var got: [String] = []
        for _ in 0..<6 { got.append(try product(try await show.press(.single, on: "plot1"))) }
        #expect(got == plan.cycle + plan.cycle.prefix(2))
    }

    @Test("D20: presses that come at once take one place of the cycle each")
    func pressesAtOnce() async throws {
        let plan = InstallationPlan.small()
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(plan)
        _ = try await show.press(.double, on: "plot1")
        fake.setPauses(true)
        let count = plan.cycle.count * 2
        let got = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count { group.addTask { try product(try await show.press(.single, on: "plot1")) } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(got.sorted() == (plan.cycle + plan.cycle).sorted())
    }

    @Test("D33: the duration that is told is that of the drawing which has just been drawn")
    func durationsAreTheirOwn() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let show = try await fake.installation(InstallationPlan())
        for milliseconds in [90_000, 4_000] {
            let feed = try await show.enter("plot1", time: milliseconds)
            _ = try await show.press(.double, on: "plot1")
            var heard = ""
            try await fake.eventually("called") {
                heard += String(decoding: feed.take().bytes, as: UTF8.self)
                return heard.contains("proceed")
            }
            let key = heard.components(separatedBy: "\"proceed\":\"")[1].prefix { $0 != "\"" }
            #expect(try await show.plot("plot1", key: String(key), drawing: [1]) == .accepted)
            try await fake.eventually("begun") { await show.lines["plot1"]?.turn?.begun != nil }
            fake.wait(milliseconds: milliseconds)
            try await fake.finish("plot1")
            try await fake.eventually("told") {
                heard += String(decoding: feed.take().bytes, as: UTF8.self)
                return heard.contains("\"done\":true")
            }
            #expect(heard.contains("\"duration\":\(milliseconds)}"))
        }
    }

    @Test("D23: the webhooks' routes pass on status and body of the machine, and redirect nobody")
    func webhooksPassOn() async throws {
        let server = try TestDaemon(installation: .small())
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        for (path, status) in [
            ("single/plot9", 400), ("double/plot9", 400), ("reset/plot9", 400), ("long/plot1", 200),
            ("reset/plot1", 200),
        ] {
            let passed = try await server.ask("POST", "/webhooks/\(path)")
            #expect(passed.status == status, "\(path): \(passed.head)")
            #expect(!passed.head.contains("Location:"))
            let direct = try await server.ask("POST", "/\(path)")
            if status == 400 {
                #expect(direct.status == status && direct.body == passed.body && passed.body.contains("No plotter"))
            }
        }
    }
}
