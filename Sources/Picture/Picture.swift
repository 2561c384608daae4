/// What the pen drew: bed, page and ink, from executed steps.
///
/// Takes the vertices of a `Trace` all at once or as they come, for a picture that grows. Travel, if shown, lies below
/// the ink when a whole trace is given, and in order of time when vertices are appended one by one.
public struct Picture: Sendable {
    public let sheet: Sheet
    private var canvas: Canvas
    private var inks: [Ink]
    private var nextInk = 0
    private var colour: InkColour
    private var last: Trace.Vertex?
    /// Where the present stroke of the canvas has come to; nil when none is open.
    private var strokeEnd: Trace.Vertex?
    /// The open stroke has not moved yet: it is a dot unless it still does.
    private var isDot = false
    private let nib: Nib
    private let travelNib: Nib
    /// 1/256 pixels for one motor step of x + y.
    private let unitsPerStep: Double

    /// - Parameter inks: colours by tick, in rising order; before the first one ink is black.
    /// - Returns: nil when the sheet is no picture (`Sheet.pixelSize`).
    public init?(sheet: Sheet, inks: [Ink] = []) {
        guard let size = sheet.pixelSize else { return nil }
        self.sheet = sheet
        self.inks = inks
        colour = .black
        canvas = Canvas(width: size.width, height: size.height)
        nib = Nib(width: sheet.penWidth * sheet.pixelsPerMillimetre)
        travelNib = Nib(width: sheet.travelWidth * sheet.pixelsPerMillimetre)
        unitsPerStep = sheet.pixelsPerMillimetre * Double(Canvas.subpixels) / (2 * sheet.stepsPerMillimetre)
        drawOutlines(width: size.width, height: size.height)
    }

    /// A whole plot.
    public init?(_ trace: Trace, sheet: Sheet, inks: [Ink] = []) {
        self.init(sheet: sheet, inks: inks)
        if let travelColour = sheet.travelColour { drawTravel(trace.vertices, travelColour) }
        for vertex in trace.vertices { append(vertex, showsTravel: false) }
    }

    /// Another ink from a tick on that has not been drawn yet.
    public mutating func append(_ ink: Ink) { inks.append(ink) }

    /// The carriage's next vertex.
    public mutating func append(_ vertex: Trace.Vertex) {
        append(vertex, showsTravel: sheet.travelColour != nil)
    }

    /// The picture so far as the bytes of a PNG file.
    public func png() -> [UInt8] {
        let scale = max(1, min((sheet.pixelsPerMillimetre * 1000).rounded(), 1e9))
        var picture = self
        picture.endStroke()
        return PNGWriter.encode(picture.canvas, pixelsPerMetre: UInt32(scale))
    }

    private mutating func append(_ vertex: Trace.Vertex, showsTravel: Bool) {
        let before = last
        last = vertex
        if let before, (before.motor1, before.motor2) != (vertex.motor1, vertex.motor2) {
            if before.isTouching {
                canvas.line(from: place(before), to: place(vertex), nib: nib)
                strokeEnd = vertex
                isDot = false
            } else if showsTravel, let travelColour = sheet.travelColour {
                endStroke()
                canvas.beginStroke(colour: travelColour)
                canvas.line(from: place(before), to: place(vertex), nib: travelNib)
            }
        }
        let wasTouching = before?.isTouching ?? false
        let isOtherInk = takeInk(vertex.tick)
        if isOtherInk { endStroke() }
        if vertex.isTouching && (isOtherInk || !wasTouching) { beginStroke(at: vertex) }
    }

    /// A pen that comes down where it was lifted goes on with the same stroke: the ink shows nothing of a pause.
    private mutating func beginStroke(at vertex: Trace.Vertex) {
        if let strokeEnd, (strokeEnd.motor1, strokeEnd.motor2) == (vertex.motor1, vertex.motor2) { return }
        endStroke()
        canvas.beginStroke(colour: colour)
        strokeEnd = vertex
        isDot = true
    }

    private mutating func endStroke() {
        if isDot, let strokeEnd { canvas.line(from: place(strokeEnd), to: place(strokeEnd), nib: nib) }
        strokeEnd = nil
        isDot = false
    }

    /// Whether another ink is in the pen from this tick on.
    private mutating func takeInk(_ tick: Int64) -> Bool {
        let before = colour
        while nextInk < inks.count && inks[nextInk].fromTick <= tick {
            colour = inks[nextInk].colour
            nextInk += 1
        }
        return colour != before
    }

    private mutating func drawTravel(_ vertices: [Trace.Vertex], _ colour: InkColour) {
        canvas.beginStroke(colour: colour)
        for (i, vertex) in vertices.enumerated().dropFirst() where !vertices[i - 1].isTouching {
            canvas.line(from: place(vertices[i - 1]), to: place(vertex), nib: travelNib)
        }
    }

    private func place(_ vertex: Trace.Vertex) -> SubpixelPoint {
        let x = Double(Int64(vertex.motor1) + Int64(vertex.motor2))
        let y = Double(Int64(vertex.motor1) - Int64(vertex.motor2))
        return SubpixelPoint(x: subpixels(x), y: subpixels(y))
    }

    /// Far-off places are pulled in to where products of coordinates cannot overflow; nothing of them is seen.
    private func subpixels(_ steps: Double) -> Int64 {
        Int64(max(-0x1p40, min((steps * unitsPerStep).rounded(), 0x1p40)))
    }

    /// One pixel wide, in whole pixels, below everything: bed along the picture's edge, page where it lies.
    private mutating func drawOutlines(width: Int, height: Int) {
        frame(x: 0, y: 0, width: width, height: height)
        guard let page = sheet.page else { return }
        let scale = sheet.pixelsPerMillimetre
        func pixel(_ value: Double) -> Int { Int(max(-1e7, min((value * scale).rounded(), 1e7))) }
        let (left, top) = (pixel(page.x), pixel(page.y))
        frame(x: left, y: top, width: pixel(page.x + page.width) - left, height: pixel(page.y + page.height) - top)
    }

    private mutating func frame(x: Int, y: Int, width: Int, height: Int) {
        guard width > 0, height > 0 else { return }
        let (right, bottom) = (x + width, y + height)
        canvas.fill(x: x..<right, y: y..<y + 1, colour: Sheet.outline)
        canvas.fill(x: x..<right, y: bottom - 1..<bottom, colour: Sheet.outline)
        canvas.fill(x: x..<x + 1, y: y..<bottom, colour: Sheet.outline)
        canvas.fill(x: right - 1..<right, y: y..<bottom, colour: Sheet.outline)
    }
}
