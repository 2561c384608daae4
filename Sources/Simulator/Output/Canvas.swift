/// Pixels that take round-ended strokes, anti-aliased, in any number of colours.
///
/// A pixel keeps the colour below the stroke being drawn and, apart from it, how much of the pixel that stroke covers.
/// Within one stroke coverage is the largest of its segments, so that joints and short segments leave no knots; the
/// next stroke is laid over. All of it is integer arithmetic on IEEE results of `+ − × ÷ √`, hence the same bytes on
/// every machine. Memory: 5 bytes a pixel.
public struct Canvas: Sendable {
    public let width: Int
    public let height: Int
    /// Bits 31…8 the colour below, bits 7…0 coverage of the last stroke that touched this pixel.
    private var pixels: [UInt32]
    /// Which stroke that was, modulo 255, 1…255; 0 = none. Two strokes 255 apart count as one: seen by nobody.
    private var tags: [UInt8]
    private var tag: UInt8 = 0
    private var ink: UInt32 = 0
    /// Rows with coverage that is not yet laid into the colour.
    private var pendingRows: Range<Int> = 0..<0

    /// Parts of a pixel in coordinates.
    static let subpixels = 256
    /// Fraction bits of the values that step from pixel to pixel, on top of `subpixels`.
    private static let stepBits: Int64 = 20

    /// - Precondition: 1 ≤ width, height; at most 2³¹ pixels.
    public init(width: Int, height: Int, paper: InkColour = .white) {
        precondition(width >= 1 && height >= 1 && width <= Int(Int32.max) / height)
        self.width = width
        self.height = height
        pixels = [UInt32](repeating: paper.packed << 8, count: width * height)
        tags = [UInt8](repeating: 0, count: width * height)
    }

    /// Starts a stroke: what follows is laid over what is there.
    public mutating func beginStroke(colour: InkColour) {
        if colour.packed != ink {
            settle()
            ink = colour.packed
        }
        tag = tag == 255 ? 1 : tag + 1
    }

    /// Lays all coverage into the colours below, so that another ink can be used.
    private mutating func settle() {
        for i in pendingRows.lowerBound * width..<pendingRows.upperBound * width where pixels[i] & 255 != 0 {
            let pixel = pixels[i]
            pixels[i] = InkColour.blend(ink, over: pixel >> 8, coverage: pixel & 255) << 8
            tags[i] = 0
        }
        pendingRows = 0..<0
    }

    /// Fills a rectangle of whole pixels with a colour, below everything drawn later; what lies outside is cut.
    public mutating func fill(x: Range<Int>, y: Range<Int>, colour: InkColour) {
        settle()
        let columns = x.clamped(to: 0..<width)
        for row in y.clamped(to: 0..<height) {
            for i in row * width + columns.lowerBound..<row * width + columns.upperBound {
                pixels[i] = colour.packed << 8
                tags[i] = 0
            }
        }
    }

    /// Colours of one row, `0x00RRGGBB`, everything laid down.
    func readRow(_ row: Int, into colours: inout [UInt32]) {
        precondition(row >= 0 && row < height && colours.count == width)
        let pixels = pixels.span
        var colours = colours.mutableSpan
        let start = row * width
        for x in 0..<width {
            let pixel = pixels[start &+ x]
            let coverage = pixel & 255
            colours[x] = coverage == 0 ? pixel >> 8 : InkColour.blend(ink, over: pixel >> 8, coverage: coverage)
        }
    }

    /// Draws a segment with round ends as part of the present stroke.
    ///
    /// - Parameters: ends in 1/256 pixel from the top left corner; outside is cut.
    mutating func line(from a: SubpixelPoint, to b: SubpixelPoint, nib: Nib) {
        let dx = Double(b.x &- a.x)
        let dy = Double(b.y &- a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let unitX = length > 0 ? dx / length : 1
        let unitY = length > 0 ? dy / length : 0
        let reach = nib.reach
        let unit = Double(Self.subpixels)
        let top = pixel((Double(min(a.y, b.y)) - reach) / unit, limit: height)
        let bottom = pixel((Double(max(a.y, b.y)) + reach) / unit, limit: height)
        guard top < bottom + 1, bottom >= 0, top < height else { return }
        let rows = max(top, 0)..<min(bottom + 1, height)
        guard !rows.isEmpty else { return }
        pendingRows =
            pendingRows.isEmpty
            ? rows : min(pendingRows.lowerBound, rows.lowerBound)..<max(pendingRows.upperBound, rows.upperBound)
        let capsule = Capsule(
            start: a, unitX: unitX, unitY: unitY, length: length, reach: reach,
            left: Double(min(a.x, b.x)) - reach, right: Double(max(a.x, b.x)) + reach)
        for row in rows { drawRow(row, capsule, nib) }
    }

    /// A pixel index from a real, kept in −1…limit so that far-off coordinates cannot overflow.
    private func pixel(_ value: Double, limit: Int) -> Int { Int(max(-1, min(value.rounded(.down), Double(limit)))) }

    private mutating func drawRow(_ row: Int, _ capsule: Capsule, _ nib: Nib) {
        let unit = Double(Self.subpixels)
        // Pixel centres are tested, 128/256 in from the pixel's corner.
        let y = (Double(row) + 0.5) * unit - Double(capsule.start.y)
        let (low, high) = capsule.columns(y)
        let first = max(0, pixel(low / unit - 0.5, limit: width))
        let last = min(width - 1, pixel(high / unit + 0.5, limit: width))
        guard first <= last else { return }
        let x = (Double(first) + 0.5) * unit - Double(capsule.start.x)
        let scale = Double(Int64(1) << Self.stepBits)
        let across = Int64(((x * capsule.unitY - y * capsule.unitX) * scale).rounded())
        let along = Int64(((x * capsule.unitX + y * capsule.unitY) * scale).rounded())
        let acrossStep = Int64((capsule.unitY * unit * scale).rounded())
        let alongStep = Int64((capsule.unitX * unit * scale).rounded())
        let end = Int64(capsule.length.rounded())
        let row = Row(
            pixels: row * width + first..<row * width + last + 1, across: across, along: along,
            acrossStep: acrossStep, alongStep: alongStep, end: end, ink: ink, tag: tag)
        Self.paint(row, nib, &pixels, &tags)
    }

    /// What changes from pixel to pixel along one row of a segment.
    private struct Row {
        var pixels: Range<Int>
        /// Distances of the first pixel's centre beside and along the segment, and their growth a pixel.
        var across: Int64
        var along: Int64
        var acrossStep: Int64
        var alongStep: Int64
        /// The segment's length, 1/256 pixel.
        var end: Int64
        var ink: UInt32
        var tag: UInt8
    }

    private static func paint(_ row: Row, _ nib: Nib, _ pixelArray: inout [UInt32], _ tagArray: inout [UInt8]) {
        var (across, along) = (row.across, row.along)
        let coverages = nib.coverages.span
        let outside = coverages.count &- 1
        var pixels = pixelArray.mutableSpan
        var tags = tagArray.mutableSpan
        for i in row.pixels {
            let side = across >> stepBits
            let place = along >> stepBits
            let beyond = place < 0 ? place : max(0, place &- row.end)
            let square = Int(truncatingIfNeeded: (side &* side &+ beyond &* beyond) >> nib.shift)
            let coverage = UInt32(coverages[min(square, outside)])
            across &+= row.acrossStep
            along &+= row.alongStep
            if coverage == 0 { continue }
            let pixel = pixels[i]
            if tags[i] == row.tag {
                if coverage > pixel & 255 { pixels[i] = pixel & ~255 | coverage }
            } else {
                let old = pixel & 255
                let below = old == 0 ? pixel >> 8 : InkColour.blend(row.ink, over: pixel >> 8, coverage: old)
                pixels[i] = below << 8 | coverage
                tags[i] = row.tag
            }
        }
    }
}

/// A place on the canvas in 1/256 pixel.
struct SubpixelPoint: Hashable, Sendable {
    var x: Int64
    var y: Int64
}

/// The shape that a round nib leaves along one segment.
private struct Capsule {
    var start: SubpixelPoint
    var unitX: Double
    var unitY: Double
    var length: Double
    var reach: Double
    var left: Double
    var right: Double

    /// Columns in 1/256 pixel that a row, `y` below the start, can have in the shape: bounding box cut by the band.
    func columns(_ y: Double) -> (Double, Double) {
        var (low, high) = (left, right)
        // |x·uy − y·ux| ≤ reach. Near-horizontal segments: the bounding box is as good.
        if unitY.magnitude > 0x1p-10 {
            let middle = Double(start.x) + y * unitX / unitY
            let half = reach / unitY.magnitude
            low = max(low, middle - half)
            high = min(high, middle + half)
        }
        return (low, high)
    }
}

/// A round pen tip: how much of a pixel it covers, by the square of the distance between pixel and stroke.
struct Nib: Sendable {
    /// Distance in 1/256 pixel from which on nothing is covered.
    let reach: Double
    /// Coverage of 255 parts, by squared distance shifted right by `shift`; the last entry is 0.
    let coverages: [UInt8]
    let shift: Int64

    /// - Parameter width: pixels, > 0; wider than 1,000 is taken as 1,000.
    init(width: Double) {
        let radius = max(0.01, min(width, 1000)) / 2
        let units = Double(Canvas.subpixels)
        reach = (radius + 0.5) * units
        var shift: Int64 = 0
        while Int64(reach * reach) >> shift >= 4096 { shift += 1 }
        self.shift = shift
        let count = Int(Int64(reach * reach) >> shift) + 2
        coverages = (0..<count).map { index in
            let square = Double(Int64(index) << shift) + Double(Int64(1) << shift) / 2
            let distance = square.squareRoot() / units
            // A stroke narrower than a pixel never covers more of it than its width.
            let part = max(0, min(radius + 0.5 - distance, 2 * radius, 1))
            return index == count - 1 ? 0 : UInt8((part * 255).rounded())
        }
    }
}
