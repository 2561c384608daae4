/// Coloured lines and words on white paper, for pictures that show figures instead of ink.
public struct LineChart: Sendable {
    /// A row of straight pieces of one colour; x runs right and y down, both in pixels.
    public struct Line: Sendable {
        public var points: [SIMD2<Double>]
        public var colour: InkColour
        /// Pixels.
        public var width: Double

        public init(points: [SIMD2<Double>], colour: InkColour, width: Double) {
            self.points = points
            self.colour = colour
            self.width = width
        }
    }

    /// A word at a place: only an SVG shows it.
    public struct Label: Sendable {
        public var text: String
        public var place: SIMD2<Double>

        public init(_ text: String, at place: SIMD2<Double>) {
            self.text = text
            self.place = place
        }
    }

    /// Pixels, each 1…16,000.
    public let width: Int
    public let height: Int
    public var lines: [Line] = []
    public var labels: [Label] = []

    public init(width: Int, height: Int) {
        self.width = max(1, min(16_000, width))
        self.height = max(1, min(16_000, height))
    }

    /// The bytes of a PNG file.
    public func png() -> [UInt8] {
        var canvas = Canvas(width: width, height: height)
        var nibs: [Double: Nib] = [:]
        for line in lines {
            let nib = nibs[line.width] ?? Nib(width: line.width)
            nibs[line.width] = nib
            canvas.beginStroke(colour: line.colour)
            for (a, b) in zip(line.points, line.points.dropFirst()) {
                canvas.line(from: Self.subpixels(a), to: Self.subpixels(b), nib: nib)
            }
        }
        return PNGWriter.encode(canvas, pixelsPerMetre: 4000)
    }

    private static func subpixels(_ place: SIMD2<Double>) -> SubpixelPoint {
        func whole(_ value: Double) -> Int64 { Int64(max(-0x1p40, min(0x1p40, value * Double(Canvas.subpixels)))) }
        return SubpixelPoint(x: whole(place.x), y: whole(place.y))
    }

    /// The bytes of an SVG file.
    public func svg() -> [UInt8] {
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <g fill="none" stroke-linecap="round" stroke-linejoin="round">

            """
        for line in lines {
            let points = line.points.map { "\(Self.short($0.x)),\(Self.short($0.y))" }.joined(separator: " ")
            text += "<polyline stroke=\"\(line.colour.hex)\" stroke-width=\"\(line.width)\" points=\"\(points)\"/>\n"
        }
        text += "</g>\n<g font-family=\"sans-serif\" font-size=\"14\" fill=\"#333333\">\n"
        for label in labels {
            let words = label.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            text += "<text x=\"\(Self.short(label.place.x))\" y=\"\(Self.short(label.place.y))\">\(words)</text>\n"
        }
        return Array((text + "</g>\n</svg>\n").utf8)
    }

    private static func short(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
