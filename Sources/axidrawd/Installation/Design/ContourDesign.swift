internal import Motion

extension DesignKind {
    /// Height lines of a random landscape, as on a map.
    static let contours = DesignKind(
        name: "contours", summary: "height lines of a random landscape",
        parameters: [
            Parameter(name: "levels", summary: "number of heights", standard: 22, low: 2, high: 60),
            Parameter(name: "scale", summary: "size of the hills, mm", standard: 75, low: 10, high: 1_000),
        ],
        make: { context throws(DesignError) in
            let landscape = Landscape(context: &context)
            var plain = DesignDrawing.Layer(name: "contours", colour: "#2f4b3c")
            var index = DesignDrawing.Layer(name: "index contours", colour: "#a4622c")
            let levels = Int(context["levels"])
            for level in 1...max(1, levels) {
                let height = landscape.low + (landscape.high - landscape.low) * Double(level) / Double(levels + 1)
                let lines = landscape.lines(at: height)
                // Every fifth line is drawn with the second pen, as maps do.
                if level % 5 == 0 { index.strokes += lines } else { plain.strokes += lines }
                try bound(plain.points + index.points)
            }
            return [plain, index]
        })
}

/// Heights on a grid and their level lines (marching squares with linear interpolation).
private struct Landscape {
    private let columns: Int
    private let rows: Int
    private let left: Double
    private let top: Double
    private let cell: Double
    private var heights: [Double]
    var low = 0.0
    var high = 0.0

    init(context: inout DesignKind.Context) {
        let frame = context.frame
        let noise = DesignNoise(using: &context.random)
        let longer = max(frame.right - frame.left, frame.bottom - frame.top)
        cell = max(1.2, longer / 220)
        columns = max(2, Int((frame.right - frame.left) / cell) + 1)
        rows = max(2, Int((frame.bottom - frame.top) / cell) + 1)
        // What the grid does not fill is shared by both sides.
        left = frame.left + (frame.right - frame.left - Double(columns - 1) * cell) / 2
        top = frame.top + (frame.bottom - frame.top - Double(rows - 1) * cell) / 2
        heights = []
        heights.reserveCapacity(columns * rows)
        let scale = context["scale"]
        for row in 0..<rows {
            for column in 0..<columns {
                heights.append(noise.hills(Double(column) * cell / scale, Double(row) * cell / scale, octaves: 3))
            }
        }
        low = heights.min() ?? 0
        high = heights.max() ?? 1
    }

    /// Sides of cells are numbered: 2·node for the one to the right of a node, 2·node + 1 for the one below it.
    private func crossing(_ side: Int, _ height: Double) -> Point {
        let node = side / 2
        let other = side % 2 == 0 ? node + 1 : node + columns
        let t = (height - heights[node]) / (heights[other] - heights[node])
        let x = left + Double(node % columns) * cell
        let y = top + Double(node / columns) * cell
        return side % 2 == 0 ? Point(x + t * cell, y) : Point(x, y + t * cell)
    }

    func lines(at height: Double) -> [[Point]] {
        // Each crossed side has at most two neighbours, one in each cell beside it; −1 is none.
        var links = Links(sides: 2 * columns * rows)
        var order: [Int] = []
        for row in 0..<rows - 1 {
            for node in row * columns..<row * columns + columns - 1 {
                connect(node, height, &links, &order)
            }
        }
        return chains(order, links, height)
    }

    /// Which crossed sides of the cells hang together.
    private struct Links {
        private var neighbours: [Int32]

        init(sides: Int) { neighbours = Array(repeating: -1, count: 2 * sides) }

        mutating func connect(_ a: Int, _ b: Int) {
            neighbours[2 * a + (neighbours[2 * a] < 0 ? 0 : 1)] = Int32(b)
            neighbours[2 * b + (neighbours[2 * b] < 0 ? 0 : 1)] = Int32(a)
        }

        /// Both neighbours of a side.
        func of(_ side: Int) -> (first: Int, second: Int) { (Int(neighbours[2 * side]), Int(neighbours[2 * side + 1])) }
    }

    private func connect(_ node: Int, _ height: Double, _ links: inout Links, _ order: inout [Int]) {
        let corners = [node, node + 1, node + columns + 1, node + columns]
        let a = heights[corners[0]] >= height
        let b = heights[corners[1]] >= height
        let c = heights[corners[2]] >= height
        let d = heights[corners[3]] >= height
        if a == b, b == c, c == d { return }
        let (top, right, bottom, left) = (2 * node, 2 * (node + 1) + 1, 2 * (node + columns), 2 * node + 1)
        var sides: [Int] = []
        if a != b { sides.append(top) }
        if b != c { sides.append(right) }
        if c != d { sides.append(bottom) }
        if d != a { sides.append(left) }
        order += sides
        if sides.count == 2 {
            links.connect(sides[0], sides[1])
            return
        }
        // A saddle: the middle decides which corners are joined.
        let isMiddleAbove = corners.reduce(0) { $0 + heights[$1] } / 4 >= height
        if a == isMiddleAbove {
            links.connect(top, right)
            links.connect(bottom, left)
        } else {
            links.connect(top, left)
            links.connect(right, bottom)
        }
    }

    private func chains(_ order: [Int], _ links: Links, _ height: Double) -> [[Point]] {
        var isUsed = Array(repeating: false, count: 2 * columns * rows)
        var lines: [[Point]] = []
        func follow(_ start: Int) {
            if isUsed[start] { return }
            var line: [Point] = []
            var side = start
            var next = start
            while next >= 0 {
                isUsed[next] = true
                side = next
                line.append(crossing(side, height))
                let (first, second) = links.of(side)
                next = first >= 0 && !isUsed[first] ? first : second >= 0 && !isUsed[second] ? second : -1
            }
            let (first, second) = links.of(side)
            if line.count > 2, first == start || second == start { line.append(line[0]) }
            // Specks below 3 mm only blot.
            let length = zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
            if length >= 3 { lines.append(line) }
        }
        // Open lines first, from their ends; what is left is closed.
        for side in order where links.of(side).second < 0 { follow(side) }
        for side in order { follow(side) }
        return lines
    }
}
