import TestSupport
import Testing

@testable internal import Motion

/// A page that the machine does not reach, parted into tiles.
struct TileGridTests {
    private static let travel = Size(width: 300, height: 218)

    @Test func theFewestTilesOfOneSize() throws {
        let grid = try #require(TileGrid(page: Size(width: 420, height: 297), travel: Self.travel, cross: 6))
        #expect(grid.columns == 2 && grid.rows == 2 && grid.tile == Size(width: 210, height: 148.5))
        #expect(grid.corner == Point(3, 3))
        // What fits is one tile, at home; a crosses' width may make another one necessary.
        let small = try #require(TileGrid(page: Self.travel, travel: Self.travel, cross: 6))
        #expect(small.columns == 1 && small.rows == 1 && small.corner == Point(0, 0))
        let strip = try #require(TileGrid(page: Size(width: 597, height: 218), travel: Self.travel, cross: 6))
        #expect(strip.columns == 3 && strip.rows == 1 && strip.corner == Point(3, 0))
        #expect(TileGrid(page: Size(width: 420, height: 10), travel: Size(width: 5, height: 5), cross: 6) == nil)
        #expect(TileGrid(page: Size(width: 9_999, height: 9_999), travel: Self.travel, cross: 6) == nil)
    }

    @Test func thePaperMovesAlongOneSideAtATime() throws {
        let grid = try #require(TileGrid(page: Size(width: 800, height: 600), travel: Self.travel, cross: 6))
        let order = grid.order
        #expect(Set(order).count == grid.columns * grid.rows)
        for (a, b) in zip(order, order.dropFirst()) {
            #expect(abs(a.column - b.column) + abs(a.row - b.row) == 1)
            // Where the pen stands over the last cross of a tile the next one has a corner of the edge that both share.
            let last = try #require(grid.corners(a, after: nil, before: b).last)
            let moved = (last.column + b.column - a.column, last.row + b.row - a.row)
            let shared = grid.corners(a, after: nil, before: b).filter { corner in
                (b.column...b.column + 1).contains(corner.column) && (b.row...b.row + 1).contains(corner.row)
            }
            #expect(shared.contains { $0 == moved })
        }
    }

    /// No ink is lost and none is twice: the pieces are the line, each lies in its tile, and they meet exactly.
    @Test(arguments: [UInt64(13_327_165_238_961_410_749), 1, 2, 3]) func piecesAreTheWholeLine(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let page = Size(width: 800, height: 500)
        let grid = try #require(TileGrid(page: page, travel: Self.travel, cross: 6))
        for round in 0..<200 {
            var line = (0..<Int.random(in: 2...12, using: &generator)).map { _ in
                Point(
                    Double.random(in: 0...page.width, using: &generator),
                    Double.random(in: 0...page.height, using: &generator))
            }
            // Some points lie on an edge, or hardly beside it.
            if round % 3 == 0 { line[0].x = grid.tile.width + [0, 1e-9, -1e-9, 0.004][round % 4] }
            if round % 5 == 0 { line[1] = Point(grid.tile.width, grid.tile.height) }
            if round % 2 == 0 { line.append(line[0]) }
            let pieces = grid.pieces(of: line[...])
            var sum = 0.0
            for (tile, points) in pieces {
                #expect(points.count > 1)
                for (a, b) in zip(points, points.dropFirst()) { sum += a.distance(to: b) }
                let (x, y) = (Double(tile.column) * grid.tile.width, Double(tile.row) * grid.tile.height)
                for point in points {
                    #expect(
                        point.x >= x - 0.01 && point.x <= x + grid.tile.width + 0.01 && point.y >= y - 0.01
                            && point.y <= y + grid.tile.height + 0.01, "seed \(seed), round \(round)")
                }
            }
            let whole = zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
            #expect(abs(sum - whole) < 1e-6 * whole + 1e-6, "seed \(seed), round \(round)")
            for (a, b) in zip(pieces, pieces.dropFirst()) where a.points.first != line.first || line.first != line.last
            {
                #expect(a.points.last == b.points.first, "seed \(seed), round \(round)")
            }
        }
    }

    /// What counts as on an edge is the same distance along and across, also where tiles are wider than high.
    @Test(arguments: [(-0.011, 1), (-0.009, 2), (0.009, 2), (0.011, 2)])
    func anEdgeIsAsNearOnBothSides(beside: Double, parts: Int) throws {
        let grid = try #require(TileGrid(page: Size(width: 800, height: 500), travel: Self.travel, cross: 6))
        #expect(grid.tile.width > 1.2 * grid.tile.height)
        let (x, y) = (grid.tile.width, grid.tile.height)
        let across = grid.pieces(of: [Point(x - 50, 10), Point(x + beside, 10), Point(x + beside, 60)][...])
        let along = grid.pieces(of: [Point(10, y - 50), Point(10, y + beside), Point(60, y + beside)][...])
        #expect(across.count == parts && along.count == parts, "\(across.count), \(along.count)")
    }

    @Test func aLineOnAnEdgeIsDrawnOnce() throws {
        let grid = try #require(TileGrid(page: Size(width: 420, height: 297), travel: Self.travel, cross: 6))
        for x in [210, 210 - 1e-7, 210 + 1e-7, 209.995] {
            let pieces = grid.pieces(of: [Point(x, 10), Point(210, 60), Point(x, 100)][...])
            #expect(pieces.map(\.tile) == [TileGrid.Tile(column: 1, row: 0)] && pieces[0].points.count == 3, "\(x)")
        }
        #expect(grid.pieces(of: [Point(210, 148.5)][...]).map(\.tile) == [TileGrid.Tile(column: 1, row: 1)])
        #expect(grid.pieces(of: [Point(420, 297)][...]).map(\.tile) == [TileGrid.Tile(column: 1, row: 1)])
        // A ring across an edge is two arcs, not three.
        let ring = [Point(200, 20), Point(220, 20), Point(220, 40), Point(200, 40), Point(200, 20)]
        #expect(grid.pieces(of: ring[...]).map(\.points.count) == [4, 4])
    }
}
