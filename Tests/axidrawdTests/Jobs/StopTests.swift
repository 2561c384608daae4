internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

private let device = "/v1/devices/plot1"
private let svg = "Content-Type: image/svg+xml\r\n"

/// Stop means stop: at once, whatever is under way, and nothing begins by itself after it.
@Suite(.serialized) struct StopTests {
    /// Seven metres of lines.
    private static let long: String = {
        var paths = ""
        for row in 0..<36 { paths += "<path d=\"M5 \(5 + 5 * row)H195\" stroke=\"black\"/>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"190mm\" viewBox=\"0 0 200 190\">"
            + paths + "</svg>"
    }()
    /// So many strokes that its planning takes a while.
    private static let slow: String = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='200mm' viewBox='0 0 200 200' "
        text += "fill='none' stroke='black'>"
        for i in 0..<3_000 { text += "<path d='M\(5 + i * 37 % 180) \(5 + i / 60 * 2)h2v1'/>" }
        return text + "</svg>"
    }()

    private static func ready(
        _ speed: Loopback.Speed = .maximum, keeper: JobKeeper? = nil
    ) async throws -> TestDaemon {
        let server = try TestDaemon(speed: speed, keeper: keeper)
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        return server
    }

    private static func submit(_ server: TestDaemon, _ drawing: String, _ query: String = "") async throws -> String {
        let id = try await server.json("POST", device + "/jobs?order=none\(query)", svg, body: drawing).word("id")
        try #require(!id.isEmpty)
        return id
    }

    private static func state(_ server: TestDaemon, _ id: String) async throws -> String {
        try await server.json("GET", "/v1/jobs/\(id)").word("state")
    }

    private static func setAutoAdvance(_ server: TestDaemon) async throws {
        let head = try await server.ask("GET", device).head
        let tag = head.components(separatedBy: "ETag: ").last?.components(separatedBy: "\r\n").first ?? ""
        let fields = "Content-Type: application/json\r\nIf-Match: \(tag)\r\n"
        #expect(try await server.ask("PATCH", device, fields, body: "{\"autoAdvance\":true}").status == 200)
    }

    /// Everything that was asked for before has had its turn.
    private static func settle(_ server: TestDaemon) async {
        for _ in 0..<20 { await server.daemon.probe() }
    }

    /// `serve --hold`: what waits stays where it is until a person says go on, button and automatic advance included.
    @Test func aHeldStartBeginsNothing() async throws {
        let server = try TestDaemon(holdsAtStart: true)
        let shown = try await server.wait(for: device) { $0["state"] == .string("raised") }
        #expect(shown["stopped"] == .bool(true))
        try await Self.setAutoAdvance(server)
        let id = try await Self.submit(server, Self.slow)
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        await Self.settle(server)
        #expect(try await Self.state(server, id) == "queued")
        #expect(try await server.ask("POST", device + "/resume").status < 300)
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] != .string("queued") }
        #expect(try await server.json("GET", device)["stopped"] == .bool(false))
    }

    @Test func aWalkEndsWhereItIs() async throws {
        let server = try await Self.ready(.times(2))
        let board = try #require(server.daemon.workshop.stations.first?.board)
        async let walk = server.ask("POST", device + "/walk?dx=250&dy=0")
        let end = Date().addingTimeInterval(120)
        while board.snapshot(since: .max).xMillimetres < 3, Date() < end { try await Task.sleep(for: .milliseconds(2)) }
        #expect(try await server.ask("POST", device + "/stop").status == 200)
        #expect(try await walk.status == 409)
        let place = board.snapshot(since: .max).xMillimetres
        #expect(place < 240, "it walked on to \(place)")
        await Self.settle(server)
        #expect(board.snapshot(since: .max).xMillimetres == place)
        // It is no fault, the counters are true, and moves by hand go on.
        #expect(try await server.json("GET", device).word("state") == "raised")
        #expect(try await server.ask("POST", device + "/home").status == 200)
        #expect(board.snapshot(since: .max).xMillimetres.magnitude < 0.02)
    }

    @Test func theHandsLineIsBoundedAndDroppedByAStop() async throws {
        let server = try await Self.ready(.realTime)
        async let walk = server.ask("POST", device + "/walk?dx=120&dy=0")
        let board = try #require(server.daemon.workshop.stations.first?.board)
        while board.snapshot(since: .max).xMillimetres < 1 { try await Task.sleep(for: .milliseconds(2)) }
        var answers: [Int] = []
        var full = ""
        for number in 0..<40 {
            let answer = try await server.ask("POST", device + "/pen?to=" + (number % 2 == 0 ? "down" : "up"))
            answers.append(answer.status)
            if answer.status == 429 { full = answer.head }
        }
        #expect(answers == Array(repeating: 200, count: 16) + Array(repeating: 429, count: 24))
        #expect(full.contains("Retry-After: 2"))
        #expect(try await server.ask("POST", device + "/stop").status == 200)
        #expect(try await walk.status == 409)
        await Self.settle(server)
        #expect(board.snapshot(since: .max).penLifts == 0)
        #expect(try await server.ask("POST", device + "/pen?to=down").status == 200)
    }

    @Test func nothingBeginsAfterAStopBeforeSomebodySaysSo() async throws {
        let folder = try ShowFolder()
        func keeper() throws -> JobKeeper {
            JobKeeper(try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now))
        }
        var ids: [String] = []
        do {
            let server = try await Self.ready(.times(4), keeper: keeper())
            try await Self.setAutoAdvance(server)
            for _ in 0..<3 { ids.append(try await Self.submit(server, Self.long)) }
            // Until the first motion a stop holds it instead.
            _ = try await server.wait(for: "/v1/jobs/\(ids[0])") { $0["startedAt"] != .null }
            let stopped = try await server.json("POST", device + "/stop")
            #expect(stopped["stopped"] == .bool(true))
            _ = try await server.wait(for: "/v1/jobs/\(ids[0])") { $0["state"] == .string("cancelled") }
            for id in ids.dropFirst() { _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null } }
            let now = try await server.wait(for: device) { $0["state"] == .string("raised") }
            #expect(now.word("sentence").hasPrefix("Stopped by a person"), "\(now.text)")
            await Self.settle(server)
            #expect(try await Self.state(server, ids[1]) == "queued")
            #expect(now["queue"] == .array(ids.dropFirst().map { .string($0) }))
            await server.stop()
        }
        let server = try await Self.ready(.maximum, keeper: keeper())
        for id in ids.dropFirst() { _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null } }
        await Self.settle(server)
        #expect(try await server.json("GET", device)["stopped"] == .bool(true))
        for id in ids.dropFirst() { #expect(try await Self.state(server, id) == "queued") }
        // A new drawing does not begin either.
        ids.append(try await Self.submit(server, Self.long))
        _ = try await server.wait(for: "/v1/jobs/\(ids[3])") { $0["summary"] != .null }
        await Self.settle(server)
        #expect(try await Self.state(server, ids[3]) == "queued")
        let open = try await server.json("POST", device + "/resume")
        #expect(open["stopped"] == .bool(false), "\(open.text)")
        for id in ids.dropFirst() {
            #expect(
                try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }["state"]
                    == .string("done"))
        }
    }

    @Test func whatIsBeingPlannedIsHeld() async throws {
        let server = try await Self.ready()
        let id = try await Self.submit(server, Self.slow)
        #expect(try await server.ask("POST", device + "/stop").status == 200)
        let job = try await server.json("GET", "/v1/jobs/\(id)")
        #expect(job["state"] == .string("held") && job["reason"] == .string("stopped by a person"), "\(job.text)")
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        await Self.settle(server)
        #expect(try await Self.state(server, id) == "held")
        // Whoever starts it says go on.
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
        let done = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"))
        #expect(try await server.json("GET", device)["stopped"] == .bool(false))
    }

    /// Whoever resets a plotter in the middle of a drawing means what Stop means.
    @Test func aResetInMidPlotClosesTheLineToo() async throws {
        let server = try await Self.ready(.times(4))
        try await Self.setAutoAdvance(server)
        // With nothing under way it only makes ready.
        #expect(try await server.json("POST", device + "/reset")["stopped"] == .bool(false))
        var ids: [String] = []
        for _ in 0..<2 { ids.append(try await Self.submit(server, Self.long)) }
        _ = try await server.wait(for: "/v1/jobs/\(ids[0])") { $0["startedAt"] != .null }
        #expect(try await server.json("POST", device + "/reset")["stopped"] == .bool(true))
        _ = try await server.wait(for: "/v1/jobs/\(ids[0])") { $0["state"] == .string("cancelled") }
        _ = try await server.wait(for: "/v1/jobs/\(ids[1])") { $0["summary"] != .null }
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        // Nor does a second one open it.
        #expect(try await server.json("POST", device + "/reset")["stopped"] == .bool(true))
        await Self.settle(server)
        #expect(try await Self.state(server, ids[1]) == "queued")
        #expect(try await server.json("POST", device + "/resume")["stopped"] == .bool(false))
        _ = try await server.wait(for: "/v1/jobs/\(ids[1])") { $0["startedAt"] != .null }
        #expect(try await server.ask("POST", device + "/reset").status == 200)
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        // What is being planned was about to begin.
        #expect(try await server.ask("POST", device + "/resume").status == 200)
        let planned = try await Self.submit(server, Self.slow)
        #expect(try await server.json("POST", device + "/reset")["stopped"] == .bool(true))
        #expect(try await Self.state(server, planned) == "held")
    }

    /// At every moment between a start and the first motion.
    @Test func whatHasJustBeenStartedIsNotDrawn() async throws {
        let server = try await Self.ready(.realTime)
        var generator = SeededGenerator(seed: 14)
        var states: [String: Int] = [:]
        for _ in 0..<40 {
            let id = try await Self.submit(server, Self.long, "&hold=true")
            _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
            for _ in 0..<Int.random(in: 0..<8, using: &generator) { await Task.yield() }
            #expect(try await server.ask("POST", device + "/stop").status == 200)
            let device = try await server.wait(for: device) { $0["state"] == .string("raised") }
            #expect(device["state"] == .string("raised"), "\(device.text)")
            let job = try await server.wait(for: "/v1/jobs/\(id)") {
                ["held", "cancelled"].contains($0.word("state"))
            }
            states[job.word("state"), default: 0] += 1
            await Self.settle(server)
            #expect(try await Self.state(server, id) == job.word("state"), "seed 14")
            _ = try await server.ask("POST", "/v1/jobs/\(id)/cancel")
        }
        #expect(states["held", default: 0] + states["cancelled", default: 0] == 40, "seed 14: \(states)")
    }

    @Test func aPlotterWithoutABoardCanBeStopped() async throws {
        let server = try await Self.ready()
        let board = try #require(server.daemon.workshop.stations.first?.board)
        board.pullCable()
        _ = try await server.ask("POST", device + "/pen?to=down")
        _ = try await server.wait(for: device) { $0["state"] == .string("faulted") }
        #expect(try await server.ask("POST", device + "/stop").status == 200)
        #expect(try await server.json("GET", device)["stopped"] == .bool(true))
        #expect(try await server.ask("POST", device + "/resume").status == 200)
        #expect(try await server.json("GET", device)["stopped"] == .bool(false))
    }

    @Test func theHeightsInForceAreSentBeforeThePenMoves() async throws {
        let server = try await Self.ready()
        let station = try #require(server.daemon.workshop.stations.first)
        let board = try #require(station.board)
        func height() async throws -> Double {
            #expect(try await server.ask("POST", device + "/cycle").status == 200)
            #expect(try await server.ask("POST", device + "/pen?to=down").status == 200)
            _ = await station.plotter.after { plotter in try? await plotter.driver.standstill(after: 0) }
            defer { Task { try? await station.plotter.order(.raisePen) } }
            return board.withBoard { $0.penHeight }
        }
        func pulse(_ change: (inout MachineProfile) -> Void) -> Double {
            var profile = station.profile
            change(&profile)
            return Double(PenModel(profile: profile, options: .init()).downPulse)
        }
        let own = try await height()
        #expect(own == pulse { _ in })
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        // A drawing that is loaded brings its own, which a person can change and try before it is plotted.
        let id = try await Self.submit(server, Self.long, "&hold=true&pen-down-height=21")
        #expect(try await height() == pulse { $0.penDownHeight = 21 })
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status == 200)
        #expect(try await height() == own)
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        #expect(try await server.ask("POST", device + "/pen?to=down&height=33").status == 200)
        _ = await station.plotter.after { plotter in try? await plotter.driver.standstill(after: 0) }
        #expect(board.withBoard { $0.penHeight } == pulse { $0.penDownHeight = 33 })
        for bad in ["101", "-1", "x", "nan"] {
            #expect(try await server.ask("POST", device + "/pen?to=down&height=\(bad)").status == 400)
        }
    }
}
