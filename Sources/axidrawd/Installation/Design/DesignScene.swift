internal import Motion
internal import Text

/// A design in space, for screens that turn it; the drawing is its projection.
///
/// The main axis is the line through `middle` along x; z points to the viewer.
struct DesignScene: Equatable {
    /// A point on the page, mm, with the middle and depth that its projection needs.
    struct Spot: Equatable {
        var x: Double
        /// Off the main axis, mm: down the page and towards the viewer.
        var y: Double
        var z: Double
        var middle: Point
        /// The eye is so far from the page, mm.
        var eye: Double

        /// Seen from the front: what is nearer is larger.
        var onPaper: Point {
            let scale = eye / (eye - z)
            return Point(middle.x + (x - middle.x) * scale, middle.y + y * scale)
        }
    }

    struct Layer: Equatable {
        var name: String
        var colour: String
        var strokes: [[Spot]] = []
    }

    /// Of the eye from the page, in units of the largest distance from the axis.
    static let distance = 7.0

    var width: Double
    var height: Double
    var middle: Point
    var eye: Double
    var layers: [Layer]

    /// Widens everything off the axis, at most twice, until its projection reaches so far up or down, mm.
    mutating func fill(_ reach: Double) {
        let spots = layers.flatMap(\.strokes).joined()
        let widest = spots.reduce(0) { max($0, abs($1.onPaper.y - middle.y)) }
        guard widest > 0, widest < reach else { return }
        let factor = min(2, reach / widest)
        eye *= factor
        for layer in layers.indices {
            for stroke in layers[layer].strokes.indices {
                for place in layers[layer].strokes[stroke].indices {
                    layers[layer].strokes[stroke][place].y *= factor
                    layers[layer].strokes[stroke][place].z *= factor
                    layers[layer].strokes[stroke][place].eye = eye
                }
            }
        }
    }

    /// `{width, height, middle, eye, layers: [{colour, strokes: [[x, y, z, …], …]}]}`, mm to 0.01.
    var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue { .number((value * 100).rounded() / 100) }
        let layers = layers.map { layer in
            JSONValue.object([
                ("name", .string(layer.name)), ("colour", .string(layer.colour)),
                (
                    "strokes",
                    .array(
                        layer.strokes.map { stroke in
                            .array(stroke.flatMap { [rounded($0.x), rounded($0.y), rounded($0.z)] })
                        })
                ),
            ])
        }
        return .object([
            ("width", rounded(width)), ("height", rounded(height)),
            ("middle", .array([rounded(middle.x), rounded(middle.y)])), ("eye", rounded(eye)),
            ("layers", .array(layers)),
        ])
    }
}
