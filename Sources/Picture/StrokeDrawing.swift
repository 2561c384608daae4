/// Writes what the pen drew as an SVG: one path a stroke, grouped by ink, in mm and machine coordinates.
///
/// Ink outside the bed is cut. A dot is a path of no length with round ends. Coordinates are written to 1/10,000 mm.
public struct StrokeDrawing {
    private let sheet: Sheet
    private var bytes: [UInt8] = []
    private var last: (x: Int64, y: Int64)?

    /// - Parameter inks: colours by tick, in rising order; before the first one ink is black.
    public static func svg(_ trace: Trace, sheet: Sheet, inks: [Ink] = []) -> [UInt8] {
        var drawing = StrokeDrawing(sheet: sheet)
        drawing.header()
        if let colour = sheet.travelColour {
            drawing.open(colour, width: sheet.travelWidth, id: "travel")
            drawing.draw(trace.vertices, touching: false, ticks: .min ... .max)
            drawing.close()
        }
        var (colour, from) = (InkColour.black, Int64.min)
        for ink in inks {
            drawing.layer(colour, trace.vertices, from..<max(from, ink.fromTick))
            (colour, from) = (ink.colour, max(from, ink.fromTick))
        }
        drawing.layer(colour, trace.vertices, from..<Int64.max)
        drawing.text("</svg>\n")
        return drawing.bytes
    }

    private init(sheet: Sheet) { self.sheet = sheet }

    private mutating func header() {
        let (width, height) = (Self.decimal(units(sheet.bedWidth)), Self.decimal(units(sheet.bedHeight)))
        text("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)mm\" height=\"\(height)mm\"")
        text(" viewBox=\"0 0 \(width) \(height)\">\n")
        text("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>\n")
        guard let page = sheet.page else { return }
        let place = "x=\"\(Self.decimal(units(page.x)))\" y=\"\(Self.decimal(units(page.y)))\""
        let size = "width=\"\(Self.decimal(units(page.width)))\" height=\"\(Self.decimal(units(page.height)))\""
        text("<rect \(place) \(size) fill=\"none\" stroke=\"\(Sheet.outline.hex)\" stroke-width=\"0.1\"/>\n")
    }

    /// The ink of one stretch of time; nothing is written when nothing was drawn in it.
    private mutating func layer(_ colour: InkColour, _ vertices: [Trace.Vertex], _ ticks: Range<Int64>) {
        guard !ticks.isEmpty else { return }
        let start = bytes.count
        open(colour, width: sheet.penWidth, id: nil)
        let empty = bytes.count
        draw(vertices, touching: true, ticks: ticks.lowerBound...(ticks.upperBound - 1))
        if bytes.count == empty {
            bytes.removeLast(bytes.count - start)
        } else {
            close()
        }
    }

    private mutating func open(_ colour: InkColour, width: Double, id: String?) {
        text("<g fill=\"none\" stroke=\"\(colour.hex)\" stroke-width=\"\(Self.decimal(units(width)))\"")
        text(" stroke-linecap=\"round\" stroke-linejoin=\"round\"")
        text(id.map { " id=\"\($0)\">\n" } ?? ">\n")
    }

    private mutating func close() { text("</g>\n") }

    /// Every segment with this state of the pen that begins within `ticks`.
    private mutating func draw(_ vertices: [Trace.Vertex], touching: Bool, ticks: ClosedRange<Int64>) {
        last = nil
        let scale = 1 / (2 * sheet.stepsPerMillimetre)
        let bed = (width: sheet.bedWidth, height: sheet.bedHeight)
        for i in vertices.indices.dropLast() {
            let (a, b) = (vertices[i], vertices[i + 1])
            guard a.isTouching == touching, ticks.contains(a.tick) else {
                finishPath()
                continue
            }
            // A travel of no length is no travel; a touch of no length is a dot.
            if !touching && a.motor1 == b.motor1 && a.motor2 == b.motor2 { continue }
            let line = Segment(
                x1: Double(Int64(a.motor1) + Int64(a.motor2)) * scale,
                y1: Double(Int64(a.motor1) - Int64(a.motor2)) * scale,
                x2: Double(Int64(b.motor1) + Int64(b.motor2)) * scale,
                y2: Double(Int64(b.motor1) - Int64(b.motor2)) * scale)
            if let inside = line.clipped(width: bed.width, height: bed.height) { append(inside) } else { finishPath() }
        }
        finishPath()
    }

    private mutating func append(_ line: Segment) {
        let start = (x: units(line.x1), y: units(line.y1))
        let end = (x: units(line.x2), y: units(line.y2))
        if last.map({ $0 != start }) ?? true {
            finishPath()
            text("<path d=\"M")
            point(start)
            text("L")
        } else {
            text(" ")
        }
        point(end)
        last = end
    }

    private mutating func finishPath() {
        if last != nil { text("\"/>\n") }
        last = nil
    }

    private mutating func point(_ point: (x: Int64, y: Int64)) {
        number(point.x)
        text(" ")
        number(point.y)
    }

    /// 1/10,000 mm; kept within what fits.
    private func units(_ millimetres: Double) -> Int64 {
        Int64(max(-1e15, min((millimetres * 10_000).rounded(), 1e15)))
    }

    private mutating func text(_ text: String) { bytes += text.utf8 }

    private static func decimal(_ units: Int64) -> String {
        var drawing = StrokeDrawing(sheet: Sheet(bedWidth: 1, bedHeight: 1))
        drawing.number(units)
        return String(decoding: drawing.bytes, as: UTF8.self)
    }

    /// 1/10,000 as a decimal without zeros at its end.
    private mutating func number(_ units: Int64) {
        if units < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = units.magnitude
        bytes += String(magnitude / 10_000).utf8
        var rest = magnitude % 10_000
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var place: UInt64 = 1000
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / place))
            rest %= place
            place /= 10
        }
    }
}

/// A straight piece in mm.
private struct Segment {
    var x1: Double
    var y1: Double
    var x2: Double
    var y2: Double

    /// What lies in 0…width × 0…height (Liang and Barsky's way); nil when nothing does.
    func clipped(width: Double, height: Double) -> Segment? {
        let (dx, dy) = (x2 - x1, y2 - y1)
        var (enter, leave) = (0.0, 1.0)
        for (delta, room) in [(-dx, x1), (dx, width - x1), (-dy, y1), (dy, height - y1)] {
            if delta == 0 {
                if room < 0 { return nil }
            } else if delta < 0 {
                enter = max(enter, room / delta)
            } else {
                leave = min(leave, room / delta)
            }
        }
        guard enter <= leave else { return nil }
        // Untouched ends stay bit for bit what they were.
        return Segment(
            x1: enter > 0 ? x1 + enter * dx : x1, y1: enter > 0 ? y1 + enter * dy : y1,
            x2: leave < 1 ? x1 + leave * dx : x2, y2: leave < 1 ? y1 + leave * dy : y2)
    }
}
