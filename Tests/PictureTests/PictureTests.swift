internal import Foundation
internal import TestSupport
internal import Testing

@testable import Picture
@testable import Text

/// Builds traces in mm.
struct TraceBuilder {
    var trace = Trace()
    var tick: Int64 = 0

    mutating func add(_ x: Double, _ y: Double, touching: Bool) {
        let (a, b) = (Int32(((x + y) * 80).rounded()), Int32(((x - y) * 80).rounded()))
        trace.vertices.append(Trace.Vertex(tick: tick, motor1: a, motor2: b, isTouching: touching))
        tick += 100
    }

    /// A stroke through the points, pen up after it.
    mutating func stroke(_ points: (Double, Double)...) {
        for (i, point) in points.enumerated() { add(point.0, point.1, touching: i < points.count - 1) }
    }
}

struct PictureTests {
    private func image(_ trace: Trace, _ sheet: Sheet, inks: [Ink] = []) throws -> PNGImage {
        try PNGImage(#require(Picture(trace, sheet: sheet, inks: inks)).png())
    }

    /// Black ink on a pixel, 0…255.
    private func ink(_ image: PNGImage, _ x: Int, _ y: Int) -> Int {
        255 - Int(image.pixels[y * image.width + x] & 255)
    }

    @Test func aStrokeCoversItsPixelsAndNoOthers() throws {
        var builder = TraceBuilder()
        builder.stroke((2, 5), (8, 5))
        let image = try image(builder.trace, Sheet(bedWidth: 10, bedHeight: 10, penWidth: 0.4))
        // 4 px wide around y = 50: rows 48…51 full, 47 and 52 bare.
        for x in 22..<78 {
            for y in 48...51 { #expect(ink(image, x, y) == 255, "\(x),\(y)") }
            for y in [45, 46, 47, 52, 53] { #expect(ink(image, x, y) == 0, "\(x),\(y)") }
        }
        #expect(ink(image, 16, 50) == 0)
        #expect(ink(image, 18, 50) > 128)
        #expect(ink(image, 84, 50) == 0)
    }

    /// Coverage of a whole picture against 16 × 16 samples a pixel, in directions all around.
    @Test(arguments: 0..<20) func coverageIsNearTheTrueArea(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (x1, y1) = (1 + 2 * generator.unit(), 1 + 2 * generator.unit())
        let (x2, y2) = (1 + 2 * generator.unit(), 1 + 2 * generator.unit())
        var builder = TraceBuilder()
        builder.stroke((x1, y1), (x2, y2))
        let image = try image(builder.trace, Sheet(bedWidth: 4, bedHeight: 4))
        let (a, b) = (builder.trace.vertices[0], builder.trace.vertices[1])
        func pixel(_ v: Trace.Vertex) -> (Double, Double) {
            (Double(v.motor1 + v.motor2) / 16, Double(v.motor1 - v.motor2) / 16)
        }
        let (p, q) = (pixel(a), pixel(b))
        let length2 = (q.0 - p.0) * (q.0 - p.0) + (q.1 - p.1) * (q.1 - p.1)
        for y in 1..<39 {
            for x in 1..<39 {
                var hits = 0
                for i in 0..<256 {
                    let (sx, sy) = (Double(x) + (Double(i % 16) + 0.5) / 16, Double(y) + (Double(i / 16) + 0.5) / 16)
                    let dot = (sx - p.0) * (q.0 - p.0) + (sy - p.1) * (q.1 - p.1)
                    let t = length2 > 0 ? max(0, min(1, dot / length2)) : 0
                    let (ex, ey) = (sx - p.0 - t * (q.0 - p.0), sy - p.1 - t * (q.1 - p.1))
                    if ex * ex + ey * ey <= 1.5 * 1.5 { hits += 1 }
                }
                #expect(abs(ink(image, x, y) - hits) <= 40, "seed \(seed) at \(x),\(y)")
            }
        }
    }

    @Test func joinsOfShortSegmentsLeaveNoKnots() throws {
        var (whole, pieces) = (TraceBuilder(), TraceBuilder())
        whole.stroke((1, 3), (9, 5))
        for i in 0...64 { pieces.add(1 + Double(i) / 8, 3 + Double(i) / 32, touching: i < 64) }
        let sheet = Sheet(bedWidth: 10, bedHeight: 10)
        let (a, b) = (try image(whole.trace, sheet), try image(pieces.trace, sheet))
        // Ends of pieces lie on whole motor steps, up to 1/16 pixel beside the line.
        for (one, other) in zip(a.pixels, b.pixels) { #expect(abs(Int(one & 255) - Int(other & 255)) <= 20) }
    }

    @Test func laterStrokesAreLaidOver() throws {
        var builder = TraceBuilder()
        builder.stroke((1, 5), (9, 5))
        let change = builder.tick
        builder.stroke((5, 1), (5, 9))
        let red = try #require(InkColour(hex: "#ff0000"))
        let image = try image(
            builder.trace, Sheet(bedWidth: 10, bedHeight: 10), inks: [Ink(fromTick: change, colour: red)])
        #expect(image.pixels[50 * 100 + 50] == red.packed)
        #expect(image.pixels[50 * 100 + 20] == InkColour.black.packed)
        #expect(image.pixels[20 * 100 + 50] == red.packed)
    }

    @Test func inkOutsideTheBedIsCut() throws {
        var builder = TraceBuilder()
        builder.stroke((-1e6, -1e6), (1e6, 1e6))
        builder.stroke((-5, 3), (20, 3))
        builder.trace.vertices.append(
            Trace.Vertex(tick: builder.tick, motor1: .max, motor2: .max, isTouching: true))
        builder.trace.vertices.append(
            Trace.Vertex(tick: builder.tick + 1, motor1: .min, motor2: .min, isTouching: false))
        let image = try image(builder.trace, Sheet(bedWidth: 10, bedHeight: 6))
        #expect((image.width, image.height) == (100, 60))
        #expect(ink(image, 0, 29) > 0)
        #expect(ink(image, 40, 39) > 0, "a line across the whole bed is still seen")
    }

    @Test func aTouchWithoutMotionIsADot() throws {
        var builder = TraceBuilder()
        builder.stroke((5, 5), (5, 5))
        let image = try image(builder.trace, Sheet(bedWidth: 10, bedHeight: 10, penWidth: 0.6))
        #expect(ink(image, 50, 50) == 255)
        let total = image.pixels.indices.reduce(0) { sum, i in
            let (x, y) = (i % 100, i / 100)
            return sum + ((1..<99).contains(x) && (1..<99).contains(y) ? ink(image, x, y) : 0)
        }
        #expect(abs(Double(total) / 255 - Double.pi * 9) < 1, "area of the dot")
    }

    /// The pen stands, is lifted and comes down again at the same place: the ink is the same, to the byte.
    @Test(arguments: 0..<10) func aPauseInAStrokeIsNotSeen(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (plain, paused) = (TraceBuilder(), TraceBuilder())
        for _ in 0..<20 {
            let count = Int.random(in: 2...6, using: &generator)
            for i in 0..<count {
                let (x, y) = (10 * generator.unit(), 10 * generator.unit())
                let isDown = i < count - 1
                plain.add(x, y, touching: isDown)
                for _ in 0..<Int.random(in: 0...2, using: &generator) { paused.add(x, y, touching: isDown) }
                if generator.unit() < 0.3, isDown || i > 0 {
                    if !isDown { paused.add(x, y, touching: true) }
                    paused.add(x, y, touching: false)
                }
                paused.add(x, y, touching: isDown)
            }
        }
        let sheet = Sheet(bedWidth: 10, bedHeight: 10)
        #expect(Picture(plain.trace, sheet: sheet)?.png() == Picture(paused.trace, sheet: sheet)?.png(), "seed \(seed)")
        var growing = try #require(Picture(sheet: sheet))
        for vertex in paused.trace.vertices { growing.append(vertex) }
        #expect(growing.png() == Picture(plain.trace, sheet: sheet)?.png(), "seed \(seed)")
    }

    @Test func growsToTheSamePictureThatIsDrawnAtOnce() throws {
        var builder = TraceBuilder()
        var generator = SeededGenerator(seed: 3)
        for i in 0..<200 { builder.add(10 * generator.unit(), 10 * generator.unit(), touching: i % 5 != 0) }
        let sheet = Sheet(bedWidth: 10, bedHeight: 10)
        let inks = [Ink(fromTick: 5000, colour: InkColour(red: 9, green: 90, blue: 200))]
        var growing = try #require(Picture(sheet: sheet))
        for vertex in builder.trace.vertices {
            if vertex.tick == 5000 { growing.append(inks[0]) }
            growing.append(vertex)
            if vertex.tick % 1700 == 0 { _ = growing.png() }
        }
        #expect(growing.png() == Picture(builder.trace, sheet: sheet, inks: inks)?.png())
    }

    @Test func pageBedAndTravelAreShownAndLieBelowTheInk() throws {
        var builder = TraceBuilder()
        builder.add(0, 0, touching: false)
        builder.stroke((2, 5), (8, 5))
        builder.add(2, 9, touching: false)
        var sheet = Sheet(bedWidth: 10, bedHeight: 10, page: Sheet.Area(x: 1, y: 1, width: 5, height: 8))
        #expect(try image(builder.trace, sheet).pixels[10 * 100 + 30] == Sheet.outline.packed)
        #expect(try image(builder.trace, sheet).pixels[99 * 100 + 30] == Sheet.outline.packed)
        let bare = try image(builder.trace, sheet)
        sheet.travelColour = Sheet.defaultTravelColour
        let travelled = try image(builder.trace, sheet)
        #expect(bare.pixels[25 * 100 + 9] == InkColour.white.packed)
        #expect(travelled.pixels[25 * 100 + 9] != InkColour.white.packed)
        #expect(travelled.pixels[50 * 100 + 50] == InkColour.black.packed)
    }

    @Test func isTheSameOnEveryMachine() throws {
        var builder = TraceBuilder()
        var generator = SeededGenerator(seed: 11)
        for i in 0..<120 { builder.add(30 * generator.unit(), 20 * generator.unit(), touching: i % 7 != 0) }
        var sum = CRC32()
        sum.update(try #require(Picture(builder.trace, sheet: Sheet(bedWidth: 30, bedHeight: 20))).png())
        #expect(sum.value == 1_158_245_399)
    }

    @Test(arguments: [(0.0, 10.0, 10.0), (10, 0, 10), (10, 10, 0), (1e6, 1e6, 10), (.nan, 1, 1), (.infinity, 1, 1)])
    func aSheetThatIsNoPictureIsRefused(width: Double, height: Double, scale: Double) {
        #expect(Picture(sheet: Sheet(bedWidth: width, bedHeight: height, pixelsPerMillimetre: scale)) == nil)
    }
}

struct InkColourTests {
    @Test(arguments: ["#12aBcD", "12aBcD"]) func readsHex(text: String) {
        #expect(InkColour(hex: text) == InkColour(red: 0x12, green: 0xAB, blue: 0xCD))
        #expect(InkColour(hex: text)?.hex == "#12abcd")
    }

    @Test(arguments: ["", "#", "#12345", "#1234567", "#12345g", "##12345", "red"]) func refusesOthers(text: String) {
        #expect(InkColour(hex: text) == nil)
    }

    @Test func blendIsTheRoundedMeanForEveryCoverage() {
        for coverage in 0...255 {
            for (ink, paper) in [(0, 255), (255, 0), (17, 200), (128, 127)] {
                let exact = (Double(ink * coverage + paper * (255 - coverage)) / 255).rounded()
                let mixed = InkColour.blend(UInt32(ink) << 16, over: UInt32(paper) << 16, coverage: UInt32(coverage))
                #expect(Int(mixed >> 16) == Int(exact))
            }
        }
    }
}

struct StrokeDrawingTests {
    @Test func writesEveryStrokeInMillimetres() {
        var builder = TraceBuilder()
        builder.stroke((1, 2), (3.5, 2.0125), (4, 4))
        let change = builder.tick
        builder.stroke((5, 5), (5, 5))
        let svg = StrokeDrawing.svg(
            builder.trace, sheet: Sheet(bedWidth: 10, bedHeight: 8),
            inks: [Ink(fromTick: change, colour: InkColour(red: 255, green: 0, blue: 0))])
        let group = "<g fill=\"none\" stroke=\"#000000\" stroke-width=\"0.3\" stroke-linecap=\"round\" "
        #expect(
            String(decoding: svg, as: UTF8.self) == """
                <svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="8mm" viewBox="0 0 10 8">
                <rect width="10" height="8" fill="#ffffff"/>
                \(group)stroke-linejoin="round">
                <path d="M1 2L3.5 2.0125 4 4"/>
                </g>
                \(group.replacingOccurrences(of: "000000", with: "ff0000"))stroke-linejoin="round">
                <path d="M5 5L5 5"/>
                </g>
                </svg>

                """)
    }

    @Test func cutsAtTheBed() {
        var builder = TraceBuilder()
        builder.stroke((-5, 5), (15, 5))
        builder.stroke((20, 0), (20, 9))
        let svg = String(
            decoding: StrokeDrawing.svg(builder.trace, sheet: Sheet(bedWidth: 10, bedHeight: 10)), as: UTF8.self)
        #expect(svg.contains("M0 5L10 5\""))
        #expect(!svg.contains("20 "))
    }
}
