/// How a page that the machine does not reach is parted into tiles, each drawn after the paper was moved.
///
/// Page coordinates: mm from the page's top left corner as it lies. All tiles are of one size.
struct TileGrid: Equatable {
    /// One tile: its place in the grid, from 0.
    struct Tile: Hashable {
        var column: Int
        var row: Int
    }

    let page: Size
    let columns: Int
    let rows: Int
    /// Of one tile, mm.
    let tile: Size
    /// Where a tile's top left corner lies on the machine, mm: half a cross from home, so that crosses stand on its corners.
    let corner: Point
    /// A point so near an edge of tiles counts as on it, mm; less than a motor step.
    static let snap = 0.01
    /// More tiles are a mistake.
    static let mostTiles = 400

    /// The fewest tiles for a page; nil where half a cross leaves nothing of the machine, or they are too many.
    ///
    /// - Parameter cross: width of the crosses at the corners of tiles, mm.
    init?(page: Size, travel: Size, cross: Double) {
        guard let (columns, left) = Self.parts(page.width, travel.width, cross),
            let (rows, top) = Self.parts(page.height, travel.height, cross), columns * rows <= Self.mostTiles
        else { return nil }
        self.page = page
        (self.columns, self.rows) = (columns, rows)
        tile = Size(width: page.width / Double(columns), height: page.height / Double(rows))
        corner = Point(left, top)
    }

    /// Into how many parts a side is cut, and where they begin on the machine.
    private static func parts(_ side: Double, _ reach: Double, _ cross: Double) -> (count: Int, start: Double)? {
        if side <= reach { return (1, 0) }
        let room = reach - cross
        guard room > 0, side / room <= Double(mostTiles) else { return nil }
        return (Int((side / room).rounded(.up)), cross / 2)
    }

    /// Tiles in the order in which they are drawn: row by row, each row the other way than the one before, so that the paper
    /// moves along one side at a time.
    var order: [Tile] {
        (0..<rows).flatMap { row in
            (0..<columns).map { Tile(column: row.isMultiple(of: 2) ? $0 : columns - 1 - $0, row: row) }
        }
    }

    /// What is added to a place of the page to have it on the machine while a tile is drawn.
    func shift(_ tile: Tile) -> Point {
        Point(
            corner.x - Double(tile.column) * self.tile.width, corner.y - Double(tile.row) * self.tile.height)
    }

    /// The tile in which a place lies; what lies on an edge belongs to the tile behind it, beyond the page to the last one.
    private func tile(at x: Double, _ y: Double) -> Tile {
        func index(_ value: Double, _ count: Int) -> Int {
            value.isFinite ? min(count - 1, max(0, Int(value.rounded(.down)))) : 0
        }
        return Tile(column: index(x, columns), row: index(y, rows))
    }

    /// Parts a polyline at the edges of tiles: the pieces are the whole of it, each with the tile in which it lies.
    ///
    /// A closed polyline whose first and last pieces lie in one tile has them in one.
    ///
    /// - Complexity: O(points + edges crossed).
    func pieces(of line: ArraySlice<Point>) -> [(tile: Tile, points: [Point])] {
        guard let first = line.first else { return [] }
        let places = line.map { (Self.inTiles($0.x, tile.width), Self.inTiles($0.y, tile.height)) }
        guard line.count > 1 else { return [(tile(at: places[0].0, places[0].1), [first])] }
        var pieces: [(tile: Tile, points: [Point])] = []
        for k in 1..<line.count {
            let (a, b) = (line[line.startIndex + k - 1], line[line.startIndex + k])
            let cuts = crossings(places[k - 1], places[k])
            for (from, to) in zip([0] + cuts, cuts + [1]) {
                let middle = (from + to) / 2
                let x = places[k - 1].0 + (places[k].0 - places[k - 1].0) * middle
                let y = places[k - 1].1 + (places[k].1 - places[k - 1].1) * middle
                let own = tile(at: x, y)
                let end = to < 1 ? a + (b - a) * to : b
                if pieces.last?.tile != own {
                    pieces.append((own, [from > 0 ? a + (b - a) * from : a]))
                }
                pieces[pieces.count - 1].points.append(end)
            }
        }
        let isClosed = first == line[line.endIndex - 1]
        if isClosed, pieces.count > 2, pieces[0].tile == pieces[pieces.count - 1].tile {
            let last = pieces.removeLast()
            pieces[0].points = last.points + pieces[0].points.dropFirst()
        }
        return pieces
    }

    /// A coordinate in tiles of a side, whole where it is hardly beside an edge.
    private static func inTiles(_ value: Double, _ side: Double) -> Double {
        let tiles = value / side
        let whole = tiles.rounded()
        return (tiles - whole).magnitude * side < snap ? whole : tiles
    }

    /// Where the way from a to b crosses edges of tiles, as shares of it, ascending, without its ends.
    private func crossings(_ a: (Double, Double), _ b: (Double, Double)) -> [Double] {
        var shares: [Double] = []
        for (from, to, count) in [(a.0, b.0, columns), (a.1, b.1, rows)] where from != to {
            let (low, high) = (min(from, to), max(from, to))
            guard low.isFinite, high.isFinite else { continue }
            let first = max(1, Int(min(max(low, 0), Double(count)).rounded(.down)))
            let last = min(count - 1, Int(min(max(high, 0), Double(count)).rounded(.up)))
            guard first <= last else { continue }
            for edge in first...last where Double(edge) > low && Double(edge) < high {
                shares.append((Double(edge) - from) / (to - from))
            }
        }
        shares.sort()
        var kept: [Double] = []
        for share in shares where share > (kept.last ?? 0) && share < 1 { kept.append(share) }
        return kept
    }

    // MARK: Crosses

    /// Strokes of a cross on a corner of a tile, page coordinates, as far as it lies on the page; the last one ends on the
    /// corner itself, so that the pen then stands over it.
    ///
    /// - Parameters:
    ///   - column: of the corner, 0 … `columns`.
    ///   - row: of the corner, 0 … `rows`.
    func cross(column: Int, row: Int, size: Double) -> [[Point]] {
        let place = Point(Double(column) * tile.width, Double(row) * tile.height)
        let half = size / 2
        func x(_ value: Double) -> Double { min(max(value, 0), page.width) }
        func y(_ value: Double) -> Double { min(max(value, 0), page.height) }
        let across = [Point(x(place.x - half), place.y), Point(x(place.x + half), place.y)]
        var along = [Point(place.x, y(place.y - half)), Point(place.x, y(place.y + half))]
        if along[1] == place { along.reverse() }
        return [across, along[0] == place ? [along[1], place] : [along[0], along[1], place]]
    }

    /// Corners of a tile in the order in which their crosses are drawn: first those on the edge that it shares with the tile
    /// before, last the one over which the pen is to stand while the paper is moved for the next.
    func corners(_ tile: Tile, after before: Tile?, before next: Tile?) -> [(column: Int, row: Int)] {
        let left = (tile.column, tile.column + 1)
        let all = [(left.0, tile.row), (left.1, tile.row), (left.1, tile.row + 1), (left.0, tile.row + 1)]
        // The next tile's shared corner lies where this one has its own, on the machine.
        let isBack = next.map { $0.column < tile.column } ?? false
        let last = isBack ? all[1] : all[0]
        func isShared(_ corner: (Int, Int)) -> Bool {
            guard let before else { return false }
            return (before.column...before.column + 1).contains(corner.0)
                && (before.row...before.row + 1).contains(corner.1)
        }
        let others = all.filter { $0 != last }
        return (others.filter(isShared) + others.filter { !isShared($0) } + [last]).map { (column: $0.0, row: $0.1) }
    }
}
