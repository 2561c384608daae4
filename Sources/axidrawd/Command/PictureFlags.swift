internal import Motion
internal import Picture
internal import Simulator
internal import Text

/// Flags of every verb that shows what the pen drew.
enum PictureFlags {
    static let group = FlagGroup("Picture", [output, scale, penWidth, travel])
    /// Of verbs that also plan, where the width of the pen is one of the plot's options.
    static let groupOfPlots = FlagGroup("Picture", [output, scale, travel])

    private static let output = Flag(
        "output", short: "o", .output("IMAGE"), "write what the pen drew, as .png or .svg by its ending")
    private static let scale = Flag("scale", .number(0.1...100, "PX_MM"), "pixels per mm", standard: "10")
    private static let penWidth = Flag("pen-width", .length(0.01...20), "width of the strokes", standard: "0.3")
    private static let travel = Flag("travel", .on, "show travel with the pen up in a second colour")
}

/// A picture that was asked for, its file already open.
struct PictureFile {
    enum Format { case png, svg }

    let format: Format
    var pixelsPerMillimetre = 10.0
    var penWidth = 0.3
    var showsTravel = false
    private let file: OutputFile

    /// Nil when no picture is wanted. The file is created now, so that a bad name shows before the work.
    ///
    /// - Parameter flag: that names the file.
    init?(_ invocation: Invocation, flag: String = "output", travel: Size) throws {
        guard let path = invocation.text(flag) else { return nil }
        guard let format = Self.format(path) else {
            throw UsageError.badValue(
                name: flag == "output" ? "-o" : "--" + flag, value: path, expected: "a name that ends in .png or .svg")
        }
        self.format = format
        // A flag of its own stands alone.
        if flag == "output" {
            if let value = invocation.number("scale") { pixelsPerMillimetre = value }
            if let value = invocation.number("pen-width") { penWidth = value }
            showsTravel = invocation.isOn("travel")
        }
        let sheet = Sheet(
            bedWidth: travel.width, bedHeight: travel.height, pixelsPerMillimetre: pixelsPerMillimetre)
        if format == .png && sheet.pixelSize == nil {
            throw UsageError.conflict(
                "--scale \(brief(pixelsPerMillimetre)) makes a picture of more than"
                    + " \(Sheet.maximumPixels / 1_000_000) million pixels or of none")
        }
        file = try OutputFile(path)
    }

    /// Standard output gets a PNG.
    private static func format(_ path: String) -> Format? {
        let name = path.lowercased()
        if name.hasSuffix(".png") || path == "-" { return .png }
        return name.hasSuffix(".svg") ? .svg : nil
    }

    /// Draws and writes; the file appears complete or not at all.
    ///
    /// - Parameters:
    ///   - page: outlined, machine coordinates; nil where nobody knows it.
    ///   - inks: colours by tick; black before the first.
    func write(
        _ trace: Trace, travel: Size, stepsPerMillimetre: Double = 80, page: Sheet.Area? = nil, inks: [Ink] = []
    ) throws {
        var sheet = Sheet(
            bedWidth: travel.width, bedHeight: travel.height, page: page, pixelsPerMillimetre: pixelsPerMillimetre,
            penWidth: penWidth, stepsPerMillimetre: stepsPerMillimetre,
            travelColour: showsTravel ? Sheet.defaultTravelColour : nil)
        // A sheet of tiles may be larger than the machine, whose picture was known to have room.
        while format == .png, sheet.pixelSize == nil, sheet.pixelsPerMillimetre > 0.1 { sheet.pixelsPerMillimetre /= 2 }
        switch format {
        case .png:
            guard let picture = Picture(trace, sheet: sheet, inks: inks) else {
                preconditionFailure("the size was checked when the file was opened")
            }
            try file.write(picture.png())
        case .svg: try file.write(StrokeDrawing.svg(trace, sheet: sheet, inks: inks))
        }
        try file.commit()
    }
}
