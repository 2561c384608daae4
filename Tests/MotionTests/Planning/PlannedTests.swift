internal import Dispatch
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import Motion

/// Planning as a whole: the same bytes however many cores, stopped when told to.
struct PlannedTests {
    private let profile = MachineProfile.builtIn[0]

    /// Ways in which a caller may run what it is handed.
    private static let ways: [PlanExecution] = [
        .serial, PlanExecution(concurrently: { count, body in (0..<count).reversed().forEach(body) }),
        PlanExecution(concurrently: { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) }
        ),
    ]

    @Test func theStagesShareTheToleranceAndNoMore() {
        for tolerance in [0, 0.001, 0.005, 0.02, 0.1, 1] {
            for used in [
                ToleranceShare.chords + ToleranceShare.points, ToleranceShare.linePoints, ToleranceShare.points,
            ] {
                let moves = ToleranceShare.moves(of: tolerance, used: used)
                #expect(moves >= 0 && tolerance * used + moves <= tolerance * (1 + 1e-12))
            }
        }
    }

    @Test(arguments: SeededDrawing.allCases)
    func isTheSameOnOneCoreAsOnTwoAndEveryTime(_ kind: SeededDrawing) throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            let drawing = try kind.flat(size: 200, seed: seed)
            var options = PlotOptions()
            options.orderSeconds = 0.002
            let plans = try (Self.ways + Self.ways).map { way in
                try drawing.planned(options: options, profile: profile, execution: way)
            }
            for plan in plans {
                #expect(plan.polylines == plans[0].polylines, "\(kind), seed \(seed)")
                #expect(plan.layers == plans[0].layers && plan.diagnostics == plans[0].diagnostics)
            }
            #expect(drawing.polylines == (try kind.flat(size: 200, seed: seed)).polylines)
        }
    }

    /// Large enough that simplifying is cut into several pieces of work.
    @Test func largeDrawingsAreSimplifiedTheSameOnTwoCores() throws {
        let drawing = try SeededDrawing.scan.flat(size: 150_000, seed: 5)
        var options = PlotOptions()
        options.order = .none
        let plans = try Self.ways.map { way in
            try drawing.planned(options: options, profile: profile, execution: way).polylines
        }
        #expect(plans[0].points.count < 149_000)
        #expect(plans[1] == plans[0] && plans[2] == plans[0])
    }

    @Test func isStoppedWhereverItIs() throws {
        let drawing = try SeededDrawing.hatch.flat(size: 300, seed: 1)
        var options = PlotOptions()
        options.orderSeconds = 0.01
        let asked = Mutex(0)
        let counting = PlanExecution(
            concurrently: PlanExecution.serial.concurrently,
            isCancelled: {
                asked.withLock {
                    $0 += 1
                    return false
                }
            })
        _ = try drawing.planned(options: options, profile: profile, execution: counting)
        let times = asked.withLock { $0 }
        #expect(times > 10)
        for stop in [0, 1, 2, 3, times / 2, times - 1] {
            let left = Mutex(stop)
            let execution = PlanExecution(
                concurrently: PlanExecution.serial.concurrently,
                isCancelled: {
                    left.withLock {
                        $0 -= 1
                        return $0 < 0
                    }
                })
            #expect(throws: PlanError.cancelled) {
                try drawing.planned(options: options, profile: profile, execution: execution)
            }
        }
    }

    @Test func progressGrowsFromStageToStage() throws {
        let drawing = try SeededDrawing.hatch.flat(size: 300, seed: 1)
        let seen = Mutex<[(String, Double)]>([])
        let execution = PlanExecution(
            concurrently: PlanExecution.serial.concurrently,
            progress: { stage, fraction in seen.withLock { $0.append((stage.description, fraction)) } })
        _ = try drawing.planned(options: PlotOptions(), profile: profile, execution: execution)
        let told = seen.withLock { $0 }
        #expect(told.map(\.0) == told.map(\.0).sorted(), "join, then order")
        #expect(told.allSatisfy { (0...1).contains($0.1) })
        let order = told.filter { $0.0 == "order" }.map(\.1)
        #expect(order == order.sorted() && order.last == 1)
    }
}
