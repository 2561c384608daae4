internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

@testable import axidrawd

struct PlotterStateTests {
    private static let fault = Fault(message: "no power")
    private static let progress = PlotProgress(strokes: 1, strokeCount: 3)

    private static let states: [(String, PlotterState)] = [
        ("absent", .absent), ("raised", .raised), ("lowered", .lowered), ("free", .free),
        ("awaiting", .awaiting(grant: nil)), ("awaiting(G)", .awaiting(grant: "G")),
        ("plotting(J)", .plotting(job: "J", progress: progress)), ("stopping(J)", .stopping(job: "J")),
        ("paused(J, asked)", .paused(job: "J", progress: progress, reason: .asked)),
        (
            "paused(J, planned)",
            .paused(job: "J", progress: progress, reason: .planned(PlotStop(.pen, beforeStroke: 1)))
        ),
        ("paused(J, linkLost)", .paused(job: "J", progress: progress, reason: .linkLost(.absent(name: "")))),
        ("paused(J, positionLost)", .paused(job: "J", progress: progress, reason: .positionLost("reset"))),
        ("faulted", .faulted(fault)),
    ]

    private static let events: [(String, PlotterEvent)] = [
        ("attached", .attached), ("detached", .detached), ("pressed(single)", .pressed(.single)),
        ("pressed(double)", .pressed(.double)), ("pressed(long)", .pressed(.long)), ("raisePen", .raisePen),
        ("lowerPen", .lowerPen), ("releaseMotors", .releaseMotors), ("manual(walk)", .manual("walk")),
        ("manual(bounds)", .manual("bounds")),
        ("called(G)", .called("G")), ("grantExpired(G)", .grantExpired("G")),
        ("grantExpired(H)", .grantExpired("H")), ("start(J)", .start(job: "J")),
        ("progressed(J)", .progressed(job: "J", progress: progress)),
        ("progressed(K)", .progressed(job: "K", progress: progress)), ("pause(atPenUp)", .pause(.atPenUp)),
        ("pause(now)", .pause(.now)), ("stood(J, button)", .stood(job: "J", reason: .button)),
        ("stood(J, linkLost)", .stood(job: "J", reason: .linkLost(.absent(name: "")))),
        ("stood(K, asked)", .stood(job: "K", reason: .asked)), ("resume", .resume),
        ("resumeHomed", .resumeHomed), ("resumeAt(2)", .resumeAt(stroke: 2)),
        ("recovered(J)", .recovered(job: "J")), ("cancel", .cancel), ("stop", .stop),
        ("finished(J)", .finished(job: "J")), ("finished(K)", .finished(job: "K")),
        ("failed(J)", .failed(job: "J", fault)), ("failed(K)", .failed(job: "K", fault)),
        ("withheld(J, disk)", .withheld(job: "J", .disk(fault))),
        ("withheld(J, board)", .withheld(job: "J", .board(fault))),
        ("withheld(J, stopped)", .withheld(job: "J", .stopped)),
        ("withheld(J, unproven)", .withheld(job: "J", .unproven(fault))),
        ("withheld(K, disk)", .withheld(job: "K", .disk(fault))),
        ("atRest(J)", .atRest(job: "J")), ("atRest(K)", .atRest(job: "K")), ("trouble", .trouble(fault)),
        ("reset", .reset),
    ]

    private static func name(_ state: PlotterState) -> String {
        switch state {
        case .absent, .raised, .lowered, .free: "\(state)"
        case .faulted: "faulted"
        case .awaiting(let grant): grant.map { "awaiting(\($0))" } ?? "awaiting"
        case .plotting(let job, _): "plotting(\(job))"
        case .stopping(let job): "stopping(\(job))"
        case .paused(let job, _, let reason):
            "paused(\(job), \("\(reason)".split(separator: "(").first.map(String.init) ?? ""))"
        }
    }

    @Test func wholeTableIsAsWrittenDown() throws {
        var table = "state | event | next state | effects\n"
        for (stateName, state) in Self.states {
            for (eventName, event) in Self.events {
                table += "\(stateName) | \(eventName) | "
                do {
                    let (next, effects) = try state.next(on: event)
                    let list = effects.map { "\($0)".replacing("axidrawd.", with: "").replacing("EBB.", with: "") }
                        .joined(separator: " + ")
                    table += "\(Self.name(next)) | \(list)\n"
                } catch {
                    #expect(error == Refusal(state: state, event: event))
                    table += "– | refused\n"
                }
            }
        }
        try expectGolden(table, at: packageDirectory.appendingPathComponent("fixtures/machine/states.txt"))
    }

    @Test func onlyTheRunningJobEndsItself() throws {
        let state = PlotterState.plotting(job: "J", progress: Self.progress)
        #expect(throws: Refusal.self) { try state.next(on: .finished(job: "K")) }
        #expect(try state.next(on: .finished(job: "J")).effects == [.endJob("J", .done)])
    }

    @Test func everyJobThatStartsIsEndedExactlyOnce() throws {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<2_000 {
            var state = PlotterState.raised
            var started: [JobID] = []
            var ended: [JobID] = []
            for step in 0..<40 {
                let event = event(from: &generator, state: state, step: step)
                guard let (next, effects) = try? state.next(on: event) else { continue }
                for effect in effects {
                    if case .run(let job) = effect { started.append(job) }
                    if case .endJob(let job, _) = effect { ended.append(job) }
                    if case .putBack(let job, _) = effect { ended.append(job) }
                }
                state = next
            }
            let open = state.job.map { [$0] } ?? []
            #expect(started == ended + open)
        }
    }

    private func event(from generator: inout SeededGenerator, state: PlotterState, step: Int) -> PlotterEvent {
        let job = state.job ?? "none"
        let events: [PlotterEvent] = [
            .start(job: "job\(step)"), .start(job: "job\(step)"), .finished(job: job),
            .failed(job: job, Self.fault), .atRest(job: job), .stood(job: job, reason: .asked), .resume, .cancel,
            .stop, .detached, .attached, .reset, .trouble(Self.fault), .pressed(.double), .pause(.now),
            .withheld(job: job, .disk(Self.fault)), .withheld(job: job, .board(Self.fault)), .called("G"),
            .grantExpired("G"), .recovered(job: job), .stood(job: job, reason: .linkLost(.absent(name: ""))),
        ]
        return events[Int(generator.next() % UInt64(events.count))]
    }

    @Test func publicNamesOfTheInstallationAreKept() {
        let names = Self.states.map(\.1.publicName)
        for name in ["idle", "plotting", "raised", "lowered", "free"] { #expect(names.contains(name)) }
    }
}
