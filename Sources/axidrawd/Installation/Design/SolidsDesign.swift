internal import Motion

extension DesignKind {
    /// A town of blocks, hatched by the direction of their walls, hidden lines removed.
    static let solids = DesignKind(
        name: "solids", summary: "hatched blocks with hidden lines removed",
        parameters: [
            Parameter(name: "blocks", summary: "blocks along a side", standard: 9, low: 1, high: 16),
            Parameter(name: "hatch", summary: "distance of hatch lines, mm", standard: 1.3, low: 0.5, high: 10),
        ],
        make: { context throws(DesignError) in
            var town = Town(context: &context)
            town.draw()
            return [
                DesignDrawing.Layer(name: "edges", colour: "#22313f", strokes: town.edges),
                DesignDrawing.Layer(name: "shade", colour: "#5b7083", strokes: town.shade),
            ]
        })
}

/// Boxes on a square ground, seen from above at an angle; drawn front to back, each line cut where something drawn before
/// hides it.
private struct Town {
    /// One box: ground rectangle and heights, in units of the ground lattice.
    private struct Box {
        var x0, y0, x1, y1, z0, z1: Double
    }

    private var covered = CoveredArea()
    private(set) var edges: [[Point]] = []
    private(set) var shade: [[Point]] = []
    private var boxes: [Box] = []
    private let scale: Double
    private let origin: Point
    private let hatch: Double

    // Directions of the three axes on the page: an isometric view.
    private static let right = (x: 0.866_025_403_784_438_6, y: 0.5)
    private static let left = (x: -0.866_025_403_784_438_6, y: 0.5)

    init(context: inout DesignKind.Context) {
        let count = Int(context["blocks"])
        let noise = DesignNoise(using: &context.random)
        let shift = context.random.between(0, 200)
        for sum in stride(from: 2 * (count - 1), through: 0, by: -1) {
            for x in max(0, sum - count + 1)...min(count - 1, sum) {
                let y = sum - x
                let hill = noise.hills(Double(x) / 3.5 + shift, Double(y) / 3.5, octaves: 2)
                let height = 0.5 + 3.2 * DesignMath.smooth(hill, from: -0.6, to: 0.9) + context.random.between(0, 0.6)
                boxes += Self.building(x: Double(x), y: Double(y), height: height, using: &context.random)
            }
        }
        (scale, origin) = Self.fit(boxes, into: context.frame)
        hatch = context["hatch"]
    }

    /// The scale and the place of the ground's far corner that fill the frame.
    private static func fit(
        _ boxes: [Box], into frame: (left: Double, top: Double, right: Double, bottom: Double)
    ) -> (Double, Point) {
        var (low, high) = (Point(.infinity, .infinity), Point(-.infinity, -.infinity))
        for box in boxes {
            low = Point(min(low.x, box.x0 * right.x + box.y1 * left.x), min(low.y, (box.x0 + box.y0) / 2 - box.z1))
            high = Point(max(high.x, box.x1 * right.x + box.y0 * left.x), max(high.y, (box.x1 + box.y1) / 2 - box.z0))
        }
        let scale = min((frame.right - frame.left) / (high.x - low.x), (frame.bottom - frame.top) / (high.y - low.y))
        let middle = Point((low.x + high.x) / 2, (low.y + high.y) / 2)
        return (
            scale,
            Point((frame.left + frame.right) / 2 - scale * middle.x, (frame.top + frame.bottom) / 2 - scale * middle.y)
        )
    }

    /// A block, sometimes with a smaller one on its roof; upper parts come first because they hide the lower ones.
    private static func building(x: Double, y: Double, height: Double, using random: inout DesignRandom) -> [Box] {
        let inset = random.between(0.06, 0.2)
        let base = Box(x0: x + inset, y0: y + inset, x1: x + 1 - inset, y1: y + 1 - inset, z0: 0, z1: height)
        guard random.below(3) == 0 else { return [base] }
        let side = (base.x1 - base.x0) * random.between(0.15, 0.3)
        let tower = Box(
            x0: base.x0 + side, y0: base.y0 + side, x1: base.x1 - side, y1: base.y1 - side, z0: height,
            z1: height * random.between(1.12, 1.35))
        return [tower, base]
    }

    mutating func draw() { for box in boxes { draw(box) } }

    private func place(_ x: Double, _ y: Double, _ z: Double) -> Point {
        Point(
            origin.x + scale * (x * Self.right.x + y * Self.left.x),
            origin.y + scale * (x * Self.right.y + y * Self.left.y - z))
    }

    private mutating func draw(_ box: Box) {
        let roof = [
            place(box.x0, box.y0, box.z1), place(box.x1, box.y0, box.z1), place(box.x1, box.y1, box.z1),
            place(box.x0, box.y1, box.z1),
        ]
        let (east, south, west) =
            (place(box.x1, box.y0, box.z0), place(box.x1, box.y1, box.z0), place(box.x0, box.y1, box.z0))
        // The wall towards x is dark, the one towards y half dark, the roof white.
        hatchWall(from: (roof[1], roof[2]), to: (east, south), spacing: hatch)
        hatchWall(from: (roof[2], roof[3]), to: (south, west), spacing: 2 * hatch)
        let outline = [
            [roof[0], roof[1]], [roof[1], roof[2]], [roof[2], roof[3]], [roof[3], roof[0]], [roof[1], east],
            [roof[2], south], [roof[3], west], [east, south], [south, west],
        ]
        for edge in outline { edges += covered.visible(edge[0], edge[1]) }
        covered.add([roof[0], roof[1], east, south, west, roof[3]])
    }

    /// Upright lines across a wall, at equal distances, kept off its edges.
    private mutating func hatchWall(from top: (Point, Point), to foot: (Point, Point), spacing: Double) {
        let width = top.0.distance(to: top.1)
        let count = Int(width / spacing)
        guard count > 1 else { return }
        for line in 1..<count {
            let t = Double(line) / Double(count)
            let a = Point(DesignMath.mix(top.0.x, top.1.x, t), DesignMath.mix(top.0.y, top.1.y, t))
            let b = Point(DesignMath.mix(foot.0.x, foot.1.x, t), DesignMath.mix(foot.0.y, foot.1.y, t))
            // Every other line starts at the foot, so that the pen goes up and down the wall.
            shade += line % 2 == 0 ? covered.visible(a, b) : covered.visible(b, a)
        }
    }
}

/// Convex polygons that hide what is drawn after them.
private struct CoveredArea {
    private struct Polygon {
        var points: [Point]
        var left, top, right, bottom: Double
    }

    private var polygons: [Polygon] = []

    /// - Parameter points: corners of a convex polygon, clockwise as seen (y down).
    mutating func add(_ points: [Point]) {
        let xs = points.map(\.x)
        let ys = points.map(\.y)
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return }
        polygons.append(Polygon(points: points, left: left, top: top, right: right, bottom: bottom))
    }

    /// The parts of a segment that no polygon hides, in its direction; specks below 0.2 mm are dropped.
    func visible(_ a: Point, _ b: Point) -> [[Point]] {
        var parts = [(0.0, 1.0)]
        let (left, right) = (min(a.x, b.x), max(a.x, b.x))
        let (top, bottom) = (min(a.y, b.y), max(a.y, b.y))
        for polygon in polygons
        where polygon.right > left && polygon.left < right + 1e-9 && polygon.bottom > top && polygon.top < bottom + 1e-9
        {
            guard let hidden = inside(polygon, a, b) else { continue }
            parts = parts.flatMap { part -> [(Double, Double)] in
                guard hidden.0 < part.1, hidden.1 > part.0 else { return [part] }
                return [(part.0, hidden.0), (hidden.1, part.1)].filter { $0.1 > $0.0 }
            }
            if parts.isEmpty { return [] }
        }
        let length = a.distance(to: b)
        func at(_ t: Double) -> Point { Point(DesignMath.mix(a.x, b.x, t), DesignMath.mix(a.y, b.y, t)) }
        return parts.filter { ($0.1 - $0.0) * length >= 0.2 }.map { [at($0.0), at($0.1)] }
    }

    /// The stretch of a segment inside a polygon, shrunk so that lines on its border stay visible.
    private func inside(_ polygon: Polygon, _ a: Point, _ b: Point) -> (Double, Double)? {
        var (low, high) = (0.0, 1.0)
        for (place, corner) in polygon.points.enumerated() {
            let next = polygon.points[(place + 1) % polygon.points.count]
            let (ex, ey) = (next.x - corner.x, next.y - corner.y)
            let size = (ex * ex + ey * ey).squareRoot()
            guard size > 0 else { continue }
            let from = (ex * (a.y - corner.y) - ey * (a.x - corner.x)) / size - 1e-6
            let to = (ex * (b.y - corner.y) - ey * (b.x - corner.x)) / size - 1e-6
            if from <= 0, to <= 0 { return nil }
            if from < 0 { low = max(low, from / (from - to)) }
            if to < 0 { high = min(high, from / (from - to)) }
            if low >= high { return nil }
        }
        return (low, high)
    }
}
