/// Where the drawing lies on the machine: one affine map from page to machine coordinates, and the page's place.
///
/// Steps, in this order: page from the file or `--page`; `--rotate`; orientation; fit; origin.
public struct Placement: Equatable, Sendable {
    /// Machine x = `xx`·x + `xy`·y + `x0`.
    public private(set) var xx = 1.0, xy = 0.0, x0 = 0.0
    /// Machine y = `yx`·x + `yy`·y + `y0`.
    public private(set) var yx = 0.0, yy = 1.0, y0 = 0.0
    /// Place of the page's top left corner on the machine, mm.
    public private(set) var pageOrigin = Point(0, 0)
    /// The page as it lies on the machine, mm.
    public private(set) var page: Size

    /// Placement of a drawing whose own page is `drawingPage`.
    ///
    /// - Parameter bounds: box round what will be drawn, as far as it is placed: turned, and not yet fitted; asked for by
    ///   `--fit` only.
    public init(
        drawingPage: Size, options: PlotOptions, profile: MachineProfile, bounds: (Placement) -> Box
    ) {
        page = options.pageIsMachine ? profile.travel : options.page ?? drawingPage
        let ownsPage = !options.pageIsMachine && options.page == nil
        if options.pageIsNamed, !ownsPage, options.orientation == .auto {
            layPaper(for: drawingPage, degrees: options.rotation ?? 0)
        }
        rotate(degrees: options.rotation ?? 0, drawingPage: drawingPage, turnsPage: ownsPage)
        if options.rotation == nil || options.orientation != .auto {
            orient(options.orientation, turnsDrawing: ownsPage)
        }
        if options.fit != .none {
            let box = bounds(self)
            if !box.isEmpty { fit(box, options: options) }
        }
        pageOrigin = options.origin
        x0 += options.origin.x
        y0 += options.origin.y
    }

    /// Factor by which lengths grow; 1 unless `--fit` scales.
    public var scale: Double { (xx * yy - xy * yx).magnitude.squareRoot() }

    public func callAsFunction(_ p: Point) -> Point { Point(xx * p.x + xy * p.y + x0, yx * p.x + yy * p.y + y0) }

    /// Applies (x, y) → (a·x + b·y + e, c·x + d·y + f) after what is there.
    private mutating func append(_ a: Double, _ b: Double, _ e: Double, _ c: Double, _ d: Double, _ f: Double) {
        (xx, xy, x0, yx, yy, y0) = (
            a * xx + b * yx, a * xy + b * yy, a * x0 + b * y0 + e,
            c * xx + d * yx, c * xy + d * yy, c * x0 + d * y0 + f
        )
    }

    /// Quarter turns take the drawing's own page with them; other angles turn the drawing about the page's middle.
    private mutating func rotate(degrees: Double, drawingPage: Size, turnsPage: Bool) {
        let turn = degrees.truncatingRemainder(dividingBy: 360)
        let angle = turn < 0 ? turn + 360 : turn
        let (width, height) = (drawingPage.width, drawingPage.height)
        switch angle {
        case 0: return
        case 90:
            append(0, -1, height, 1, 0, 0)
            if turnsPage { page = Size(width: height, height: width) }
        case 180: append(-1, 0, width, 0, -1, height)
        case 270:
            append(0, 1, 0, -1, 0, width)
            if turnsPage { page = Size(width: height, height: width) }
        default:
            let (c, s) = (cosine(angle * .pi / 180), sine(angle * .pi / 180))
            let (x, y) = (page.width / 2, page.height / 2)
            append(c, -s, x - c * x + s * y, s, c, y - s * x - c * y)
        }
    }

    /// A page of the drawing's own is turned together with the drawing; paper asked for by size is laid the other way.
    private mutating func orient(_ orientation: PlotOptions.Orientation, turnsDrawing: Bool) {
        let isPortrait = page.height > page.width
        let isLandscape = page.width > page.height
        switch orientation {
        case .auto: if isPortrait { turnCounterClockwise() }
        case .landscape:
            guard isPortrait else { return }
            if turnsDrawing { turnCounterClockwise() } else { page = Size(width: page.height, height: page.width) }
        case .portrait:
            guard isLandscape else { return }
            if turnsDrawing { turnCounterClockwise() } else { page = Size(width: page.height, height: page.width) }
        }
    }

    /// Lays a paper as the drawing lies, turned by `degrees`.
    private mutating func layPaper(for drawing: Size, degrees: Double) {
        let quarters = (degrees / 90).truncatingRemainder(dividingBy: 2).magnitude
        let isTurned = quarters > 0.5 && quarters < 1.5
        let (width, height) = isTurned ? (drawing.height, drawing.width) : (drawing.width, drawing.height)
        if (width > height && page.width < page.height) || (width < height && page.width > page.height) {
            page = Size(width: page.height, height: page.width)
        }
    }

    private mutating func turnCounterClockwise() {
        append(0, 1, 0, -1, 0, page.width)
        page = Size(width: page.height, height: page.width)
    }

    /// `page` scales the drawing into the middle of the free area; `shrink` only when it does not fit, and moves it
    /// no further than needed, into the middle where it was turned by an angle.
    private mutating func fit(_ box: Box, options: PlotOptions) {
        let margin = options.margin
        let width = page.width - margin.left - margin.right
        let height = page.height - margin.top - margin.bottom
        guard options.fit != .none, width > 0, height > 0 else { return }
        let size = box.size
        var factor = min(
            size.width > 0 ? width / size.width : .infinity, size.height > 0 ? height / size.height : .infinity)
        if !factor.isFinite { factor = 1 }
        if options.fit == .shrink { factor = min(1, factor) }
        let isCentred = options.fit == .page || (options.rotation ?? 0) != 0
        let scaled = Size(width: size.width * factor, height: size.height * factor)
        let left = place(box.minimum.x, size.width, scaled.width, in: margin.left, width, centred: isCentred)
        let top = place(
            box.minimum.y, size.height, scaled.height, in: margin.top, height, centred: isCentred)
        append(factor, 0, left - factor * box.minimum.x, 0, factor, top - factor * box.minimum.y)
    }

    /// New lower edge of a span that began at `start`, shrunk about its middle and held inside the free area.
    private func place(
        _ start: Double, _ old: Double, _ new: Double, in low: Double, _ room: Double, centred: Bool
    ) -> Double {
        if centred { return low + (room - new) / 2 }
        let kept = start + (old - new) / 2
        return max(low, min(kept, low + room - new))
    }
}
