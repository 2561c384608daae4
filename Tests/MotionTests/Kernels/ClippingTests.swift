internal import TestSupport
internal import Testing

@testable internal import Motion

/// Lines cut at a border against places looked at one by one.
struct ClippingTests {
    private static let bounds = Box(minX: 20, minY: 15, maxX: 80, maxY: 60)

    private func clip(_ line: [Point], isClosed: Bool) -> (pieces: Polylines, clipping: Clipping) {
        var clipping = Clipping(bounds: Self.bounds)
        var pieces = Polylines()
        clipping.clip(line[...], origins: [], isClosed: isClosed, into: &pieces)
        return (pieces, clipping)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func keepsWhatIsInsideAndCountsTheRest(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var line = RandomLines.line(&random)
            let isClosed = random.below(2) == 0
            if isClosed { line.append(line[0]) }
            // What is moved onto the border is not where it was.
            let near = Self.bounds.expanded(by: 2 * Clipping.slack)
            if line.contains(where: { near.contains($0) && !Self.bounds.contains($0) }) { continue }
            let (pieces, clipping) = clip(line, isClosed: isClosed)
            #expect(pieces.points.allSatisfy(Self.bounds.contains), "seed \(seed): outside")
            let kept = (0..<pieces.count).reduce(0) { $0 + pieces.length($1) }
            let whole = Naive.length(line)
            let lost = clipping.lost.reduce(0, +)
            #expect(
                abs(kept + lost - whole) <= 2 * Clipping.slack + 1e-9 * whole,
                "seed \(seed): \(kept) + \(lost) of \(whole)")
            for (a, b) in zip(line, line.dropFirst()) {
                for part in 0...20 {
                    let place = a + (b - a) * (Double(part) / 20)
                    guard Self.bounds.expanded(by: -1e-4).contains(place) else { continue }
                    let away = (0..<pieces.count).map { Naive.distance(place, pieces[$0]) }.min() ?? .infinity
                    #expect(away <= 1e-5, "seed \(seed): \(place) is lost")
                }
            }
            for k in 0..<pieces.count {
                for (a, b) in zip(pieces[k], pieces[k].dropFirst()) {
                    let away = Naive.distance((a + b) * 0.5, line[...])
                    #expect(away <= Clipping.slack, "seed \(seed): drawn beside the line")
                }
            }
        }
    }

    @Test func aClosedLineKeepsItsSeam() {
        // Begins inside, leaves on the right, comes back: one piece, through the start.
        let line = [Point(50, 20), Point(90, 20), Point(90, 50), Point(50, 50), Point(50, 20)]
        let (pieces, clipping) = clip(line, isClosed: true)
        #expect(pieces.count == 1)
        #expect(Array(pieces[0]) == [Point(80, 50), Point(50, 50), Point(50, 20), Point(80, 20)])
        #expect(abs(clipping.lost[1] - 50) < 1e-5 && clipping.cut == [0, 1, 0, 0])
    }

    /// A frame on the border of its page, a rounding outside.
    @Test func aFrameHardlyOutsideIsDrawnOnTheBorder() {
        let corners = [Point(20, 15), Point(80, 15), Point(80, 60), Point(20, 60), Point(20, 15)]
        let frame = corners.map { Point(50 + ($0.x - 50) * 1.0015, 37.5 + ($0.y - 37.5) * 1.0015) }
        let (pieces, clipping) = clip(frame, isClosed: true)
        #expect(pieces.points == corners && clipping.cut == [0, 0, 0, 0])
        // One side of it leaves far: the rest stays.
        let (open, cut) = clip([frame[0], Point(200, frame[1].y), Point(200, 100)], isClosed: false)
        #expect(open.count == 1 && open.length(0) > 59.9 && cut.cut.reduce(0, +) > 0)
    }

    @Test func whatTouchesTheBorderStays() {
        let edge = [Point(20, 15), Point(80, 15), Point(80, 60)]
        let (pieces, clipping) = clip(edge, isClosed: false)
        #expect(pieces.points == edge && clipping.cut == [0, 0, 0, 0])
        // Within rounding of it: moved onto it.
        let (near, none) = clip([Point(20 - 1e-7, 30), Point(30, 60 + 1e-7)], isClosed: false)
        #expect(near.points == [Point(20, 30), Point(30, 60)] && none.cut == [0, 0, 0, 0])
    }

    @Test func dotsAreKeptOrLost() {
        #expect(clip([Point(50, 50)], isClosed: false).pieces.points == [Point(50, 50)])
        let (pieces, clipping) = clip([Point(50, 70)], isClosed: false)
        #expect(pieces.count == 0 && clipping.cut == [0, 0, 0, 1])
    }

    /// Far beyond: the cut is where it belongs, and so is what is told.
    @Test func hugeCoordinatesAreCutAtTheBorder() {
        let (pieces, clipping) = clip([Point(-1e9, 30), Point(1e9, 30)], isClosed: false)
        #expect(pieces.points == [Point(20, 30), Point(80, 30)])
        #expect(abs(clipping.lost[0] - 1e9) < 100 && abs(clipping.lost[1] - 1e9) < 100)
        let (slanted, _) = clip([Point(-1e9, -1e9), Point(1e9, 1e9)], isClosed: false)
        #expect(slanted.count == 1)
        for (point, place) in zip(slanted.points, [Point(20, 20), Point(60, 60)]) {
            #expect(point.distance(to: place) < 1e-5)
        }
    }

    /// Every turn crosses the border; work grows with the points, not with their square.
    @Test(.timeLimit(.minutes(2))) func aLineOfAMillionPointsIsCut() throws {
        var line: [Point] = []
        for k in 0..<1_000_000 {
            let rise = Double(k % 1000) / 50
            line.append(Point(Double(k) * 1e-4, k / 1000 % 2 == 0 ? 50 + rise : 70 - rise))
        }
        let (pieces, _) = clip(line, isClosed: false)
        #expect(pieces.count == 301)
        #expect(pieces.points.count > 290_000 && pieces.points.allSatisfy(Self.bounds.contains))
    }
}
