internal import TestSupport
internal import Testing

@testable internal import Motion

/// Very long paths are planned in pieces from one sharp corner to another.
struct LongPathTests {
    /// The last vertices of the pieces.
    private static func ends(of path: [Point]) -> [Int] {
        var ends: [Int] = []
        while ends.last ?? 0 < path.count - 1 { ends.append(LongPath.end(of: path[...], from: ends.last ?? 0)) }
        return ends
    }

    /// Sharp corners at every seventh vertex.
    private static func zigzag(_ count: Int) -> [Point] {
        (0..<count).map { Point(Double($0) * 0.05, 1 + 0.3 * Double(min($0 % 14, 14 - $0 % 14))) }
    }

    @Test func piecesEndAtSharpCorners() {
        let path = Self.zigzag(40_000)
        let ends = Self.ends(of: path)
        #expect(ends.count >= 4 && ends.count <= 10, "\(ends)")
        for end in ends.dropLast() { #expect(end % 7 == 0, "\(end)") }
        #expect(ends.last == path.count - 1)
    }

    @Test func shortPathsAndNoneAreOnePiece() {
        #expect(Self.ends(of: Self.zigzag(8000)) == [7999])
        #expect(LongPath.end(of: [Point(1, 1)], from: 0) == 0)
        let path = Self.zigzag(9000)
        #expect(LongPath.end(of: path[500..<600], from: 500) == 599)
    }

    /// Where the pen stops anyway, a piece costs nothing.
    @Test func piecesEndEarlierAtReversals() {
        let path = (0..<5000).map { Point($0 % 2 == 0 ? 10 : 50 + Double($0 % 100), 100) }
        #expect(Self.ends(of: path) == [1024, 2048, 3072, 4999])
    }

    @Test func smoothPathsAreOnePiece() {
        let spiral = (0..<50_000).map { k in
            let angle = Double(k) * 0.05
            return Point(100 + cosine(angle) * (5 + angle * 0.01), 100 + sine(angle) * (5 + angle * 0.01))
        }
        #expect(Self.ends(of: spiral) == [49_999])
    }

    /// What turns sharply from vertex to vertex, but not from millimetre to millimetre.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func noiseIsOnePiece(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let path = (0..<30_000).map { Point(Double($0) * 0.05 + random.unit() * 0.05, 50 + random.unit() * 0.05) }
        #expect(Self.ends(of: path) == [29_999], "seed \(seed)")
    }

    /// Points that repeat, or are no numbers, end none of it.
    @Test func uselessPointsAreNoCorners() {
        let same = [Point](repeating: Point(3, 4), count: 20_000)
        #expect(Self.ends(of: same) == [19_999])
        let none = [Point](repeating: Point(.nan, .infinity), count: 20_000)
        #expect(Self.ends(of: none) == [19_999])
    }
}
