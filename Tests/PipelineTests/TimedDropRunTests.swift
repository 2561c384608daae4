internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// A pen that falls beside travel, whatever happens meanwhile: nothing is drawn beside the drawing, and all of it once.
struct TimedDropRunTests {
    /// Level lines, so that all that a pen touches can be told to lie on one of them; some travels are long, some short.
    private static let drawing: [UInt8] = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='120mm' height='90mm' viewBox='0 0 120 90' "
        text += "fill='none' stroke='black'>"
        for (x, y) in [(60, 40), (20, 44), (26, 60)] { text += "<path d='M\(x) \(y)h4'/>" }
        return Array((text + "</svg>").utf8)
    }()

    private struct Plot: Sendable {
        var program: Program
        var configuration: BoardConfiguration
        var ink = PenSteps([])
        /// Where the pen touches; motor steps from end to end of each line.
        var lines: [(from: MotorPosition, to: MotorPosition)] = []
        /// Within and around every window from a pen-down that waits for nothing to the beginning of its stroke.
        var moments: [Int64] = []
        var begin: Int64 = 0

        init(_ firmware: String, motion: String = "junction") async throws {
            let request = try Fixture.request(["--firmware", firmware, "--order", "none", "--motion", motion])
            let prepared = try PreparedPlot(
                drawing: TimedDropRunTests.drawing, request: request, execution: .serial)
            program = Program(prepared.stream)
            configuration = request.board
            configuration.keepsRecords = true
            let run = try await TimedRun(self)
            begin = run.loopback.now
            #expect(await run.draw(program) == .done)
            #expect(run.incidents == [])
            let vertices = run.vertices
            ink = PenSteps(vertices)
            for (a, b) in zip(vertices, vertices.dropFirst())
            where a.isTouching && (a.motor1, a.motor2) != (b.motor1, b.motor2) {
                lines.append((MotorPosition(a.motor1, a.motor2), MotorPosition(b.motor1, b.motor2)))
            }
            let records = run.loopback.withBoard { $0.takeRecords() }.filter {
                ["SP", "LM", "LT"].contains(String(decoding: $0.command.prefix(2), as: UTF8.self))
            }
            var isOpen = false
            for (index, record) in records.enumerated() {
                let text = String(decoding: record.command, as: UTF8.self)
                if text.hasPrefix("SP,0") { isOpen.toggle() }
                guard isOpen || text.hasPrefix("SP,0") else { continue }
                // As it is sent, and as it runs: at its beginning, its middle and its end.
                let before = index > 0 ? records[index - 1].startTick : record.startTick
                moments += [record.tick - 1, record.tick + 2, before + 1, record.startTick + 1]
                moments.append(record.startTick + record.ticks / 2)
            }
            moments = Array(Set(moments.filter { $0 > begin + 10 })).sorted()
        }

        /// A place on the paper that is on none of the lines, if there is one.
        func beside(_ vertices: [Trace.Vertex]) -> Trace.Vertex? {
            vertices.first { vertex in
                vertex.isTouching
                    && !lines.contains { line in
                        let (low1, high1) = (
                            min(line.from.motor1, line.to.motor1), max(line.from.motor1, line.to.motor1)
                        )
                        let (low2, high2) = (
                            min(line.from.motor2, line.to.motor2), max(line.from.motor2, line.to.motor2)
                        )
                        return (low1 - 4...high1 + 4).contains(vertex.motor1)
                            && (low2 - 4...high2 + 4).contains(vertex.motor2)
                    }
            }
        }
    }

    /// One board, and one driver after the other.
    private final class TimedRun: Sendable {
        let loopback: Loopback
        let requests: RunRequests
        private let driver: Driver
        private let last = Mutex(PlotProgress())
        private let arranged = Mutex<[@Sendable () -> Void]>([])
        private let endsWhenLost: Bool

        init(_ plot: Plot, on loopback: Loopback? = nil, endsWhenLost: Bool = false) async throws {
            self.loopback = loopback ?? Loopback(plot.configuration, speed: .maximum)
            requests = RunRequests()
            self.endsWhenLost = endsWhenLost
            driver = Driver(transport: self.loopback)
            _ = try await driver.connect()
            if loopback == nil { _ = self.loopback.withBoard { $0.takeRecords() } }
        }

        func arrange(_ action: @escaping @Sendable () -> Void) { arranged.withLock { $0.append(action) } }

        func draw(_ program: Program) async -> RunEnd { await draw(RunStart(program)) }

        func draw(_ start: RunStart) async -> RunEnd {
            let end = await driver.run(start, requests: requests) { [self] event in
                let actions = arranged.withLock { actions in
                    defer { actions = [] }
                    return actions
                }
                for action in actions { action() }
                switch event {
                case .progressed(let progress): last.withLock { $0 = progress }
                case .stood(.linkLost) where endsWhenLost: requests.stop()
                case .stood(.linkLost): break
                case .stood(.positionLost): bringHome()
                case .stood: loopback.perform(at: loopback.now + 25_000) { self.requests.resume() }
                case .recovered, .pressed, .changed, .kept, .grew: break
                }
            }
            loopback.endArrangements()
            return end
        }

        /// As a daemon does that finds a board: raises its pen and asks where it stands.
        func goOn(_ program: Program, from progress: PlotProgress) async throws -> RunEnd {
            let isUp = try await driver.ask(.isPenUp)
            if !isUp { _ = try await driver.ask(.pen(isUp: true, milliseconds: 300, pin: nil)) }
            let record = RunRecord(session: DriverSettings().session, command: progress.commands, isPenUp: isUp)
            guard case .proven(let command, let counters) = try await driver.place(in: program, record: record) else {
                return .failed("the place is not proved")
            }
            return await draw(RunStart(program, place: (command: command, counters: counters)))
        }

        /// Somebody puts the carriage home after a while, and says so.
        private func bringHome() {
            loopback.perform(at: loopback.now + 25_000) {
                _ = self.loopback.withBoard { $0.carryHome() }
                self.requests.resume()
            }
        }

        func stop() { driver.stop(requests) }

        func close() async { await driver.close() }

        var progress: PlotProgress { last.withLock { $0 } }
        var vertices: [Trace.Vertex] {
            let seen = loopback.snapshot(since: 0)
            return seen.vertices + [seen.live]
        }
        var incidents: [Incident] { loopback.withBoard { $0.incidents } }
    }

    /// What is not as it should be at the end; nil if all is.
    private static func fault(_ run: TimedRun, _ end: RunEnd, _ plot: Plot, after trouble: Trouble) -> String? {
        if end != (trouble == .stop ? .cancelled : .done) { return "ended \(end)" }
        if let first = run.incidents.first(where: { $0.kind == .inkDragged }) { return "\(first)" }
        let vertices = run.vertices
        if let place = plot.beside(vertices) { return "beside: \(place)" }
        // After a stop some is missing, after a loss of power the stroke in hand may be there twice.
        guard trouble != .stop, trouble != .powerLoss else { return nil }
        return PenSteps(vertices) == plot.ink ? nil : "other ink"
    }

    enum Trouble: String, CaseIterable, Sendable { case pause, pauseAtPenUp, cut, late, stall, kill, stop, powerLoss }

    @Test(arguments: ["junction", "physical"], Trouble.allCases)
    func nothingIsDrawnBeside(_ motion: String, _ trouble: Trouble) async throws {
        let plot = try await Plot("3.0.3", motion: motion)
        #expect(plot.moments.count >= 12)
        for moment in plot.moments {
            let run = try await TimedRun(plot, endsWhenLost: trouble == .kill)
            let (loopback, requests) = (run.loopback, run.requests)
            switch trouble {
            case .pause: run.arrange { loopback.perform(at: moment) { requests.pause(.now) } }
            case .pauseAtPenUp: run.arrange { loopback.perform(at: moment) { requests.pause(.atPenUp) } }
            case .cut:
                let rule = FaultRule(.at(tick: moment), .unplug(ticks: 30_000, resets: false))
                run.arrange { loopback.add(FaultScript(rules: [rule])) }
            case .late:
                run.arrange {
                    loopback.perform(at: moment) {
                        loopback.add(FaultScript(rules: [FaultRule(.random(0.7), .delay(ticks: 5_000))]))
                    }
                }
            case .stall: run.arrange { loopback.perform(at: moment) { loopback.stall(ticks: 10_000) } }
            case .kill: run.arrange { loopback.perform(at: moment) { loopback.pullCable() } }
            case .stop: run.arrange { loopback.perform(at: moment) { run.stop() } }
            case .powerLoss:
                run.arrange {
                    loopback.perform(at: moment) {
                        loopback.pullCable()
                        loopback.withBoard { $0.powerCycle() }
                    }
                    loopback.perform(at: moment + 30_000) { loopback.plugCable() }
                }
            }
            var last = run
            var end = await run.draw(plot.program)
            if trouble == .kill {
                await run.close()
                loopback.plugCable()
                last = try await TimedRun(plot, on: loopback)
                end = try await last.goOn(plot.program, from: run.progress)
            }
            #expect(Self.fault(last, end, plot, after: trouble) == nil, "\(trouble) at \(moment)")
        }
    }

    /// An old board has one place in its queue: the carriage would wait for a late reply while the pen falls.
    @Test func anOldBoardsPenFallsAtRest() async throws {
        func early(_ firmware: String) async throws -> Int {
            try await Plot(firmware).program.commands.count { $0 == .pen(isUp: false, milliseconds: 0, pin: nil) }
        }
        #expect(try await early("2.8.1") == 0)
        #expect(try await early("3.0.3") == 3)
    }
}
