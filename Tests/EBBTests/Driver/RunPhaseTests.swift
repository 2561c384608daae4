import Foundation
import TestSupport
import Testing

@testable import EBB

struct RunPhaseTests {
    private static let lost = PauseReason.positionLost("reset")

    private static let phases: [(String, RunPhase)] = [
        ("beginning", .beginning), ("feeding", .feeding), ("resting", .resting),
        ("recovering", .recovering(.silent(command: "QS"), lost: nil)),
        ("recovering(lost)", .recovering(.silent(command: "QS"), lost: lost)),
        ("standing(asked)", .standing(.asked)), ("standing(lost)", .standing(lost)),
        ("goingOn(here, asked)", .goingOn(.here, from: .asked)), ("goingOn(here, lost)", .goingOn(.here, from: lost)),
        ("awaiting", .awaiting), ("halting", .halting), ("over(done)", .over(.done)),
    ]

    private static let outcomes: [(String, RunOutcome)] = [
        ("begun", .begun), ("refused", .refused("no power")), ("fed", .fed),
        ("rested", .rested(isEnd: false, pause: nil)), ("rested(pause)", .rested(isEnd: false, pause: .asked)),
        ("rested(end)", .rested(isEnd: true, pause: nil)), ("rested(end, pause)", .rested(isEnd: true, pause: .button)),
        ("troubled", .troubled(.silent(command: "LM"))), ("proven", .proven), ("stands(lost)", .stands(lost)),
        ("resumed(here, asked)", .resumed(.here, after: .asked)),
        ("resumed(3, lost)", .resumed(.stroke(3), after: lost)),
        ("placed", .placed), ("ended", .ended), ("halted", .halted), ("starved", .starved), ("supplied", .supplied),
    ]

    private static func name(_ phase: RunPhase) -> String {
        switch phase {
        case .beginning, .feeding, .resting, .awaiting, .halting: "\(phase)"
        case .recovering(_, let lost): lost == nil ? "recovering" : "recovering(lost)"
        case .standing(let reason): reason.isPositionUnknown ? "standing(lost)" : "standing(\(reason))"
        case .goingOn(let resumption, let reason):
            "goingOn(\(resumption), \(reason.isPositionUnknown ? "lost" : "\(reason)"))"
        case .over(let end): "over(\(end))"
        }
    }

    @Test("the whole table is as written down")
    func table() throws {
        var table = "phase | outcome | next phase\n"
        for (phaseName, phase) in Self.phases {
            for (outcomeName, outcome) in Self.outcomes {
                let next = phase.next(after: outcome).map(Self.name) ?? "–"
                table += "\(phaseName) | \(outcomeName) | \(next)\n"
            }
        }
        try expectGolden(table, at: packageDirectory.appendingPathComponent("fixtures/machine/phases.txt"))
    }

    @Test("whatever it does, a run that is to end comes to rest and is over, but for one that has not begun")
    func ending() {
        for (name, phase) in Self.phases {
            guard let next = phase.next(after: .ended) else {
                #expect(phase == .halting || phase == .over(.done), "\(name)")
                continue
            }
            let end = next == .halting ? next.next(after: .halted) : next
            #expect(end == .over(.cancelled), "\(name)")
        }
    }

    @Test("where a plot lost its place no trouble on the way back makes it found")
    func lostStaysLost() {
        let reason = Self.lost
        let back = RunPhase.standing(reason).next(after: .resumed(.here, after: reason))
        #expect(back == .goingOn(.here, from: reason))
        #expect(
            back?.next(after: .troubled(.silent(command: "SP"))) == .recovering(.silent(command: "SP"), lost: reason))
    }
}
