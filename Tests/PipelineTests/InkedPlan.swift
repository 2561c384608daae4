internal import EBB
internal import Picture
internal import Simulator
internal import TestSupport

@testable internal import axidrawd

/// A plan, and what its strokes make when nothing disturbs them.
struct InkedPlan: Sendable {
    var plot: PreparedPlot
    var request: PlotRequest
    var strokes: [PenSteps]

    init(_ drawing: [UInt8], _ flags: [String]) throws {
        request = try Fixture.request(flags)
        plot = try PreparedPlot(drawing: drawing, request: request, execution: .serial)
        strokes = PenSteps.strokes(plot.replayed(request).trace.vertices)
    }

    var program: Program { Program(plot.stream) }
    var ink: PenSteps { PenSteps(joining: strokes) }

    /// The first stroke that begins at a command or behind it.
    func stroke(at command: Int) -> Int {
        plot.stream.strokes[command...].first { $0 >= 0 }.map(Int.init) ?? strokes.count
    }

    /// Each stroke as one plan has it, to the step: the first plan, from a change on the one that was given then.
    ///
    /// - Parameters:
    ///   - plans: the one that a run began with, and behind it each at the index that is its mark.
    ///   - changes: as the run tells them.
    static func ink(of plans: [InkedPlan], changes: [(mark: Int, command: Int)]) -> PenSteps {
        var strokes = plans[0].strokes
        for (mark, command) in changes {
            let first = plans[mark].stroke(at: command)
            strokes.replaceSubrange(first..., with: plans[mark].strokes[first...])
        }
        return PenSteps(joining: strokes)
    }
}

/// Every step of each motor with the pen on the paper, by place and direction, and how often it was made.
struct PenSteps: Equatable, Sendable {
    private struct Step: Hashable, Sendable {
        var motor: UInt8
        var isForward: Bool
        var place: Int32
    }

    private var counts: [Step: Int] = [:]

    init(_ vertices: [Trace.Vertex]) {
        for (a, b) in zip(vertices, vertices.dropFirst()) where a.isTouching { add(a, b) }
    }

    init(joining parts: some Sequence<PenSteps>) {
        for part in parts { counts.merge(part.counts, uniquingKeysWith: +) }
    }

    /// Of each stroke: from one touch to the next.
    static func strokes(_ vertices: [Trace.Vertex]) -> [PenSteps] {
        var strokes: [PenSteps] = []
        var isTouching = false
        for (a, b) in zip(vertices, vertices.dropFirst()) {
            if a.isTouching {
                if !isTouching { strokes.append(PenSteps([])) }
                strokes[strokes.count - 1].add(a, b)
            }
            isTouching = a.isTouching
        }
        return strokes
    }

    private mutating func add(_ a: Trace.Vertex, _ b: Trace.Vertex) {
        add(1, a.motor1, b.motor1)
        add(2, a.motor2, b.motor2)
    }

    private mutating func add(_ motor: UInt8, _ from: Int32, _ to: Int32) {
        for place in min(from, to)..<max(from, to) {
            counts[Step(motor: motor, isForward: to > from, place: place), default: 0] += 1
        }
    }
}
