internal import Foundation
internal import HTTP
internal import Motion
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

/// What the page lets a person press: the script itself, run by Node, on what the daemon tells.
struct ButtonsTests {
    private static let plotters: [(String, PlotterState)] = [
        ("absent", .absent), ("raised", .raised), ("lowered", .lowered), ("free", .free),
        ("awaiting", .awaiting(grant: nil)), ("called", .awaiting(grant: "G")),
        ("plotting", .plotting(job: "A", progress: PlotProgress())), ("stopping", .stopping(job: "A")),
        ("paused", .paused(job: "A", progress: PlotProgress(), reason: .asked)),
        ("place lost", .paused(job: "A", progress: PlotProgress(), reason: .motorPowerLost(volts: 0))),
        ("link lost", .paused(job: "A", progress: PlotProgress(), reason: .linkLost(.timedOut(waitingFor: "it")))),
        ("faulted", .faulted(Fault(message: "no power"))),
    ]
    /// Of a job that waits, or has ended.
    private static let jobs: [(String, JobState?)] = [
        ("–", nil), ("queued", .queued), ("held", .held("person")), ("interrupted", .interrupted),
        ("for paper", .waitingForPaper), ("done", .done),
    ]

    private static func told(_ state: PlotterState, _ waiting: JobState?, isStopped: Bool) -> JSONValue {
        var table = JobTable()
        var device = DeviceRecord(
            name: "P", isSimulated: true, profile: "p", travel: Size(width: 1, height: 1), simulatedSpeed: nil)
        device.state = state
        device.stoppedAt = isStopped ? 1 : nil
        table.devices["P"] = device
        if let waiting {
            table.jobs["A"] = PlotJob(id: "A", device: "P", name: "", created: 0, state: waiting)
            if !waiting.isFinal { table.queues["P"] = ["A"] }
        }
        return .object([
            ("device", table.record("P")?.json ?? .null), ("job", table.jobs["A"]?.json ?? .null),
        ])
    }

    /// How a job stands that is at the plotter.
    private static func running(_ state: PlotterState) -> JobState? {
        switch state {
        case .plotting: .plotting
        case .stopping: .stopping
        case .paused(_, _, let reason): .paused(reason)
        case .absent, .raised, .lowered, .free, .awaiting, .faulted: nil
        }
    }

    private static let script = """
        const {buttons} = await import('data:text/javascript;base64,' + process.env.SCRIPT);
        let text = '';
        for await (const part of process.stdin) text += part;
        for (const {row, device, job} of JSON.parse(text)) {
          const b = buttons(device, job), words = [];
          for (const [name, now] of Object.entries(b)) if (now === true || now.isOn) words.push(name);
          const acts = job && !job.isFinal ? [job.can.move && 'Up', job.can.hold ? 'Hold' : job.can.start && 'Release', job.can.cancel && 'Cancel'].filter(Boolean).join(' ') : '';
          console.log(`${row} | ${device.sentence} | ${words.join(' ')} | ${b.go.label}; ${b.go.why} | ${acts}`);
        }
        """

    @Test func wholeTableIsAsWrittenDown() throws {
        var rows: [JSONValue] = []
        for (plotter, state) in Self.plotters {
            let jobs = Self.running(state).map { [(plotter, Optional($0))] } ?? Self.jobs
            for (job, waiting) in jobs {
                for isStopped in [false, true] {
                    guard case .object(let members) = Self.told(state, waiting, isStopped: isStopped) else { continue }
                    let row = "\(plotter) | \(isStopped ? "stopped" : "–") | \(job)"
                    rows.append(.object([("row", .string(row))] + members))
                }
            }
        }
        let file = packageDirectory.appendingPathComponent("Sources/axidrawd/Page/Assets/buttons.js")
        let lines = try Node.run(
            Self.script, input: JSONValue.array(rows).text,
            environment: ["SCRIPT": try Data(contentsOf: file).base64EncodedString()])
        let head = "plotter | line | job | sentence | may be pressed or is shown | go | in the queue\n"
        try expectGolden(head + lines, at: packageDirectory.appendingPathComponent("fixtures/machine/buttons.txt"))
    }
}
