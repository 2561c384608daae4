/// What a picture shows besides the ink: bed, page, scale, pen. Lengths in mm, machine coordinates: x right, y down.
public struct Sheet: Equatable, Sendable {
    /// A rectangle on the bed, mm.
    public struct Area: Equatable, Sendable {
        public var x: Double
        public var y: Double
        public var width: Double
        public var height: Double

        public init(x: Double, y: Double, width: Double, height: Double) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    /// Size of the picture: how far the carriage reaches from home.
    public var bedWidth: Double
    public var bedHeight: Double
    /// The page, outlined; nil where nobody knows it.
    public var page: Area?
    public var pixelsPerMillimetre: Double
    public var penWidth: Double
    /// Motor steps (1/16) for one mm of x or y.
    public var stepsPerMillimetre: Double
    /// Travel is drawn thin in this colour below the ink; nil = not drawn.
    public var travelColour: InkColour?

    public init(
        bedWidth: Double, bedHeight: Double, page: Area? = nil, pixelsPerMillimetre: Double = 10,
        penWidth: Double = 0.3, stepsPerMillimetre: Double = 80, travelColour: InkColour? = nil
    ) {
        self.bedWidth = bedWidth
        self.bedHeight = bedHeight
        self.page = page
        self.pixelsPerMillimetre = pixelsPerMillimetre
        self.penWidth = penWidth
        self.stepsPerMillimetre = stepsPerMillimetre
        self.travelColour = travelColour
    }

    /// A second colour that stands apart from black ink and the grey outlines.
    public static let defaultTravelColour = InkColour(red: 0xF0, green: 0x7F, blue: 0x6A)
    /// Largest picture, pixels: 100 million take 500 MB.
    public static let maximumPixels = 100_000_000

    /// Width of the drawn travel, mm, never more than the pen's.
    var travelWidth: Double { min(0.1, penWidth) }
    /// Outline of page and bed: visible, yet nothing that could be taken for ink.
    static let outline = InkColour(red: 0xC8, green: 0xCC, blue: 0xD0)

    /// Pixels of the picture, each side at least 1; nil when scale or bed make no picture or one above the limit.
    public var pixelSize: (width: Int, height: Int)? {
        let width = (bedWidth * pixelsPerMillimetre).rounded(.up)
        let height = (bedHeight * pixelsPerMillimetre).rounded(.up)
        guard width >= 1, height >= 1, width * height <= Double(Self.maximumPixels) else { return nil }
        return (Int(width), Int(height))
    }
}

/// From which tick on the pen holds which colour.
public struct Ink: Hashable, Sendable {
    public var fromTick: Int64
    public var colour: InkColour

    public init(fromTick: Int64, colour: InkColour) {
        self.fromTick = fromTick
        self.colour = colour
    }
}
