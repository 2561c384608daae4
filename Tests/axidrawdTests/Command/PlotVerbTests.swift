internal import Foundation
internal import TestSupport
internal import Testing

/// `axidrawd plot` through its front door, against `plan` and `replay` of the same drawing.
struct PlotVerbTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: [String]) throws -> String {
        let outcome = try Executable.run(arguments)
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        return outcome.output
    }

    private func replay(_ stream: String, _ firmware: String) throws -> [String: Any] {
        let text = try run([
            "replay", stream, "--json", "--firmware", firmware, "-o", folder.path("replayed.png"), "--scale", "4",
        ])
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// Darkness of what is darker than the outlines of bed and page, which a replay does not know.
    private func ink(_ name: String) throws -> [UInt32] {
        let image = try PNGImage([UInt8](Data(contentsOf: folder.url(name))))
        return image.pixels.map { ($0 & 0xFF) < 0xA0 ? $0 & 0xFF : 0xFF }
    }

    /// Black, since a replay knows no colours: lines, curves, arcs, dots, two layers.
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="60mm" viewBox="0 0 90 60" fill="none" stroke="black">
        <g id="a"><path d="M5 5 L70 9 L12 22 Z M20 30 C40 10 50 60 75 30 A8 5 20 1 1 60 45"/><circle cx="20" cy="40" r="9"/></g>
        <g id="b" stroke-linecap="round"><path d="M40 50 h0 M44 50 h0 M5 55 h30 v-3 h-29"/></g>
        </svg>
        """

    @Test(arguments: ["2.8.1", "3.0.3"])
    func whatIsPlottedIsWhatThePlansStreamReplays(_ firmware: String) throws {
        try folder.write(Self.drawing, to: "drawing.svg")
        let drawing = folder.path("drawing.svg")
        let flags = ["--firmware", firmware]
        let text = try run(
            ["plot", drawing, "--simulate", "-o", folder.path("plotted.png"), "--scale", "4"] + flags)
        _ = try run(["plan", drawing, "--commands", folder.path("stream")] + flags)
        let replayed = try replay(folder.path("stream"), firmware)
        #expect(try ink("plotted.png") == ink("replayed.png"))
        #expect(try ink("plotted.png").contains(0))
        #expect((replayed["position"] as? [String: Int]) == ["motor1": 0, "motor2": 0])
        #expect((replayed["incidents"] as? [Any])?.count == 0)
        #expect((replayed["errors"] as? [Any])?.count == 0)
        let summary = try run(["plan", drawing, "--json"] + flags)
        let plan = try #require(try JSONSerialization.jsonObject(with: Data(summary.utf8)) as? [String: Any])
        #expect(plan["ticks"] as? Int == replayed["ticks"] as? Int)
        #expect(plan["penLifts"] as? Int == replayed["penLifts"] as? Int)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        let words = Dictionary(lines.map { ($0[0], $0[1].trimmingCharacters(in: .whitespaces)) }) { first, _ in first }
        #expect(words["executed"] != nil && words["executed"] == words["estimated"])
    }

    @Test func aPictureMayBeSVG() throws {
        _ = try run(["plot", "fixtures/plots/logo/input.svg", "--simulate", "-q", "-o", folder.path("drawn.svg")])
        // What the pen drew is a drawing again, as long as the one that was planned.
        let again = try run(["plan", folder.path("drawn.svg"), "--json", "--no-overlap"])
        let plan = try #require(try JSONSerialization.jsonObject(with: Data(again.utf8)) as? [String: Any])
        let drawn = try #require(plan["penDownMillimetres"] as? Double)
        #expect(drawn > 700)
    }

    @Test func withoutPlotterOrSimulationNothingMoves() throws {
        let outcome = try Executable.run(["plot", "fixtures/plots/logo/input.svg"])
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("--simulate") && outcome.errors.contains("--device"))
    }
}
