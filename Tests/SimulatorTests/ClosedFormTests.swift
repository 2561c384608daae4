internal import EBB
internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Simulator

/// The board's closed forms against the tick-by-tick reference, on seeded random commands, tame and hostile.
struct ClosedFormTests {
    private static let full: Int64 = 2_147_483_648
    /// The reference gives up after this many ticks.
    private static let limit = 4_000
    /// Commands a seed; BOARD_ROUNDS makes a longer hunt of it.
    private static let rounds = ProcessInfo.processInfo.environment["BOARD_ROUNDS"].flatMap { Int($0) } ?? 40

    private static func whole(_ range: ClosedRange<Int64>, _ g: inout SeededGenerator) -> Int64 {
        Int64.random(in: range, using: &g)
    }

    /// A register value: mostly sensible, sometimes at the edges of its word.
    private static func register(_ g: inout SeededGenerator, isSigned: Bool) -> Int64 {
        let edges: [Int64] = [0, 1, 2, full - 1, full - 2, full / 2, full / 2 + 1, full / 3]
        var value: Int64
        switch whole(0...9, &g) {
        case 0: value = edges[Int(whole(0...Int64(edges.count - 1), &g))]
        case 1: value = whole(0...(full - 1), &g)
        case 2: value = whole(0...1000, &g)
        default: value = whole(1_000_000...1_000_000_000, &g)
        }
        if isSigned && whole(0...2, &g) == 0 { value = -value }
        if isSigned && whole(0...60, &g) == 0 { value = -full }
        return value
    }

    private static func acceleration(_ g: inout SeededGenerator) -> Int64 {
        let size: Int64
        switch whole(0...11, &g) {
        case 0: return 0
        case 1: size = full - 1
        case 2: size = full / 2
        case 3: size = 100_000_000
        case 4: return -full
        case 5: return (whole(0...1, &g) == 0 ? 1 : -1) << whole(0...30, &g)
        case 6: size = 10
        default: size = 3_000_000
        }
        return whole(-size...size, &g)
    }

    private static func steps(_ g: inout SeededGenerator) -> Int64 {
        switch whole(0...5, &g) {
        case 0: 0
        case 1: whole(-3...3, &g)
        default: whole(-250...250, &g)
        }
    }

    private static func command(_ g: inout SeededGenerator, isModern: Bool) -> (String, [Int64]) {
        let names = isModern ? ["SM", "XM", "LM", "LT", "L3", "T3", "TD", "LM", "L3"] : ["SM", "XM", "LM", "LT", "LM"]
        let name = names[Int(whole(0...Int64(names.count - 1), &g))]
        var values: [Int64]
        switch name {
        case "SM", "XM": values = [whole(1...400, &g), steps(&g), steps(&g)]
        case "LM", "L3":
            values = (0..<2).flatMap { _ in
                [register(&g, isSigned: isModern), steps(&g), acceleration(&g)]
                    + (name == "L3" ? [acceleration(&g) >> whole(0...24, &g)] : [])
            }
        case "TD":
            values = [whole(1...1500, &g)]
            for _ in 0..<2 {
                values += [register(&g, isSigned: true), register(&g, isSigned: true), acceleration(&g)]
                values.append(acceleration(&g) >> whole(0...24, &g))
            }
        default:
            values = [whole(1...3000, &g)]
            for _ in 0..<2 {
                values += [register(&g, isSigned: true), acceleration(&g)]
                if name == "T3" { values.append(acceleration(&g) >> whole(0...24, &g)) }
            }
        }
        if whole(0...3, &g) > 0 { values.append(whole(0...4, &g)) }
        return (name, values)
    }

    private struct Finding: CustomStringConvertible {
        var description: String
    }

    /// Runs one command on both; nil = they agree or it was refused by both accounts.
    private static func compare(
        _ text: String, _ name: String, _ values: [Int64], board: inout VirtualBoard, naive: inout NaiveBoard
    ) -> Finding? {
        let refused = board
        board.receive(Array((text + "\r").utf8))
        let answer = String(decoding: board.takeReplies(), as: UTF8.self)
        if answer.contains("!") {
            board = refused
            return nil
        }
        let start = board.now
        var steps: [Int] = []
        let untouched = naive
        guard let row = naive.run(name, values, limit: limit) else {
            // Too long for the reference: only its beginning can be compared.
            board.advance(to: start + Int64(limit))
            let place = board.position
            let reached = (Int(place.motor1), Int(place.motor2))
            let phases = board.presentPhases
            defer {
                board = refused
                naive = untouched
            }
            if name == "TD" || name == "LT" || name == "T3" { return nil }
            guard reached == (naive.counters[0], naive.counters[1]), phases == (naive.phases[0], naive.phases[1]) else {
                return Finding(
                    description: "\(text): at \(limit): \(reached) \(phases), not \(naive.counters) \(naive.phases)")
            }
            return nil
        }
        let isOver = board.runToRest {
            steps.append(Int($0.tick - start) * 4 + ($0.axis - 1) * 2 + ($0.direction > 0 ? 1 : 0))
        }
        let place = board.position
        let reached = NaiveBoard.Row(
            ticks: Int(board.now - start), motor1: Int(place.motor1), motor2: Int(place.motor2),
            phase1: board.phases.0, phase2: board.phases.1)
        if !isOver { return Finding(description: "\(text): never ends, should take \(row)") }
        if reached != row { return Finding(description: "\(text): \(reached), should be \(row)") }
        // A pair's second half counts its ticks anew in the reference.
        if name != "TD" && steps != naive.steps { return Finding(description: "\(text): steps differ") }
        return nil
    }

    @Test(arguments: [FirmwareVersion.v281, .v303], [UInt64(1), 2, 3, 4])
    func closedFormsAgreeWithTicks(_ firmware: FirmwareVersion, _ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var configuration = BoardConfiguration(firmware: firmware)
        configuration.isBackToBack = true
        var board = VirtualBoard(configuration)
        var naive = NaiveBoard(firmware)
        var accepted = 0
        for _ in 0..<Self.rounds {
            let (name, values) = Self.command(&generator, isModern: firmware.major >= 3)
            let text = name + "," + values.map(String.init).joined(separator: ",")
            let before = naive
            if let finding = Self.compare(text, name, values, board: &board, naive: &naive) {
                Issue.record(
                    "seed \(seed), \(firmware): \(finding), from \(before.counters) with phases \(before.phases)")
                return
            }
            accepted += 1
        }
        #expect(accepted == Self.rounds)
    }

    /// At any tick, also in the middle of segments and batches, counters and phases are those of the tick loop.
    @Test(arguments: [FirmwareVersion.v281, .v303], [UInt64(11), 12])
    func everyMomentIsRight(_ firmware: FirmwareVersion, _ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var configuration = BoardConfiguration(firmware: firmware)
        configuration.isBackToBack = true
        for _ in 0..<Self.rounds / 4 {
            let (name, values) = Self.command(&generator, isModern: firmware.major >= 3)
            guard name == "LM" || name == "L3" else { continue }
            let text = name + "," + values.map(String.init).joined(separator: ",")
            var board = VirtualBoard(configuration)
            board.receive(Array((text + "\r").utf8))
            guard !String(decoding: board.takeReplies(), as: UTF8.self).contains("!") else { continue }
            for _ in 0..<4 {
                let tick = Self.whole(board.now...(board.now + 3000), &generator)
                board.advance(to: tick)
                var naive = NaiveBoard(firmware)
                _ = naive.run(name, values, limit: Int(tick))
                let place = board.position
                #expect(
                    place == (Int32(naive.counters[0]), Int32(naive.counters[1]))
                        && board.presentPhases == (naive.phases[0], naive.phases[1]),
                    "seed \(seed), \(firmware): \(text) at \(tick)")
            }
        }
    }
}
