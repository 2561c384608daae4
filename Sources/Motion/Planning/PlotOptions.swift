/// What a person may ask of a plot; flags and defaults as in the command-line contract.
public struct PlotOptions: Equatable, Sendable {
    public enum Orientation: String, Sendable, CaseIterable { case auto, portrait, landscape }
    public enum Fit: String, Sendable, CaseIterable { case none, shrink, page }
    public enum Grouping: String, Sendable, CaseIterable { case layer, stroke, pen }
    public enum Order: String, Sendable, CaseIterable { case none, join, sort, full }
    /// The rule for speeds: acceleration along the line only, corners imagined rounded; or the acceleration vector, corners
    /// really rounded.
    public enum Motion: String, Sendable, CaseIterable { case junction, physical }
    public enum Outline: String, Sendable, CaseIterable { case all, stroked }

    /// Space kept free inside the page, mm.
    public struct Margin: Equatable, Sendable {
        public var top, right, bottom, left: Double

        public init(top: Double, right: Double, bottom: Double, left: Double) {
            self.top = top
            self.right = right
            self.bottom = bottom
            self.left = left
        }

        public static let zero = Margin(top: 0, right: 0, bottom: 0, left: 0)
    }

    /// Largest distance between source and planned path, mm, all stages together.
    public var tolerance = 0.02
    public var dpi = 96.0
    public var outline = Outline.all
    /// Draw dashed strokes solid.
    public var isSolid = false
    /// Draw strokes of width 0, which browsers do not paint.
    public var drawsHairlines = false
    /// Draw the rectangle that stands for the paper.
    public var keepsBackground = false
    /// The font that draws `text`; nil = text is not drawn.
    public var text: PenFont?
    /// The last `font` of the drawing, where it has one, takes the place of `text`.
    public var textIsOfDrawing = false
    /// 1-based; nil = the whole document.
    public var pageNumber: Int?

    /// Lines that fill painted areas; nil = none.
    public var hatch: Hatch?
    /// What lies under an opaque fill is not drawn.
    public var hidesLines = false
    /// Width of the pen's line, mm: hatching keeps half of it from the edges of an area.
    public var penWidth = 0.3

    /// Paper; nil = the drawing's own size.
    public var page: Size?
    /// The page is a paper by name, which lies as the drawing does unless `orientation` says otherwise.
    public var pageIsNamed = false
    /// True for `--page machine`: the page is the machine's travel.
    public var pageIsMachine = false
    public var orientation = Orientation.auto
    public var margin = Margin.zero
    public var fit = Fit.none
    /// Degrees clockwise as seen; a figure, 0 included, leaves a page as it stands where nil lets `auto` turn it.
    public var rotation: Double?
    /// Where the page's top left corner lies on the machine, mm.
    public var origin = Point(0, 0)

    /// A page that the machine does not reach is drawn in tiles, between which the paper is moved.
    public var isSpliced = false

    /// Layers to draw, by name or number; nil = all that are not documentation.
    public var layers: [String]?
    public var grouping = Grouping.layer
    /// All is drawn with the pen that is in: no stop for another one.
    public var usesOnePen = false
    public var order = Order.full
    /// Budget of iterated ordering in s, turned into a fixed number of iterations; nil = 0.5 s per 10,000 strokes, at most 1 s.
    public var orderSeconds: Double?
    /// Strokes whose ends meet are drawn in one, by the orders that join at all.
    public var joins = true
    /// Largest gap joined, mm; 0 joins ends that coincide.
    public var joinDistance = 0.15
    /// Shorter paths are dropped, mm.
    public var minimumLength = 0.0
    public var keepsDuplicates = false

    /// On boards without accelerated moves it is `junction` (`driven(by:)` of the target EBB).
    public var motion = Motion.physical
    /// Whether it was asked for by name: then a board that lacks what it needs is an error, else the other rule is taken.
    public var demandsMotion = false
    /// How far a corner is really rounded (`physical`), mm.
    public var cornerTolerance = 0.05
    /// Limit on the length of the vector by which the acceleration changes (`physical`), mm/s³; nil = it may jump. Boards
    /// without moves of limited jerk, and the other rule, cannot keep it.
    public var jerk: Double?
    /// Whether it was asked for by name: then a board that cannot keep it is an error, else it goes without.
    public var demandsJerk = false
    /// Travel begins once the pen is off the paper; off: pen and travel strictly one after the other.
    public var overlapsPen = true
    /// Whether, with `overlapsPen`, the pen also falls before the carriage arrives, on boards with a deep queue (decision 0302).
    public var timesDrop = true
    /// What would be cut, dropped or skipped is an error.
    public var isStrict = false
    public var copies = 1
    /// s between copies.
    public var pageDelay = 0.0
    /// Fixed times in s; nil = the servo model.
    public var liftTime: Double?
    public var dropTime: Double?

    public var care = InkCare()
    /// Where the carriage goes after the last copy.
    public var end = End.home

    /// Where a plot ends.
    public enum End: Equatable, Sendable {
        case home
        /// Where the last stroke ends.
        case stay
        /// A place of the machine, mm.
        case place(Point)
    }

    public init() {}

    /// Whether reading keeps what is painted.
    var keepsAreas: Bool { hatch != nil || hidesLines }
}
