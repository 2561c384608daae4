internal import Foundation
internal import HTTP
internal import Motion
internal import TestSupport
internal import Testing

@testable import axidrawd

/// What begins by itself, and what does not: the whole table.
struct DecisionTests {
    private static let states: [(String, PlotterState)] = [
        ("absent", .absent), ("raised", .raised), ("lowered", .lowered), ("free", .free),
        ("awaiting", .awaiting(grant: nil)), ("awaiting(G)", .awaiting(grant: "G")),
        ("plotting", .plotting(job: "X", progress: PlotProgress())), ("stopping", .stopping(job: "X")),
        ("paused", .paused(job: "X", progress: PlotProgress(), reason: .asked)),
        ("faulted", .faulted(Fault(message: "no power"))),
    ]
    /// States of the jobs in the queue; `+` is planned.
    private static let queues = [
        "", "queued", "queued+", "held+", "held+ queued+", "interrupted+ queued+", "waitingForPaper+",
        "plotting+ queued+",
    ]
    private static let situations: [(String, @Sendable (inout DeviceRecord, inout JobTable) -> Void)] = [
        ("–", { _, _ in }), ("stopped", { device, _ in device.stoppedAt = 1 }),
        ("paper", { device, _ in device.waitsForPaper = true }),
        ("paper, advances", { device, _ in (device.waitsForPaper, device.autoAdvance) = (true, true) }),
        ("disk", { device, _ in device.hindrance = DiskTrouble(isFull: true, sentence: "full") }),
        ("starting", { device, _ in device.starting = .init(job: "A", number: 1) }),
        ("closing", { _, table in table.isClosing = true }),
        (
            "stopped, advances",
            { device, _ in (device.stoppedAt, device.waitsForPaper, device.autoAdvance) = (1, true, true) }
        ),
    ]

    private static func table(
        _ state: PlotterState, _ queue: String, _ situation: (inout DeviceRecord, inout JobTable) -> Void
    ) -> JobTable {
        var table = JobTable()
        var device = DeviceRecord(
            name: "P", isSimulated: true, profile: "p", travel: Size(width: 1, height: 1), simulatedSpeed: nil)
        device.state = state
        for (index, word) in queue.split(separator: " ").enumerated() {
            let id = ["A", "B"][index]
            let states: [String: JobState] = [
                "queued": .queued, "held": .held("person"), "interrupted": .interrupted,
                "waitingForPaper": .waitingForPaper, "plotting": .plotting,
            ]
            var job = PlotJob(
                id: id, device: "P", name: "", created: 0, state: states[String(word.prefix { $0 != "+" })] ?? .queued)
            if word.hasSuffix("+") {
                job.summary = JobSummary(
                    durationSeconds: 1, penDownMillimetres: 1, penUpMillimetres: 1, penLifts: 1, strokes: 1, points: 2,
                    commands: 3, pageX: 0, pageY: 0, pageWidth: 1, pageHeight: 1)
            }
            table.jobs[id] = job
            table.queues["P", default: []].append(id)
        }
        situation(&device, &table)
        table.devices["P"] = device
        return table
    }

    @Test func wholeTableIsAsWrittenDown() throws {
        var text = "plotter | situation | queue | decision\n"
        for (stateName, state) in Self.states {
            for (situationName, situation) in Self.situations {
                for queue in Self.queues {
                    let decision = Self.table(state, queue, situation).decision(for: "P")
                    let words =
                        switch decision {
                        case .start(let id): "start \(id)"
                        case .plan(let id): "plan \(id)"
                        case .wait(let why): "wait: \(why.rawValue)"
                        }
                    text += "\(stateName) | \(situationName) | \(queue.isEmpty ? "–" : queue) | \(words)\n"
                }
            }
        }
        try expectGolden(text, at: packageDirectory.appendingPathComponent("fixtures/machine/decisions.txt"))
        #expect(JobTable().decision(for: "P") == .wait(.unknown))
    }

    /// Stopped, a plotter begins nothing, whatever else is; and only what was about to begin is held.
    @Test func aStopLeavesNothingThatBegins() {
        for (_, state) in Self.states {
            for (_, situation) in Self.situations {
                for queue in Self.queues {
                    var table = Self.table(state, queue, situation)
                    let before = table
                    let due = table.devices["P"]?.starting?.job ?? table.decision(for: "P").job
                    #expect(table.close("P", at: 7) == due)
                    #expect(table.decision(for: "P").job == nil && table.devices["P"]?.starting == nil)
                    #expect(table.queues["P"] == before.queues["P"])
                    for (id, job) in table.jobs {
                        let isCaught = id == due && before.jobs[id]?.state == .queued
                        #expect(job.state == (isCaught ? .held(JobState.stopped) : before.jobs[id]?.state))
                    }
                }
            }
        }
    }
}
