internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

/// Every kind of generated drawing: the same bytes for the same arguments, another drawing for another seed, and fit for a
/// pen.
struct DesignTests {
    @Test(arguments: DesignKind.all.map(\.name)) func isAPureFunctionOfItsSeed(name: String) throws {
        let kind = try DesignKind.named(name)
        var seen: Set<[UInt8]> = []
        for seed in UInt64(1)...4 { seen.insert(try kind.drawing(seed: seed).svg()) }
        #expect(seen.count == 4)
        let again = try kind.drawing(seed: 3).svg()
        #expect(seen.contains(again))
    }

    /// Digests of the bytes: a machine that calculates differently, or a change of a design, shows here.
    @Test func drawsTheSameBytesEverywhere() throws {
        var table = "kind | seed | SHA-256, first half\n"
        for kind in DesignKind.all {
            for seed in [UInt64(1), .max] {
                let digest = SHA256.hexadecimal(try kind.drawing(seed: seed).svg()).prefix(32)
                table += "\(kind.name) | \(seed) | \(digest)\n"
            }
        }
        try expectGolden(table, at: packageDirectory.appendingPathComponent("fixtures/designs/digests.txt"))
    }

    @Test(arguments: DesignKind.all.map(\.name)) func isFitForAPen(name: String) throws {
        let kind = try DesignKind.named(name)
        for seed in UInt64(1)...2 {
            let drawing = try kind.drawing(seed: seed)
            let page = Box(drawing)
            for point in drawing.layers.flatMap(\.strokes).joined() {
                #expect(point.isFinite && page.holds(point), "seed \(seed): \(point)")
                guard page.holds(point) else { return }
            }
            // At 50 mm/s between one minute and three quarters of an hour.
            #expect((3_000...135_000).contains(drawing.inkMillimetres), "seed \(seed): \(drawing.inkMillimetres) mm")
            let strokes = drawing.layers.reduce(0) { $0 + $1.strokes.count }
            #expect(strokes <= 4_000)
            #expect(repeatedShare(drawing) < 0.005, "seed \(seed)")
        }
    }

    private struct Box {
        let width: Double
        let height: Double

        init(_ drawing: DesignDrawing) { (width, height) = (drawing.width, drawing.height) }

        func holds(_ point: Point) -> Bool {
            point.x >= -0.001 && point.y >= -0.001 && point.x <= width + 0.001 && point.y <= height + 0.001
        }
    }

    /// Share of the segments of a layer that lie exactly on an earlier one of it.
    private func repeatedShare(_ drawing: DesignDrawing) -> Double {
        var (all, repeated) = (0, 0)
        for layer in drawing.layers {
            var seen: Set<[Int]> = []
            for stroke in layer.strokes {
                for (a, b) in zip(stroke, stroke.dropFirst()) {
                    let ends = [a.x, a.y, b.x, b.y].map { Int(($0 * 1000).rounded()) }
                    if ends[0] == ends[2], ends[1] == ends[3] { continue }
                    let turned = [ends[2], ends[3], ends[0], ends[1]]
                    all += 1
                    if !seen.insert(ends.lexicographicallyPrecedes(turned) ? ends : turned).inserted { repeated += 1 }
                }
            }
        }
        return Double(repeated) / Double(max(1, all))
    }

    @Test func refusesWhatItDoesNotKnow() throws {
        let known = DesignKind.all.map(\.name)
        #expect(throws: DesignError.unknownKind("teapot", known: known)) { try DesignKind.named("teapot") }
        let flow = try DesignKind.named("flow")
        #expect(throws: DesignError.self) { try flow.drawing(seed: 1, values: ["petals": 3]) }
        #expect(throws: DesignError.self) { try flow.drawing(seed: 1, values: ["width": 1e9]) }
        #expect(throws: DesignError.self) { try flow.drawing(seed: 1, values: ["width": .nan]) }
    }

    @Test(arguments: [
        "", "[]", "{\"name\":\"x\",\"commits\":[]}", "{\"name\":\"x\",\"commits\":[{\"parents\":[0],\"time\":1}]}",
        "{\"name\":\"x\",\"commits\":[{\"parents\":[-1],\"time\":1}]}", "{\"name\":\"x\",\"commits\":[{\"time\":1}]}",
        "{\"commits\":[{\"parents\":[],\"time\":1}]}",
    ]) func refusesWhatIsNoHistory(text: String) {
        #expect(throws: DesignError.self) { try CommitHistory.read(Array(text.utf8)) }
    }

    @Test(arguments: [1, 2, 3, 40]) func drawsAnyHistory(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        var commits: [CommitHistory.Commit] = []
        for place in 0..<count {
            let parents = (0..<min(place, Int.random(in: 0...3, using: &random))).map { _ in
                Int.random(in: 0..<place, using: &random)
            }
            commits.append(.init(parents: parents, time: Int64.random(in: .min ... .max, using: &random) / 4))
        }
        let drawing = try DesignKind.tree.drawing(seed: 1, history: CommitHistory(name: "<x>", commits: commits))
        let isFinite = drawing.layers.flatMap(\.strokes).joined().allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(!drawing.svg().isEmpty)
    }

    /// A caption shows among the strokes as what is there with it and not without.
    @Test(arguments: [(297.0, 210.0), (105, 148), (74, 52), (20, 20), (20, 200)])
    func aLongNameIsCutToTheFrame(width: Double, height: Double) throws {
        let history = CommitHistory(
            name: String(repeating: "W", count: 60),
            commits: [.init(parents: [], time: 1), .init(parents: [0], time: 2)])
        let values = ["width": width, "height": height, "margin": 2]
        let drawing = try DesignKind.tree.drawing(seed: 1, values: values, history: history)
        let margin = min(2, min(width, height) / 3)
        for point in drawing.layers.flatMap(\.strokes).joined() {
            #expect((margin - 0.001...width - margin + 0.001).contains(point.x), "\(point)")
            guard (0...width).contains(point.x) else { return }
        }
        // The name's strokes and those of the count keep a letter's height between them.
        let inset = min(8, (height - 2 * margin) / 8)
        let base = height - margin - inset * 0.8
        let letters = drawing.layers.flatMap(\.strokes).filter { stroke in
            stroke.allSatisfy { $0.y <= base + 0.01 && $0.y >= base - inset * 0.4 - 0.01 } && stroke.count < 20
        }
        let spans = letters.map { ($0.map(\.x).min() ?? 0, $0.map(\.x).max() ?? 0) }.sorted { $0.0 < $1.0 }
        let wide = zip(spans, spans.dropFirst()).map { $0.1.0 - $0.0.1 }.max() ?? 0
        #expect(spans.isEmpty || wide > inset * 0.4 * 0.9)
    }

    @Test func theSceneSeenFromTheFrontIsTheDrawing() throws {
        let made = try DesignKind.tree.scene(seed: 5, values: ["caption": 0])
        let scene = try #require(made)
        let drawing = try DesignKind.tree.drawing(seed: 5, values: ["caption": 0])
        let seen = scene.layers.map { layer in layer.strokes.map { stroke in stroke.map(\.onPaper) } }
        #expect(seen == drawing.layers.map(\.strokes))
        let flat = try DesignKind.flow.scene(seed: 5)
        #expect(flat == nil)
    }
}
