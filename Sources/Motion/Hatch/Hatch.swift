/// How painted areas are filled with lines.
public struct Hatch: Equatable, Sendable {
    /// How the lines run.
    public enum Pattern: String, Sendable, CaseIterable {
        /// One way, all at the same angle.
        case parallel
        /// Two ways, at right angles.
        case cross
        /// One way, each area turned against the one before.
        case alternate
        /// Along the outline, further and further in.
        case contour
    }

    /// Between neighbouring lines, mm on paper.
    public var spacing: Double
    /// Counter-clockwise as seen on the drawing, 0 = level.
    public var degrees: Double
    public var pattern: Pattern
    /// The spacing is that of black; paler fills get wider ones, so that as much paper shows as the colour is light.
    public var isShaded = false

    public init(spacing: Double, degrees: Double = 45, pattern: Pattern = .parallel) {
        self.spacing = spacing
        self.degrees = degrees
        self.pattern = pattern
    }

    /// Words of a pattern that may be written; parallel is what is meant without one.
    public static let words = Pattern.allCases.filter { $0 != .parallel }.map(\.rawValue)

    /// Angles, in degrees, that areas of an alternate hatching take in turn: neighbours differ as much as can be.
    static let turns = [0.0, 90, 45, 135]

    /// Angles at which the area of this number is hatched; none for contours.
    func angles(area: Int) -> [Double] {
        switch pattern {
        case .parallel: [degrees]
        case .cross: [degrees, degrees + 90]
        case .alternate: [degrees + Self.turns[area % Self.turns.count]]
        case .contour: []
        }
    }

    /// Spacing for a fill, mm; nil = too pale for any line.
    func spacing(for colour: PenColour?) -> Double? {
        guard isShaded, let colour else { return spacing }
        let ink = 1 - colour.luminance
        return ink < Self.palest ? nil : spacing / ink
    }

    /// Share of ink below which a fill stays paper.
    private static let palest = 0.02
}

extension PenColour {
    /// Relative luminance by WCAG 2.2, 0 black … 1 white: the share of light that the colour throws back.
    var luminance: Double {
        func linear(_ channel: UInt8) -> Double {
            let x = Double(channel) / 255
            return x <= 0.04045 ? x / 12.92 : power((x + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
