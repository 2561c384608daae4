internal import Motion

extension DesignKind {
    /// One line that visits every cell of a square: Hilbert's curve, bent by a random field.
    static let curve = DesignKind(
        name: "curve", summary: "one line that fills the page",
        parameters: [
            Parameter(name: "order", summary: "each step doubles the cells a side", standard: 6, low: 2, high: 8),
            Parameter(name: "warp", summary: "how much it is bent, 0…1", standard: 0.6, low: 0, high: 1),
        ],
        make: { context throws(DesignError) in
            let order = Int(context["order"])
            let noise = DesignNoise(using: &context.random)
            let (mirrors, turns) = (context.random.below(2) == 1, context.random.below(4))
            let swirl = context.random.between(-1.6, 1.6) * context["warp"]
            let side = 1 << order
            let frame = context.frame
            let (width, height) = (frame.right - frame.left, frame.bottom - frame.top)
            var line: [Point] = []
            for step in 0..<side * side {
                let cell = hilbert(step, order: order)
                var (u, v) = ((Double(cell.x) + 0.5) / Double(side), (Double(cell.y) + 0.5) / Double(side))
                if mirrors { u = 1 - u }
                for _ in 0..<turns { (u, v) = (v, 1 - u) }
                let bent = warped(u, v, noise: noise, swirl: swirl, strength: context["warp"])
                line.append(Point(frame.left + bent.x * width, frame.top + bent.y * height))
            }
            return [DesignDrawing.Layer(name: "curve", colour: "#3b2f63", strokes: [rounded(line)])]
        })

    /// Cell number `step` of Hilbert's curve of 4^order cells.
    private static func hilbert(_ step: Int, order: Int) -> (x: Int, y: Int) {
        var (x, y, rest) = (0, 0, step)
        for level in 0..<order {
            let size = 1 << level
            let (right, upper) = ((rest / 2) & 1, (rest ^ (rest / 2)) & 1)
            if upper == 0 {
                if right == 1 { (x, y) = (size - 1 - x, size - 1 - y) }
                swap(&x, &y)
            }
            x += size * right
            y += size * upper
            rest /= 4
        }
        return (x, y)
    }

    /// A swirl and hills that leave the border where it is.
    private static func warped(
        _ u: Double, _ v: Double, noise: DesignNoise, swirl: Double, strength: Double
    ) -> (x: Double, y: Double) {
        let (dx, dy) = (u - 0.5, v - 0.5)
        let distance = (dx * dx + dy * dy).squareRoot()
        let angle = swirl * (1 - DesignMath.smooth(distance, from: 0, to: 0.5))
        let (c, s) = (DesignMath.cosine(angle), DesignMath.sine(angle))
        let (x, y) = (0.5 + c * dx - s * dy, 0.5 + s * dx + c * dy)
        let edge = min(min(u, 1 - u), min(v, 1 - v))
        let push = 0.06 * strength * DesignMath.smooth(edge, from: 0, to: 0.25)
        return (x + push * noise.value(2.2 * u, 2.2 * v), y + push * noise.value(2.2 * u + 40, 2.2 * v + 40))
    }

    /// Corners cut by two rounds of Chaikin's rule, ends kept.
    private static func rounded(_ line: [Point]) -> [Point] {
        var line = line
        for _ in 0..<2 {
            guard let first = line.first, let last = line.last, line.count > 2 else { return line }
            var next = [first]
            next.reserveCapacity(2 * line.count)
            for (a, b) in zip(line, line.dropFirst()) {
                next.append(Point(0.75 * a.x + 0.25 * b.x, 0.75 * a.y + 0.25 * b.y))
                next.append(Point(0.25 * a.x + 0.75 * b.x, 0.25 * a.y + 0.75 * b.y))
            }
            line = next + [last]
        }
        return line
    }
}
