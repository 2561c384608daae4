internal import Motion
internal import Text

/// Reads the fonts that draw text: a built-in one by name, or an SVG font from a file.
enum FontFile {
    /// Why a font cannot be used.
    enum Failure: Error, Equatable {
        case unknownName(String, nearest: String?)
        /// The file was read and is no SVG font.
        case unusable(path: String, reason: String)
    }

    /// What fonts of any size need to be read: nobody waits longer for letters.
    private static let budget = DrawingBudget(bytes: 1 << 30, steps: 200_000_000)

    /// Stands for no font: text is not drawn.
    static let none = "none"

    /// The font of `--text FONT|FILE`; nil when text is not to be drawn.
    static func font(named name: String) throws -> PenFont? {
        if name == none { return nil }
        if name == PenFont.ofDrawing { return .builtIn("plain") }
        if let font = PenFont.builtIn(name) { return font }
        guard name.contains("/") || name.contains(".") else {
            throw Failure.unknownName(name, nearest: nearest(name, in: PenFont.builtInNames))
        }
        let bytes = try InputFile.read(name)
        do throws(SVG.ParseError) {
            return try PenFont(svg: bytes, name: name, budget: budget)
        } catch {
            throw Failure.unusable(path: name, reason: "\(error)")
        }
    }

    /// What may be asked for over HTTP: a file there would be one of the server's.
    static let names = [none] + PenFont.builtInNames + [PenFont.ofDrawing]
}
