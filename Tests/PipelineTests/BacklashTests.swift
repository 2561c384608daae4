internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Play in the belts of the virtual machine, and what plans do about it.
struct BacklashTests {
    private static let play = Size(width: 0.4, height: 0.3)

    /// Strokes of a seed with turns along both axes: zigzags, curves, dots.
    private static func drawing(_ seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        func number(_ range: ClosedRange<Double>) -> String {
            String(format: "%.2f", Double.random(in: range, using: &generator))
        }
        var paths = "<circle cx='40' cy='30' r='14'/>"
        for _ in 0..<5 {
            paths += "<path d='M\(number(5...70)) \(number(5...50))"
            for _ in 0..<3 { paths += "L\(number(5...70)) \(number(5...50))" }
            paths += "Q\(number(5...70)) \(number(5...50)) \(number(5...70)) \(number(5...50))'/>"
        }
        return Array(
            "<svg xmlns='http://www.w3.org/2000/svg' width='80mm' height='60mm' viewBox='0 0 80 60' fill='none' stroke='black'>\(paths)</svg>"
                .utf8)
    }

    /// The ink that a board with play leaves of a plan for a machine with the play that its profile has.
    private static func ink(_ seed: UInt64, _ flags: [String], planned: Size, board play: Size) throws -> Polylines {
        var request = try Fixture.request(flags)
        request.profile.backlash = planned
        let plot = try PreparedPlot(drawing: drawing(seed), request: request, execution: .serial)
        var board = request.board
        (board.backlashX, board.backlashY) = (play.width, play.height)
        let summary = Replay(board).run(plot.bytes(lineEnd: UInt8(ascii: "\r")))
        #expect(summary.errors.isEmpty && summary.incidents.isEmpty, "\(summary.incidents.prefix(2))")
        var lines = Polylines()
        func place(_ vertex: Trace.Vertex) -> Point {
            let steps = 2 * request.profile.finestStepsPerMillimetre
            let (a, b) = (Double(vertex.motor1), Double(vertex.motor2))
            return Point((a + b) / steps, (a - b) / steps)
        }
        for (a, b) in zip(summary.trace.vertices, summary.trace.vertices.dropFirst()) where a.isTouching {
            lines.append([place(a), place(b)])
        }
        return lines
    }

    private static func apart(_ a: Polylines, _ b: Polylines) -> Double {
        max(
            Nearness(a, reach: 1).largestDistance(from: b, spacing: 0.1).distance,
            Nearness(b, reach: 1).largestDistance(from: a, spacing: 0.1).distance)
    }

    @Test(arguments: ["", "--motion junction", "--firmware 2.8.1", "--order none"])
    func playThatTheProfileHasIsNotSeen(_ words: String) throws {
        let (seed, flags) = (UInt64(words.utf8.count), words.split(separator: " ").map(String.init))
        let none = Size(width: 0, height: 0)
        let plain = try Self.ink(seed, flags, planned: none, board: none)
        let helped = try Self.ink(seed, flags, planned: Self.play, board: Self.play)
        // Two plans of the tolerance, whose corners are rounded otherwise.
        #expect(Self.apart(plain, helped) < 0.1, "seed \(seed): \(Self.apart(plain, helped)) mm")
        let left = try Self.ink(seed, flags, planned: none, board: Self.play)
        #expect(Self.apart(plain, left) > 0.25, "seed \(seed): \(Self.apart(plain, left)) mm")
    }

    @Test func aProfileWithoutPlayGivesTheSameCommandsAsEver() throws {
        var request = try Fixture.request([])
        let plot = try PreparedPlot(drawing: Self.drawing(1), request: request, execution: .serial)
        request.profile.backlash = Size(width: 0.2, height: 0)
        let other = try PreparedPlot(drawing: Self.drawing(1), request: request, execution: .serial)
        #expect(plot.stream.commands != other.stream.commands && plot.strokes.polylines == other.strokes.polylines)
        #expect(plot.stream.penLifts == other.stream.penLifts && plot.stream.points == other.stream.points)
    }

    /// What a person reads off the ticks is the play that the machine has.
    @Test func theTicksShowThePlay() async throws {
        var board = BoardConfiguration()
        (board.backlashX, board.backlashY) = (0.3, 0.5)
        let loopback = Loopback(board, speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let calibration = Calibration(
            base: .standard, hand: Hand(driver: driver, penPin: nil, profile: .standard), check: {})
        try await calibration.setUp()
        try await calibration.begin()
        for (isX, wanted) in [(true, 3), (false, 5)] {
            let before = loopback.snapshot(since: 0).cursor
            try await calibration.drawTicks(isX: isX)
            let vertices = loopback.snapshot(since: before).vertices
            var starts: [Double] = []
            for (a, b) in zip(vertices, vertices.dropFirst()) where !a.isTouching && b.isTouching {
                starts.append(Double(isX ? b.motor1 + b.motor2 : b.motor1 - b.motor2) / 160)
            }
            try #require(starts.count == 16)
            let gaps = (0..<8).map { abs(starts[2 * $0] - starts[2 * $0 + 1]) }
            #expect(gaps.indices.min { gaps[$0] < gaps[$1] } == wanted && gaps[wanted] < 0.02, "\(gaps)")
        }
        await driver.close()
    }
}
