internal import Motion
internal import Picture
internal import Text

/// The picture of a `DrawnSVG` in pixels, from its text alone: so it can be made long after the plot.
struct DrawnPNG {
    private static let pixelsPerMillimetre = 8.0
    private static let captionHeight = 2.5
    private static let captionColour = InkColour(red: 0x8A, green: 0x8F, blue: 0x94)

    private var trace = Trace()
    private var inks: [Ink] = []

    /// Nil if the text is none of ours.
    static func bytes(of svg: [UInt8]) -> [UInt8]? {
        var made = DrawnPNG()
        var bed: [Double] = []
        for line in svg.split(separator: ASCII.lineFeed) {
            if line.starts(with: "<svg ".utf8) {
                bed = numbers(in: attribute("viewBox", of: line))
            } else if line.starts(with: "<path ".utf8) {
                let colour = String(decoding: attribute("stroke", of: line), as: UTF8.self)
                made.begin(InkColour(hex: colour) ?? .black)
                made.draw(attribute("d", of: line))
            } else if line.starts(with: "<desc>".utf8), bed.count == 4 {
                let note = String(decoding: line.dropFirst(6).dropLast(7), as: UTF8.self)
                made.begin(captionColour)
                for stroke in StrokeFont.strokes(note, at: Point(2, bed[3] - 2), height: captionHeight) {
                    made.draw(stroke)
                }
            }
        }
        guard bed.count == 4 else { return nil }
        var sheet = Sheet(bedWidth: bed[2], bedHeight: bed[3], pixelsPerMillimetre: pixelsPerMillimetre)
        while sheet.pixelSize == nil, sheet.pixelsPerMillimetre > 0.01 { sheet.pixelsPerMillimetre /= 2 }
        return Picture(made.trace, sheet: sheet, inks: made.inks)?.png()
    }

    private mutating func begin(_ colour: InkColour) {
        inks.append(Ink(fromTick: Int64(trace.vertices.count), colour: colour))
    }

    private mutating func draw(_ stroke: [Point]) {
        guard let last = stroke.last else { return }
        for point in stroke { append(point, isTouching: true) }
        append(last, isTouching: false)
    }

    /// Path data of moves and lines; a dot is a line of no length.
    private mutating func draw(_ data: ArraySlice<UInt8>) {
        for stroke in data.split(separator: UInt8(ascii: "M")) {
            let values = Self.numbers(in: stroke.prefix { $0 != UInt8(ascii: "h") })
            draw(stride(from: 0, to: values.count - 1, by: 2).map { Point(values[$0], values[$0 + 1]) })
        }
    }

    private mutating func append(_ point: Point, isTouching: Bool) {
        // 80 steps for one mm; motor 1 runs along x + y, motor 2 along x − y.
        func steps(_ value: Double) -> Int32 { Int32(max(-1e9, min((value * 80).rounded(), 1e9))) }
        trace.vertices.append(
            Trace.Vertex(
                tick: Int64(trace.vertices.count), motor1: steps(point.x + point.y), motor2: steps(point.x - point.y),
                isTouching: isTouching))
    }

    /// What an attribute of an element says; empty if it has none.
    private static func attribute(_ name: String, of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let opening = Array(" \(name)=\"".utf8)
        guard let found = line.firstRange(of: opening) else { return [] }
        return line[found.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
    }

    private static func numbers(in text: ArraySlice<UInt8>) -> [Double] {
        text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "L") }
            .compactMap { Double(String(decoding: $0, as: UTF8.self)) }.filter(\.isFinite)
    }
}
