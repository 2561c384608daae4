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
        // Pixels whose centres, 128/256 in from their corners, lie within reach of the segment's box.
        let top = max(0, (min(a.y, b.y) &- nib.reach &+ 127) >> 8)
        let bottom = min(Int64(height), ((max(a.y, b.y) &+ nib.reach &- 128) >> 8) &+ 1)
        let left = max(0, (min(a.x, b.x) &- nib.reach &+ 127) >> 8)
        let right = min(Int64(width), ((max(a.x, b.x) &+ nib.reach &- 128) >> 8) &+ 1)
        guard top < bottom, left < right else { return }
        let rows = Int(top)..<Int(bottom)
        pendingRows =
            pendingRows.isEmpty
            ? rows : min(pendingRows.lowerBound, rows.lowerBound)..<max(pendingRows.upperBound, rows.upperBound)
        var sweep = Sweep(from: a, to: b, reach: nib.reach, left: left, top: top)
        for row in rows {
            let first = max(left, sweep.firstColumn)
            let end = min(right, sweep.lastColumn &+ 1)
            if first < end {
                let skipped = first &- left
                let start = row * width
                let span = Span(
                    pixels: start + Int(first)..<start + Int(end), across: sweep.across &+ skipped &* sweep.acrossStep,
                    along: sweep.along &+ skipped &* sweep.alongStep)
                Self.paint(span, sweep, nib, (ink, tag), &pixels, &tags)
            }
            sweep.nextRow()
        }
    }

    /// Neighbouring pixels of one row.
    private struct Span {
        var pixels: Range<Int>
        /// Of the first pixel's centre, as in `Sweep`.
        var across: Int64
        var along: Int64
    }

    private static func paint(
        _ span: Span, _ sweep: Sweep, _ nib: Nib, _ stroke: (ink: UInt32, tag: UInt8), _ pixelArray: inout [UInt32],
        _ tagArray: inout [UInt8]
    ) {
        var (across, along) = (span.across, span.along)
        let coverages = nib.coverages.span
        let outside = coverages.count &- 1
        var pixels = pixelArray.mutableSpan
        var tags = tagArray.mutableSpan
        for i in span.pixels {
            let side = across >> Sweep.fractionBits
            let place = along >> Sweep.fractionBits
            let beyond = place < 0 ? place : max(0, place &- sweep.length)
            let square = Int(truncatingIfNeeded: (side &* side &+ beyond &* beyond) &>> nib.shift)
            across &+= sweep.acrossStep
            along &+= sweep.alongStep
            if square >= outside { continue }
            let coverage = UInt32(coverages[square])
            let pixel = pixels[i]
            if tags[i] == stroke.tag {
                if coverage > pixel & 255 { pixels[i] = pixel & ~255 | coverage }
            } else {
                let old = pixel & 255
                let below = old == 0 ? pixel >> 8 : InkColour.blend(stroke.ink, over: pixel >> 8, coverage: old)
                pixels[i] = below << 8 | coverage
                tags[i] = stroke.tag
            }
        }
    }
}

/// A place on the canvas in 1/256 pixel.
struct SubpixelPoint: Hashable, Sendable {
    var x: Int64
    var y: Int64
}

/// Where pixel centres lie beside and along one segment, stepped from pixel to pixel and from row to row.
///
/// Distances are 1/256 pixel with `fractionBits` more, so that a step's rounding stays below a thousandth of a pixel
/// across the largest picture.
private struct Sweep {
    static let fractionBits: Int64 = 20
    private static let columnBits: Int64 = 16

    /// Distance of the row's first pixel beside the segment's line and from its start along it.
    var across: Int64
    var along: Int64
    let acrossStep: Int64
    let alongStep: Int64
    /// 1/256 pixel.
    let length: Int64
    /// Columns between which the row can have anything, in 1/65,536 pixel: the band around the segment's line.
    private var low: Int64
    private var high: Int64
    private let columnStep: Int64

    init(from a: SubpixelPoint, to b: SubpixelPoint, reach: Int64, left: Int64, top: Int64) {
        let unit = Double(Canvas.subpixels)
        let (dx, dy) = (Double(b.x &- a.x), Double(b.y &- a.y))
        let exactLength = (dx * dx + dy * dy).squareRoot()
        length = Int64(exactLength.rounded())
        let unitX = exactLength > 0 ? dx / exactLength : 1
        let unitY = exactLength > 0 ? dy / exactLength : 0
        let scale = Double(Int64(1) << Self.fractionBits)
        let x = (Double(left) + 0.5) * unit - Double(a.x)
        let y = (Double(top) + 0.5) * unit - Double(a.y)
        across = Int64(((x * unitY - y * unitX) * scale).rounded())
        along = Int64(((x * unitX + y * unitY) * scale).rounded())
        acrossStep = Int64((unitY * unit * scale).rounded())
        alongStep = Int64((unitX * unit * scale).rounded())
        // |x·uy − y·ux| ≤ reach, solved for x. Near-horizontal segments: the bounding box is as good.
        guard unitY.magnitude > 0x1p-10 else {
            (low, high, columnStep) = (.min / 2, .max / 2, 0)
            return
        }
        let columns = Double(Int64(1) << Self.columnBits)
        let slope = unitX / unitY
        let middle = (Double(a.x) + y * slope) / unit - 0.5
        let half = Double(reach) / (unitY.magnitude * unit)
        low = Int64((max(-0x1p40, middle - half) * columns).rounded())
        high = Int64((min(0x1p40, middle + half) * columns).rounded())
        columnStep = Int64((slope * columns).rounded())
    }

    // Rounded outwards, with what the steps' own rounding may have added up to.
    var firstColumn: Int64 { (low &+ 0xE000) >> Self.columnBits }
    var lastColumn: Int64 { (high &+ 0x2000) >> Self.columnBits }

    mutating func nextRow() {
        // One pixel down: y grows, and with it along by uy and across by −ux.
        across &-= alongStep
        along &+= acrossStep
        low &+= columnStep
        high &+= columnStep
    }
}

/// A round pen tip: how much of a pixel it covers, by the square of the distance between pixel and stroke.
struct Nib: Sendable {
    /// Distance in 1/256 pixel from which on nothing is covered.
    let reach: Int64
    /// Coverage of 255 parts, by squared distance shifted right by `shift`; the last entry is 0.
    let coverages: [UInt8]
    let shift: Int64

    /// - Parameter width: pixels, > 0; wider than 1,000 is taken as 1,000.
    init(width: Double) {
        let radius = max(0.01, min(width, 1000)) / 2
        let units = Double(Canvas.subpixels)
        reach = Int64(((radius + 0.5) * units).rounded(.up))
        var shift: Int64 = 0
        while (reach * reach) >> shift >= 4096 { shift += 1 }
        self.shift = shift
        let count = Int((reach * reach) >> shift) + 2
        coverages = (0..<count).map { index in
            let square = Double(Int64(index) << shift) + Double(Int64(1) << shift) / 2
            let distance = square.squareRoot() / units
            // A stroke narrower than a pixel never covers more of it than its width.
            let part = max(0, min(radius + 0.5 - distance, 2 * radius, 1))
            return index == count - 1 ? 0 : UInt8((part * 255).rounded())
        }
    }
}
