internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Lines that miss each other by thousandths of a millimetre, as rounding in files and in other programs leaves them.
struct MeetingEndsTests {
    /// A circle of straight lines, each in an element of its own, ends moved by up to `jitter` mm along both axes.
    private static func circle(side: Double, jitter: Double, seed: UInt64) -> [UInt8] {
        var chance = SeededGenerator(seed: seed)
        let count = Int(2 * Double.pi * 20 / side)
        var text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"60mm\" viewBox=\"0 0 60 60\" "
            + "stroke=\"#000\">"
        func place(_ k: Int) -> (Double, Double) {
            let angle = 2 * Double.pi * Double(k) / Double(count)
            return (
                30 + 20 * cos(angle) + (2 * chance.unit() - 1) * jitter,
                30 + 20 * sin(angle) + (2 * chance.unit() - 1) * jitter
            )
        }
        for k in 0..<count {
            let (from, to) = (place(k), place(k + 1))
            text += "<line x1=\"\(from.0)\" y1=\"\(from.1)\" x2=\"\(to.0)\" y2=\"\(to.1)\"/>"
        }
        return Array((text + "</svg>").utf8)
    }

    /// They are passed as if they met, and the ink stays within the tolerance of the lines.
    @Test(arguments: ["2.8.1", "3.0.3"])
    func linksOfThousandthsAreNoTurns(_ firmware: String) throws {
        for flags in [[], ["--motion", "junction"], ["--preset", "saxi"]] {
            let request = try Fixture.request(["--firmware", firmware] + flags)
            func plot(side: Double, jitter: Double) throws -> (seconds: Double, strokes: Int, ink: Double) {
                let plot = try PreparedPlot(
                    drawing: Self.circle(side: side, jitter: jitter, seed: 20), request: request, execution: .serial)
                let drawn = plot.replayed(request).trace.ink
                var farthest = 0.0
                for k in 0..<drawn.count {
                    for place in drawn[k] {
                        farthest = max(farthest, (place.distance(to: Point(30, 30)) - 20).magnitude)
                    }
                }
                return (plot.stream.durationSeconds, plot.strokeCount, farthest)
            }
            for (side, jitter, slower) in [(0.5, 0.001, 1.02), (1, 0.003, 1.05), (2, 0.003, 1.1)] {
                let (whole, off) = (try plot(side: side, jitter: 0), try plot(side: side, jitter: jitter))
                #expect(off.strokes == 1 && whole.strokes == 1)
                #expect(off.seconds <= whole.seconds * slower, "\(flags), \(side) mm, \(jitter) mm")
                // Chords lie within the circle by their sagitta.
                let sagitta = side * side / 160
                #expect(off.ink <= sagitta + 1.5 * jitter + 0.02 + 0.025, "\(flags), \(side) mm: \(off.ink)")
            }
        }
    }
}
