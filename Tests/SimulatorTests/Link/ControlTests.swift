internal import EBB
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import Simulator

/// Pause, resume, cancel and stop of a run on the virtual board, at many moments.
struct ControlTests {
    static let firmwares = [FirmwareVersion.v281, .v303]
    private static let program = SampleProgram.strokes(5, seed: 11)

    /// One run with something asked of it at a moment.
    private final class ControlledRun: Sendable {
        struct Seen: Sendable {
            var reasons: [PauseReason] = []
            /// Pen up and nothing moving, at every time that the run stood.
            var rests: [Bool] = []
            var asked: Int64?
            var isArranged = false
        }

        let loopback: Loopback
        let driver: Driver
        let requests = RunRequests()
        let seen = Mutex(Seen())

        init(_ firmware: FirmwareVersion) async throws {
            var configuration = BoardConfiguration(firmware: firmware)
            configuration.keepsRecords = true
            loopback = Loopback(configuration, speed: .maximum)
            driver = Driver(transport: loopback)
            _ = try await driver.connect()
            _ = loopback.withBoard { $0.takeRecords() }
        }

        /// - Parameter resumes: whether a person goes on a second after the run has stood still.
        func draw(
            at tick: Int64? = nil, resumes: Bool = true,
            _ request: @escaping @Sendable (ControlledRun) -> Void = { _ in },
            pressed: @escaping @Sendable () -> Void = {}
        ) async -> RunEnd {
            await driver.run(RunStart(ControlTests.program), requests: requests) { event in
                let isFirst = self.seen.withLock { seen in
                    defer { seen.isArranged = true }
                    return !seen.isArranged
                }
                if isFirst, let tick {
                    self.loopback.perform(at: tick) {
                        let now = self.loopback.withBoard { $0.now }
                        self.seen.withLock { $0.asked = now }
                        request(self)
                    }
                }
                if event == .pressed { pressed() }
                guard case .stood(let reason) = event else { return }
                let (now, isAtRest) = self.loopback.withBoard { ($0.now, $0.isPenUp && $0.isIdle) }
                self.seen.withLock { seen in
                    seen.reasons.append(reason)
                    seen.rests.append(isAtRest)
                }
                if resumes { self.loopback.perform(at: now + 25_000) { self.requests.resume() } }
            }
        }

        var reasons: [PauseReason] { seen.withLock { $0.reasons } }
        var incidents: [Incident] { loopback.withBoard { $0.incidents } }
        /// Place by place where the pen has been down, whatever the time.
        var drawnMillimetres: Double { loopback.snapshot(since: 0).penDownMillimetres }
        var lifts: Int { loopback.snapshot(since: 0).penLifts }
        var isUpAndIdle: Bool { loopback.withBoard { $0.isPenUp && $0.isIdle } }
        var records: [CommandRecord] { loopback.withBoard { $0.takeRecords() } }
    }

    /// Moments of the undisturbed run, from its first command to its last, and what it leaves.
    private static func undisturbed(_ firmware: FirmwareVersion, _ count: Int) async throws
        -> (ticks: [Int64], millimetres: Double, lifts: Int)
    {
        let run = try await ControlledRun(firmware)
        let start = run.loopback.withBoard { $0.now }
        #expect(await run.draw() == .done)
        let end = run.loopback.withBoard { $0.now }
        let ticks = (0..<count).map { start + 100 + (end - start - 200) * Int64($0) / Int64(count) }
        return (ticks, run.drawnMillimetres, run.lifts)
    }

    @Test(arguments: firmwares) func pauseNowRestsInMidStrokeAndLosesNoInk(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 24)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            #expect(await run.draw(at: tick) { $0.requests.pause(.now) } == .done, "at \(tick)")
            #expect(run.reasons.allSatisfy { $0 == .asked } && run.reasons.count <= 1, "at \(tick)")
            #expect(run.seen.withLock { !$0.rests.contains(false) }, "at \(tick)")
            #expect(run.incidents == [], "at \(tick)")
            #expect(abs(run.drawnMillimetres - whole.millimetres) < 0.1, "at \(tick)")
            #expect(run.loopback.withBoard { $0.position == (0, 0) }, "at \(tick)")
        }
    }

    @Test(arguments: firmwares) func pauseAtPenUpLiftsNoMoreThanThePlot(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 24)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            #expect(await run.draw(at: tick) { $0.requests.pause(.atPenUp) } == .done, "at \(tick)")
            #expect(run.reasons.allSatisfy { $0 == .asked } && run.reasons.count <= 1, "at \(tick)")
            #expect(run.seen.withLock { !$0.rests.contains(false) }, "at \(tick)")
            #expect(run.incidents == [], "at \(tick)")
            #expect(run.lifts == whole.lifts && run.drawnMillimetres == whole.millimetres, "at \(tick)")
        }
    }

    @Test(arguments: firmwares) func resumeTakesAPauseBack(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 20)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick) { run in
                run.requests.pause(.atPenUp)
                run.requests.resume()
            }
            #expect(end == .done && run.reasons.isEmpty, "at \(tick)")
            #expect(run.incidents == [] && run.lifts == whole.lifts, "at \(tick)")
        }
    }

    @Test(arguments: firmwares) func cancelEndsAtRestWithThePenUp(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 24)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick) { $0.requests.cancel() }
            #expect(end == .cancelled || (end == .done && run.drawnMillimetres == whole.millimetres), "at \(tick)")
            #expect(run.isUpAndIdle && run.incidents == [], "at \(tick)")
            #expect(run.drawnMillimetres <= whole.millimetres + 0.1, "at \(tick)")
        }
    }

    @Test(arguments: firmwares) func cancelAndStopEndAStandingRun(_ firmware: FirmwareVersion) async throws {
        for isStop in [false, true] {
            let whole = try await Self.undisturbed(firmware, 10)
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: whole.ticks[5], resumes: false) { run in
                run.requests.pause(.now)
                let later = run.loopback.withBoard { $0.now } + 250_000
                run.loopback.perform(at: later) { isStop ? run.driver.stop() : run.requests.cancel() }
            }
            #expect(end == .cancelled && run.reasons == [.asked] && run.isUpAndIdle, "stop: \(isStop)")
        }
    }

    /// What has been planned to come to rest is not slowed down once more, nor set free half-way.
    @Test(arguments: firmwares) func aSecondRequestLeavesTheDecelerationAsItIs(_ firmware: FirmwareVersion) async throws
    {
        let whole = try await Self.undisturbed(firmware, 24)
        for (index, tick) in whole.ticks.enumerated() {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick) { run in
                run.requests.pause(.now)
                switch index % 3 {
                case 0: run.requests.cancel()
                case 1:
                    run.requests.resume()
                    run.requests.pause(.now)
                default:
                    run.requests.pause(.atPenUp)
                    run.requests.resume()
                }
            }
            #expect(end == (index % 3 == 0 ? .cancelled : .done) || tick == whole.ticks.last, "at \(tick)")
            #expect(run.isUpAndIdle && run.incidents == [], "at \(tick), \(index % 3)")
        }
    }

    /// While nothing at all reaches the driver, a stop is on the wire at the very tick at which it was asked for: so nothing
    /// is awaited between. On 2.x one command may be in the parser before it, for 15 ms at most.
    @Test(arguments: firmwares) func stopWaitsForNothing(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 30)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick) { run in
                run.loopback.stall(ticks: 50_000)
                run.driver.stop()
            }
            #expect(end == .cancelled && run.isUpAndIdle, "at \(tick)")
            let asked = try #require(run.seen.withLock { $0.asked })
            let after = run.records.filter { $0.tick >= asked }
            let stop = try #require(after.firstIndex { $0.command.starts(with: "ES".utf8) }, "at \(tick)")
            #expect(after[stop].tick - asked <= (firmware.major >= 3 ? 0 : 375), "at \(tick)")
            let motion = after[stop...].filter {
                $0.command.starts(with: "LM".utf8) || $0.command.starts(with: "SM".utf8)
            }
            #expect(motion.isEmpty, "at \(tick): \(motion.count) moves after the stop")
        }
    }

    @Test(arguments: firmwares) func aStopWithoutARunConcernsNoLaterOne(_ firmware: FirmwareVersion) async throws {
        let run = try await ControlledRun(firmware)
        run.driver.stop()
        #expect(await run.draw() == .done)
        #expect(run.reasons.isEmpty && run.incidents == [])
        #expect(run.records.filter { $0.command.starts(with: "ES".utf8) }.count == 1)
    }

    /// What was asked before the run has begun is kept in the mailbox.
    @Test(arguments: firmwares) func requestsFromBeforeTheRunCount(_ firmware: FirmwareVersion) async throws {
        for isStop in [false, true] {
            let run = try await ControlledRun(firmware)
            if isStop { run.requests.stop() } else { run.requests.cancel() }
            #expect(await run.draw() == .cancelled)
            #expect(run.records.isEmpty, "stop: \(isStop)")
        }
        let paused = try await ControlledRun(firmware)
        paused.requests.pause(.now)
        #expect(await paused.draw() == .done && paused.reasons == [.asked])
        let resumed = try await ControlledRun(firmware)
        resumed.requests.pause(.now)
        resumed.requests.resume()
        #expect(await resumed.draw() == .done && resumed.reasons.isEmpty)
    }

    @Test(arguments: firmwares) func theButtonPauses(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 10)
        for tick in whole.ticks {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick) { run in run.loopback.withBoard { $0.pressButton() } }
            #expect(end == .done && run.incidents == [] && run.lifts == whole.lifts, "at \(tick)")
            #expect(run.reasons == [.button] || (run.reasons.isEmpty && tick >= whole.ticks[9]), "at \(tick)")
        }
    }

    /// While the run stands it is looked at by its owner: a press is told, and goes on as the owner says.
    @Test(arguments: [FirmwareVersion(2, 5, 3)] + firmwares)
    func theButtonIsSeenWhileTheRunStands(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 6)
        for tick in whole.ticks.dropLast() {
            let run = try await ControlledRun(firmware)
            let presses = Mutex(0)
            let end = await run.draw(at: tick, resumes: false) { run in
                run.requests.pause(.now)
                let later = run.loopback.withBoard { $0.now } + 250_000
                run.loopback.perform(at: later) {
                    Task {
                        await run.driver.look()
                        run.loopback.withBoard { $0.pressButton() }
                        await run.driver.look()
                    }
                }
            } pressed: {
                presses.withLock { $0 += 1 }
                run.requests.resume()
            }
            #expect(end == .done && presses.withLock { $0 } == 1, "at \(tick)")
            #expect(abs(run.drawnMillimetres - whole.millimetres) < 0.1 && run.isUpAndIdle, "at \(tick)")
        }
    }

    /// Motors that were without power while the run stood: told at once, and nothing moves on resume before the power is
    /// back; then the plot goes on from home with the interrupted stroke.
    @Test(arguments: firmwares) func powerLostWhileTheRunStands(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 6)
        for tick in whole.ticks.dropLast() {
            let run = try await ControlledRun(firmware)
            let end = await run.draw(at: tick, resumes: false) { run in
                run.requests.pause(.now)
                let later = run.loopback.withBoard { $0.now } + 250_000
                run.loopback.perform(at: later) { Task { await Self.loseAndRestorePower(run) } }
            }
            let reasons = run.reasons
            #expect(end == .done && run.isUpAndIdle, "at \(tick)")
            #expect(reasons.count == 3 && reasons.first == .asked, "at \(tick): \(reasons)")
            for reason in reasons.dropFirst() {
                if case .motorPowerLost = reason {} else { Issue.record("\(reason) at \(tick)") }
            }
            #expect(run.drawnMillimetres >= whole.millimetres - 0.1, "at \(tick)")
        }
    }

    /// Off; a resume that is too early; on again and home; a resume.
    private static func loseAndRestorePower(_ run: ControlledRun) async {
        run.loopback.withBoard { $0.setSupply(counts: 0) }
        await run.driver.look()
        let place = run.loopback.withBoard { [$0.motors.motor1, $0.motors.motor2] }
        run.requests.resume()
        while run.reasons.count < 3 { try? await Task.sleep(for: .milliseconds(1)) }
        #expect(run.loopback.withBoard { [$0.motors.motor1, $0.motors.motor2] } == place)
        run.loopback.withBoard { board in
            board.setSupply(counts: 300)
            board.carryHome()
        }
        run.requests.resume()
    }

    @Test(arguments: firmwares) func aSecondRunIsRefused(_ firmware: FirmwareVersion) async throws {
        let whole = try await Self.undisturbed(firmware, 10)
        let run = try await ControlledRun(firmware)
        async let first = run.draw(at: whole.ticks[3], resumes: false) { $0.requests.pause(.atPenUp) }
        while run.reasons.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        guard case .failed = await run.driver.run(RunStart(Self.program)) else {
            Issue.record("two runs at once")
            return
        }
        run.requests.resume()
        #expect(await first == .done)
        #expect(run.drawnMillimetres == whole.millimetres)
    }
}
