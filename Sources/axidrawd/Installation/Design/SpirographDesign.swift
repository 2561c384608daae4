internal import Motion

extension DesignKind {
    /// Wheels rolling in rings, in up to three colours.
    static let spirograph = DesignKind(
        name: "spirograph", summary: "wheels rolling inside rings",
        parameters: [
            Parameter(name: "curves", summary: "number of curves", standard: 4, low: 1, high: 9)
        ],
        make: { context throws(DesignError) in
            let colours = ["#204e8a", "#b5473c", "#2e7d5b"]
            var layers = colours.map { DesignDrawing.Layer(name: "wheel", colour: $0) }
            let frame = context.frame
            let middle = Point((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2)
            let largest = min(frame.right - frame.left, frame.bottom - frame.top) / 2
            let count = Int(context["curves"])
            for curve in 0..<count {
                let radius = largest * (1 - 0.72 * Double(curve) / Double(max(1, count)))
                layers[curve % colours.count].strokes.append(
                    wheel(radius: radius, middle: middle, using: &context.random))
            }
            for place in layers.indices { layers[place].name = "wheel \(place + 1)" }
            return layers
        })

    /// A hypotrochoid: ring of `ring` teeth, wheel of `wheel` teeth, pen at `arm` of the wheel's radius.
    private static func wheel(radius: Double, middle: Point, using random: inout DesignRandom) -> [Point] {
        let ring = [96, 105, 120, 144, 150][random.below(5)]
        var wheel = 20 + random.below(60)
        // Few common teeth mean many petals; a wheel that closes at once would draw a plain ellipse.
        while ring % wheel == 0 || ring / divisor(ring, wheel) > 60 || wheel / divisor(ring, wheel) < 2 {
            wheel = 20 + random.below(60)
        }
        let rounds = wheel / divisor(ring, wheel)
        let (outer, inner) = (Double(ring), Double(wheel))
        let arm = inner * random.between(0.45, 0.95)
        let reach = outer - inner + arm
        let phase = random.between(0, DesignMath.turn)
        let count = 90 * rounds + 60 * ring / divisor(ring, wheel)
        var points: [Point] = []
        points.reserveCapacity(count + 1)
        for step in 0..<count {
            let angle = DesignMath.turn * Double(rounds) * Double(step) / Double(count)
            let roll = angle * (outer - inner) / inner
            let x = (outer - inner) * DesignMath.cosine(angle + phase) + arm * DesignMath.cosine(roll - phase)
            let y = (outer - inner) * DesignMath.sine(angle + phase) - arm * DesignMath.sine(roll - phase)
            points.append(Point(middle.x + x / reach * radius, middle.y + y / reach * radius))
        }
        if let first = points.first { points.append(first) }
        return points
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
