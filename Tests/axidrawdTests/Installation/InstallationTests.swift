internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Presses, products and the line, on plotters that draw in no time.
struct InstallationTests {
    private func press(_ kind: PenPress = .single, button: String = "door", id: String? = nil, time: Int? = nil)
        -> Press
    {
        Press(button: button, kind: kind, id: id, time: time)
    }

    private func ticket(_ outcome: PressOutcome) throws -> PressTicket {
        guard case .queued(let ticket, _, _) = outcome else {
            Issue.record("not queued: \(outcome)")
            throw CancellationError()
        }
        return ticket
    }

    @Test func followsTheOriginalsMachine() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small())
        let steps: [(PenPress, String)] = [
            (.single, "lowered"), (.single, "raised"), (.long, "free"), (.single, "raised"), (.double, "idle"),
        ]
        for (kind, state) in steps {
            guard case .moved(_, let after) = try await show.press(kind, on: "plot1") else {
                Issue.record("\(kind) did not move")
                return
            }
            #expect(after.publicName == state)
        }
        let first = try ticket(try await show.press(.single, on: "plot1"))
        #expect(first.product == "ant")
        try await fake.eventually("drawn") { fake.drawn.count == 1 && fake.state(of: "plot1") == .raised }
        // The next sheet is a person's task.
        #expect(fake.drawn[0].drawing == "ant \(first.seed)")
    }

    @Test func aVisitorsPressNeverMovesThePen() async throws {
        let fake = FakePlotters(["plot1"])
        var plan = InstallationPlan.small()
        plan.press = .draws
        let show = try await fake.installation(plan)
        // In front of a raised pen, a lowered one and free motors a press waits its turn.
        for (kind, state) in [(PenPress?.none, "raised"), (.single, "lowered"), (.single, "raised"), (.long, "free")] {
            if let kind { _ = try await show.press(kind, on: "plot1") }
            fake.wait(milliseconds: 1_001)
            _ = try ticket(try await show.press(press(), source: "s", on: "plot1"))
            #expect(fake.state(of: "plot1")?.publicName == state)
        }
        let refusal = await #expect(throws: InstallationError.self) {
            try await show.press(press(.long, button: "door"), source: "s", on: "plot1")
        }
        #expect(refusal.map { Problem($0) }?.status == 409 && refusal.map { Problem($0) }?.slug == "press-draws")
        #expect(fake.state(of: "plot1")?.publicName == "free")
        #expect(await show.waitingCount("plot1") == 4)
        // The operator brings the pen up; "paper is in" starts the first of them.
        _ = try await show.press(.single, on: "plot1")
        guard case .moved = try await show.press(press(.double), source: "s", on: "plot1") else {
            Issue.record("paper is in, and nothing begins")
            return
        }
        try await fake.eventually("drawn") { fake.drawn.count == 1 && fake.state(of: "plot1") == .raised }
        #expect(await show.waitingCount("plot1") == 3)
    }

    /// A plot may end between the look at its state and what the machine is asked: it is not asked at all.
    @Test func aVisitorsPressIsNeverPutToTheMachine() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        var plan = InstallationPlan.small()
        plan.press = .draws
        let show = try await fake.installation(plan)
        _ = try ticket(try await show.press(press(), source: "s", on: "plot1"))
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        fake.wait(milliseconds: 1_001)
        _ = try ticket(try await show.press(press(), source: "s", on: "plot1"))
        try await fake.change("plot1", .detached)
        fake.wait(milliseconds: 1_001)
        let refusal = await #expect(throws: InstallationError.self) {
            try await show.press(press(), source: "s", on: "plot1")
        }
        #expect(refusal?.isConflict == true && refusal?.state == "absent")
        #expect(!fake.applied.withLock { $0.contains(.pressed(.single)) })
    }

    @Test func countsARepeatOnceAlsoAfterARestart() async throws {
        let folder = try ShowFolder()
        let fake = FakePlotters(["plot1"])
        var show = try await fake.installation(.small(), folder: folder.path)
        _ = try await show.press(.double, on: "plot1")
        fake.setPauses(true)
        _ = try ticket(try await show.press(press(id: "a"), source: "s", on: "plot1"))
        #expect(try await show.press(press(id: "a"), source: "s", on: "plot1") == .repeated)
        #expect(try await show.press(press(), source: "s", on: "plot1") == .repeated)
        _ = try ticket(try await show.press(press(), source: "other", on: "plot1"))
        fake.wait(milliseconds: 1_001)
        #expect(try await show.press(press(id: "a"), source: "s", on: "plot1") == .repeated)
        _ = try ticket(try await show.press(press(id: "b"), source: "s", on: "plot1"))
        try await fake.eventually("handed over") { await show.memory.tickets.first?.job != nil }
        let next = FakePlotters(["plot1"])
        next.wait(milliseconds: 1_500)
        next.setPauses(true)
        show = try await next.installation(.small(), folder: folder.path)
        #expect(try await show.press(press(id: "b"), source: "s", on: "plot1") == .repeated)
        #expect(try await show.press(press(id: "a"), source: "s", on: "plot1") == .repeated)
        // The cycle goes on where it was, and what waited still waits; what was under way is never drawn again.
        #expect(await show.memory.position == 3)
        try await next.eventually("dropped") { await show.memory.tickets.map(\.product) == ["bee", "cat"] }
        #expect(next.events("incident").contains { $0["kind"] == .string("press-lost") })
        _ = try await show.press(.double, on: "plot1")
        try await next.eventually("called") { next.handedOver.map(\.name.first) == ["b"] }
    }

    @Test func ignoresOldPresses() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small())
        _ = try await show.press(.double, on: "plot1")
        #expect(try await show.press(press(time: fake.now - 30_001), source: "s", on: "plot1") == .old)
        _ = try ticket(try await show.press(press(time: fake.now - 30_000), source: "s", on: "plot1"))
    }

    @Test func refusesTheEleventhWaitingPressAndLosesNone() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small())
        fake.setPauses(true)
        _ = try await show.press(.double, on: "plot1")
        var promised = [try ticket(try await show.press(.single, on: "plot1"))]
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        for _ in 0..<10 { promised.append(try ticket(try await show.press(.single, on: "plot1"))) }
        do throws(InstallationError) {
            _ = try await show.press(press(id: "x"), source: "s", on: "plot1")
            Issue.record("an eleventh was taken")
        } catch {
            #expect(Problem(error).status == 429 && Problem(error).retryAfterSeconds != nil)
        }
        #expect(fake.events("incident").contains { $0["kind"] == .string("queue-full") })
        for count in 1...11 {
            try await fake.eventually("plot \(count)") { fake.state(of: "plot1")?.job != nil }
            try await fake.finish("plot1")
            if count == 1 {
                // What was refused may be sent again.
                let late = try await show.press(press(id: "x"), source: "s", on: "plot1")
                if case .moved = late { _ = try await show.press(.single, on: "plot1") }
            }
            _ = try? await show.press(.double, on: "plot1")
        }
        try await fake.eventually("all drawn") { fake.drawn.count == 11 }
        #expect(fake.drawn.map(\.ticket) == promised.map(\.id))
    }

    @Test func namesWhatIsUnknown() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small())
        await #expect(throws: InstallationError.self) { try await show.press(.single, on: "plot9") }
        await #expect(throws: InstallationError.self) { try await show.press(press(), source: "s", on: "plot9") }
        await #expect(throws: InstallationError.self) { try await show.enter("plot9", time: nil) }
        await #expect(throws: InstallationError.self) { try await show.reset("plot9") }
        do throws(InstallationError) { _ = try await show.press(.single, on: "plot9") } catch {
            #expect(Problem(error).status == 404 && error.sentence.contains("plot9"))
        }
    }

    @Test func aFullDiskRefusesThePressAndKeepsTheCycle() async throws {
        let folder = try ShowFolder()
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small(), folder: folder.path)
        _ = try await show.press(.double, on: "plot1")
        // A folder in place of the file: nothing can be stored.
        try FileManager.default.removeItem(atPath: folder.path + "/installation.json")
        try FileManager.default.createDirectory(
            atPath: folder.path + "/installation.json/x", withIntermediateDirectories: true)
        do throws(InstallationError) {
            _ = try await show.press(.single, on: "plot1")
            Issue.record("taken")
        } catch { #expect(Problem(error).status == 503) }
        #expect(await show.memory.position == 0)
        // D18: health tells it, and tells when it is over.
        #expect(await !show.isHealthy)
        try FileManager.default.removeItem(atPath: folder.path + "/installation.json")
        #expect(try ticket(try await show.press(.single, on: "plot1")).product == "ant")
        #expect(await show.isHealthy)
    }

    @Test func putsADamagedMemoryAside() async throws {
        let folder = try ShowFolder()
        try Data("{\"version\":1,\"position\":-3".utf8).write(
            to: URL(fileURLWithPath: folder.path + "/installation.json"))
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small(), folder: folder.path)
        #expect(await show.memory == InstallationMemory())
        #expect(fake.events("incident").count == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.contains { $0.hasPrefix("installation.damaged-") })
    }

    @Test func aPlotterTakenAwayBeforeThePenBeganKeepsThePress() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(.small())
        fake.refuse(.queue(.starting))
        _ = try await show.press(.double, on: "plot1")
        let promised = try ticket(try await show.press(.single, on: "plot1"))
        _ = try await show.reset("plot1")
        fake.refuse(nil)
        #expect(fake.drawn.isEmpty)
        // D26: nothing is shown that is not drawn.
        #expect(await show.current.isEmpty)
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("drawn") { fake.drawn.map(\.ticket) == [promised.id] }
    }

    @Test func whatWaitsIsSmall() throws {
        var memory = InstallationMemory()
        for place in 0..<10 {
            memory.tickets.append(
                PressTicket(
                    id: Identifier.make(), plotter: "plot1", product: "terraform", seed: 1_700_000_000_000 + place,
                    job: Identifier.make()))
        }
        #expect(memory.json.bytes.count < 10 * 300)
        #expect(InstallationMemory(try JSONReader.read(memory.json.bytes)) == memory)
    }

    /// 1,000 presses, many at once, some repeated, over two plotters: each that is accepted becomes one drawing.
    @Test(arguments: [UInt64(1)]) func everyAcceptedPressBecomesExactlyOneDrawing(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let fake = FakePlotters(["plot1", "plot2"])
        let show = try await fake.installation(.small(paper: .endless))
        try await fake.eventually("armed") { fake.plotters.allSatisfy { fake.state(of: $0)?.publicName != "raised" } }
        var tally = Tally()
        var sent = 0
        while sent < 1_000 {
            let burst = min(1_000 - sent, 1 + Int(random.unit() * 12))
            let presses = (0..<burst).map { index -> (Press, String) in
                // A repeat comes with the id, and so from the button, of an earlier press.
                let id = random.unit() < 0.1 ? "p\(max(0, sent - 1))" : "p\(sent + index)"
                return (press(button: id, id: id), random.unit() < 0.5 ? "plot1" : "plot2")
            }
            sent += burst
            for outcome in await send(presses, to: show) { tally.count(outcome, seed) }
            let crowd = Int(random.unit() * 11)
            try await fake.eventually("room, seed \(seed)") {
                await fake.laySheets()
                return await show.lines.values.allSatisfy { $0.waiting.count <= crowd }
            }
        }
        try await fake.eventually("all drawn, seed \(seed)") {
            await fake.laySheets()
            return fake.drawn.count >= tally.promised.count
        }
        try await fake.eventually("nothing left") { await show.memory.tickets.isEmpty }
        #expect(fake.events("incident").allSatisfy { $0["kind"] == .string("queue-full") }, "seed \(seed)")
        check(tally.promised.sorted { $0.seed < $1.seed }, fake, cycle: show.plan.cycle, seed)
        print("\(tally.promised.count) drawn, \(tally.repeated) repeated, \(tally.full) refused")
        #expect(tally.promised.count > 100 && tally.repeated > 10, "seed \(seed)")
    }

    /// What became of many presses.
    private struct Tally {
        var promised: [PressTicket] = []
        var repeated = 0
        var full = 0

        mutating func count(_ outcome: Result<PressOutcome, Problem>, _ seed: UInt64) {
            switch outcome {
            case .success(.queued(let ticket, _, _)): promised.append(ticket)
            case .success(.repeated): repeated += 1
            case .success(.old): Issue.record("old, seed \(seed)")
            // A press in the moment between two drawings moves the pen.
            case .success(.moved): break
            case .failure(let problem):
                #expect(problem.status == 429, "seed \(seed)")
                full += 1
            }
        }
    }

    /// All at once.
    private func send(_ presses: [(Press, String)], to show: Installation) async -> [Result<PressOutcome, Problem>] {
        await withTaskGroup(of: Result<PressOutcome, Problem>.self) { group in
            for (press, plotter) in presses {
                group.addTask {
                    do throws(InstallationError) {
                        return .success(try await show.press(press, source: "s", on: plotter))
                    } catch { return .failure(Problem(error)) }
                }
            }
            return await group.reduce(into: [Result<PressOutcome, Problem>]()) { $0.append($1) }
        }
    }

    private func check(_ promised: [PressTicket], _ fake: FakePlotters, cycle: [String], _ seed: UInt64) {
        #expect(promised.map(\.product) == promised.indices.map { cycle[$0 % cycle.count] }, "seed \(seed)")
        #expect(Set(promised.map(\.seed)).count == promised.count, "seed \(seed)")
        #expect(fake.drawn.count == promised.count, "seed \(seed)")
        #expect(Set(fake.drawn.map(\.drawing)).count == promised.count, "seed \(seed)")
        for plotter in fake.plotters {
            let own = promised.filter { $0.plotter == plotter }.map(\.id)
            #expect(fake.drawn.filter { $0.plotter == plotter }.map(\.ticket) == own, "seed \(seed)")
        }
    }
}
