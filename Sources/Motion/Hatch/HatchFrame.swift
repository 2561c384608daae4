/// The drawing turned so that hatch lines run level: u along them, v across.
struct HatchFrame {
    private let cosine, sine: Double

    /// - Parameter degrees: counter-clockwise as seen, on a page whose y grows downwards.
    init(degrees: Double) {
        // Exact for level and upright lines, which most drawings meet edge on.
        let turn = degrees.truncatingRemainder(dividingBy: 180)
        switch turn {
        case 0: (cosine, sine) = (1, 0)
        case 90, -90: (cosine, sine) = (0, -1)
        default: (cosine, sine) = (Motion.cosine(turn * .pi / 180), -Motion.sine(turn * .pi / 180))
        }
    }

    /// From the page.
    func callAsFunction(_ p: Point) -> Point { Point(p.x * cosine + p.y * sine, p.y * cosine - p.x * sine) }

    /// Back to the page.
    func page(_ p: Point) -> Point { Point(p.x * cosine - p.y * sine, p.x * sine + p.y * cosine) }
}
