internal import Testing

@testable internal import axidrawd

/// A drawing for whose plan there is no room beside the one that is drawn.
struct CrowdedTests {
    /// A planner that takes all the memory there is for each plan.
    private static var greedy: PlotPlanning {
        var planning = PlotPlanning.pipeline
        let inner = planning.plan
        planning.plan = {
            (drawing, options, machine, first, share, execution) throws(PlanningError) -> PlannedPlot in
            switch share {
            case .small: throw .unplannable(.memory(needed: 2, allowed: 1))
            case .rest(let held) where held > 0: throw .unplannable(.memory(needed: 2, allowed: 1))
            case .rest, .whole:
                return try inner(consume drawing, options, machine, first, share, execution)
            }
        }
        return planning
    }

    private static func submit(_ server: TestDaemon) async throws -> String {
        let drawing = """
            <svg xmlns="http://www.w3.org/2000/svg" width="250mm" height="200mm" viewBox="0 0 250 200" fill="none" \
            stroke="black"><path d="M20 20h200v4h-200v4h200v4h-200v4h200v4h-200"/></svg>
            """
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs", "Content-Type: image/svg+xml\r\n", body: drawing)
        return "/v1/jobs/" + made.word("id")
    }

    @Test func isPlannedOnceThatOneIsOver() async throws {
        let server = try TestDaemon(speed: .realTime, planning: Self.greedy)
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let first = try await Self.submit(server)
        _ = try await server.wait(for: first) { $0.word("state") == "plotting" }
        let second = try await Self.submit(server)
        let waiting = try await server.json("GET", second)
        #expect(waiting["summary"] == .null && waiting.word("state") == "queued")
        #expect(try await server.ask("POST", first + "/cancel").status == 200)
        let planned = try await server.wait(for: second) { $0["summary"] != .null }
        #expect(planned["summary"] != .null && planned.word("state") == "queued")
    }
}
