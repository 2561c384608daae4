internal import Foundation
internal import TestSupport
internal import Testing

/// Pictures show each stroke in its own colour, whatever else its layer holds.
struct InkColourTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="30mm" height="20mm" viewBox="0 0 30 20" fill="none">\
        <rect width="30" height="20" fill="white"/><circle cx="15" cy="10" r="3" stroke="#000"/>\
        <path d="M2 2H28" stroke="#c00"/><path d="M2 4H28" stroke="oklch(60% 0.2 260)"/>\
        <path d="M2 16H28" stroke="#fff"/><path d="M2 18H28" stroke="#ff0"/></svg>
        """

    @Test(arguments: [["plan"], ["plot", "--simulate", "--speed", "max"]])
    func inkHasEachStrokesColour(_ verb: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.drawing, to: "drawing.svg")
        let outcome = try Executable.run(
            [verb[0], folder.path("drawing.svg"), "-o", folder.path("ink.png")] + verb.dropFirst())
        try #require(outcome.code == 0, "\(outcome.errors)")
        let image = try PNGImage([UInt8](Data(contentsOf: folder.url("ink.png"))))
        let colours = Set(image.pixels)
        #expect(colours.contains(0x000000), "the circle on the white paper")
        #expect(colours.contains(0xCC0000), "the red line of the same layer")
        #expect(colours.contains { $0 & 0xFF > 0xD0 && $0 >> 16 < 0x60 }, "a colour of CSS Color 4")
        #expect(colours.contains { $0 & 0xFF == 0 && $0 >> 16 == $0 >> 8 & 0xFF && $0 > 0x800000 }, "darkened yellow")
        // White ink is grey on white paper: a row of the picture through it is not white throughout.
        let row = 16 * image.height / 218
        let line = image.pixels[(row * image.width)..<(row + 1) * image.width]
        #expect(line.contains { $0 & 0xFF < 0xD0 }, "white ink can be seen")
    }
}
