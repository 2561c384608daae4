internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Motion

/// Small drawings, one a kind of what artists' programs write, each beside what must come of it: `fixtures/svg`.
///
/// A comment `<!-- options: dpi=90 hairlines -->` in a drawing gives the options it is read with.
struct FixtureTests {
    static let folder = packageDirectory.appendingPathComponent("fixtures/svg")

    static let drawings: [String] = {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".svg") }.sorted()
    }()

    @Test func thereAreDrawings() { #expect(Self.drawings.count > 40) }

    @Test(arguments: drawings) func isDrawnRight(_ name: String) throws {
        let url = Self.folder.appendingPathComponent(name)
        let bytes = [UInt8](try Data(contentsOf: url))
        try expectGolden(
            try Self.description(of: bytes), at: url.deletingPathExtension().appendingPathExtension("paths"))
    }

    /// Page, paths, what is told, and the pens that planning makes of it.
    private static func description(of bytes: [UInt8]) throws -> String {
        let options = options(in: String(decoding: bytes, as: UTF8.self))
        if let fault = Reading.fault(bytes) { return "refused: \(fault)\n" }
        let flat = try Pipeline.flatDrawing(of: bytes, options: options, tolerance: 0.1)
        var text = ""
        text += "page \(short(flat.page.width)) \(short(flat.page.height)) mm\n"
        for i in 0..<flat.polylines.count {
            let style = flat.styles[Int(flat.styleOf[i])]
            let name = flat.layers[style.layer].name ?? "-"
            text += "\(name) stroke \(colour(style.stroke)) fill \(colour(style.fill))"
            text += flat.isClosed[i] ? " closed" : ""
            text += flat.polylines[i].reduce(into: "") { $0 += " \(short($1.x)),\(short($1.y))" } + "\n"
        }
        for note in flat.diagnostics {
            text += "\(note.severity) \(note.code) line \(note.line ?? 0) × \(note.count): \(note.message)\n"
        }
        for grouping in [PlotOptions.Grouping.layer, .stroke] {
            var options = options
            options.grouping = grouping
            let omitted = flat.fillsDrawnAsStrokes(options: options)
            let groups = flat.groups(options: options, omitting: omitted)
            text += "pens by \(grouping):" + groups.map { " \($0.name ?? "-") × \($0.members.count)" }.joined() + "\n"
        }
        return text
    }

    private static func options(in text: String) -> PlotOptions {
        var options = PlotOptions()
        guard let start = text.range(of: "<!-- options:"),
            let end = text.range(of: "-->", range: start.upperBound..<text.endIndex)
        else { return options }
        for word in text[start.upperBound..<end.lowerBound].split(separator: " ") {
            switch word {
            case "hairlines": options.drawsHairlines = true
            case "keep-background": options.keepsBackground = true
            default: if word.hasPrefix("dpi="), let dpi = Double(word.dropFirst(4)) { options.dpi = dpi }
            }
        }
        return options
    }

    private static func colour(_ colour: PenColour?) -> String { colour?.name ?? "none" }

    private static func short(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100 + 0
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
