internal import EBB
internal import Testing

@testable internal import Simulator

/// Each kind of incident: when it is one, its tick and place, and the neighbouring case that is none.
struct IncidentTests {
    private func run(_ lines: [String], _ firmware: FirmwareVersion = .v303) -> Replay.Summary {
        Replay(BoardConfiguration(firmware: firmware)).run(Array(lines.joined(separator: "\n").utf8))
    }

    private func only(_ kind: Incident.Kind, _ lines: [String], _ firmware: FirmwareVersion = .v303) -> [Incident] {
        run(lines, firmware).incidents.filter { $0.kind == kind }
    }

    /// 25 ticks a step to the left: the second step beyond home is the first that counts, once an excursion.
    @Test func outOfBoundsIsMoreThanOneStepBeyond() {
        let out = only(.outOfBounds, ["SM,10,-10,-10,3", "SM,20,20,20,3", "SM,10,-15,-15,3"])
        #expect(out.count == 2)
        #expect(out.first?.command == 0)
        // Two steps of both motors are 0.025 mm of x.
        #expect(out.first.map { abs($0.xMillimetres + 0.025) < 0.013 } == true, "\(out)")
        #expect(out.first.map { (45...55).contains($0.tick) } == true, "\(out)")
        #expect(only(.outOfBounds, ["SM,10,-1,-1,3"]).isEmpty)
        #expect(only(.outOfBounds, ["SM,1000,8000,0,3", "SM,1000,8000,0,3"]).isEmpty)
        // 300 mm are 24,000 steps of both.
        #expect(only(.outOfBounds, ["SM,4000,24001,24001,3"]).isEmpty)
        #expect(only(.outOfBounds, ["SM,4000,24002,24002,3"]).count == 1)
    }

    /// Pen lowered for long, ordered up without a wait: the first step of the move that follows drags.
    @Test func inkIsDraggedWhileThePenStillTouches() {
        let pen = ["SC,4,20641", "SC,5,15248", "SP,1,1000", "SP,0,1000"]
        let dragged = only(.inkDragged, pen + ["SP,1", "SM,1000,1000,1000,3"])
        #expect(dragged.count == 1 && dragged.first?.command == 5)
        // 2 s of pen and one tick for the order; steps come every 25 ticks.
        #expect(dragged.first.map { (50_001...50_028).contains($0.tick) } == true, "\(dragged)")
        #expect(only(.inkDragged, pen + ["SP,1,200", "SM,1000,1000,1000,3"]).isEmpty)
    }

    /// A move during whose run the pen comes down is one if more than 0.1 mm of it is left.
    @Test func touchingDownInAMoveDragsInk() {
        let pen = ["SC,4,20641", "SC,5,15248", "SP,1,1000", "SP,0"]
        #expect(only(.inkDragged, pen + ["SM,1000,1000,1000,3"]).count == 1)
        // Over before the pen has come down.
        #expect(only(.inkDragged, pen + ["SM,40,40,40,3", "SM,1000,0,0"]).isEmpty)
    }

    @Test func ratesMayStepByFourThousand() {
        #expect(only(.accelerationStep, ["SM,1000,3990,3990,3"]).isEmpty)
        // From rest and back to rest.
        let steps = only(.accelerationStep, ["SM,1000,4100,0,3"])
        #expect(steps.count == 2 && steps.allSatisfy { $0.command == 0 })
        #expect(steps.first?.tick == 0)
        #expect(only(.accelerationStep, ["SM,1000,3000,0,3", "SM,1000,6500,0,3", "SM,1000,3000,0,3"]).isEmpty)
        #expect(only(.accelerationStep, ["SM,1000,3000,0,3", "SM,1000,-3000,0,3"]).count == 1)
    }

    /// A board that is fed too late after a fast move; how long it stood is told.
    @Test func starvedIsAnEmptyQueueAfterAFastMove() {
        func starved(_ steps: Int) -> [Incident] {
            var board = VirtualBoard(BoardConfiguration(firmware: .v303))
            board.receive(Array("SM,100,\(steps),0\r".utf8))
            board.advance(to: 5_000)
            board.receive(Array("SM,100,\(steps),0\r".utf8))
            board.advance(to: 20_000)
            return board.incidents.filter { $0.kind == .starved }
        }
        // 41 steps in 100 ms are faster than 400 steps/s, 39 are not.
        let fast = starved(41)
        #expect(fast.count == 2)
        #expect(fast.first.map { (2_490...2_510).contains($0.tick) } == true, "\(fast)")
        #expect(fast.first?.gapTicks.map { (2_490...2_510).contains($0) } == true, "\(fast)")
        #expect(starved(39).isEmpty)
    }

    @Test func aRateThatWrapsIsTold() {
        // On 2.8.1 a rate that falls below zero turns into nearly full speed.
        let wrapped = only(.rateWrapped, ["LM,42949673,100,-42950,0,0,0,3"], .v281)
        #expect(wrapped.count == 1)
        // Zero is reached after 1,000 ticks.
        #expect(wrapped.first.map { (990...1_010).contains($0.tick) } == true, "\(wrapped)")
        #expect(only(.rateWrapped, ["LM,42949673,5,-1000,0,0,0,3"], .v281).isEmpty)
    }

    @Test func stepsOfDeadMotorsAreTold() {
        #expect(only(.motorsOff, ["SM,100,10,10,3", "EM,0,0"]).isEmpty)
        // A move switches the motors on when it is parsed; what was queued before EM runs with them off.
        var board = VirtualBoard(BoardConfiguration(firmware: .v303))
        board.receive(Array("CU,4,8\rSM,100,10,10\rEM,0,0\rSM,100,10,10\r".utf8))
        board.advance(to: 25_000)
        let off = board.incidents.filter { $0.kind == .motorsOff }
        #expect(off.count == 1 && off.first?.command == 3, "\(off)")
        #expect(board.carriage.xMillimetres > 0.12 && board.carriage.xMillimetres < 0.13)
    }

    @Test func aCommandWithoutEndStopsTheReplay() {
        let summary = run(["LM,85899346,10,0,0,5,0,3", "SM,100,10,10"])
        #expect(summary.incidents.map(\.kind).contains(.neverEnds))
        #expect(summary.commands == 1)
    }

    /// Ink begins when the servo passes the paper: at pulse 16,500 on RB1, at 8,000 on RB2.
    @Test(arguments: [("", 20_641, 15_248, 16_500.0, 1), (",2", 9_720, 7_560, 8_000.0, 2)])
    func inkBeginsAtThePaper(_ pin: String, _ up: Int, _ down: Int, _ paper: Double, _ servo: Int) throws {
        let lines = ["SC,4,\(up)", "SC,5,\(down)", "SP,1,1000\(pin)", "SP,0,1000\(pin)"]
        var board = VirtualBoard(BoardConfiguration(firmware: .v303))
        for line in lines.prefix(3) { board.receive(Array((line + "\r").utf8)) }
        board.advance(to: 26_000)
        #expect(!board.isPenTouching)
        board.receive(Array((lines[3] + "\r").utf8))
        let start = board.now
        var touch: Int64?
        for tick in stride(from: start, through: start + 25_000, by: 25) where touch == nil {
            board.advance(to: tick)
            if board.isPenTouching { touch = tick }
        }
        let time = try #require(touch) - start
        // Linear from up to down, so the share of the way is the share of the time; it is at the bottom in the end.
        board.advance(to: start + 25_000)
        #expect(Int(board.penHeight.rounded()) == down)
        var whole = time
        board = VirtualBoard(BoardConfiguration(firmware: .v303))
        for line in lines { board.receive(Array((line + "\r").utf8)) }
        board.advance(to: 26_000)
        for tick in stride(from: Int64(25_000), through: 50_000, by: 25) {
            board.advance(to: max(board.now, tick))
            if Int(board.penHeight.rounded()) == down {
                whole = tick - 25_001
                break
            }
        }
        let share = (Double(up) - paper) / Double(up - down)
        #expect(abs(Double(time) / Double(whole) - share) < 0.05, "\(time) of \(whole)")
    }
}
