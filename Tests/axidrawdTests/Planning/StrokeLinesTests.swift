internal import Motion
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Strokes as lines of JSON, whole, cut anywhere, and hostile.
struct StrokeLinesTests {
    private static let bed = Size(width: 300, height: 218)

    private struct Read: Equatable {
        var strokes: [[Point]] = []
        var notes: [Diagnostic] = []
        var refused = 0
    }

    private static func read(_ pieces: [ArraySlice<UInt8>], isStrict: Bool = false) -> Read {
        var lines = StrokeLines(bed: bed, isStrict: isStrict)
        var read = Read()
        func take() {
            while let next = lines.next(points: 1) { read.strokes += (0..<next.count).map { Array(next[$0]) } }
            read.notes += lines.takeNotes()
        }
        for piece in pieces {
            lines.take(piece)
            take()
        }
        lines.end()
        take()
        read.refused = lines.refused
        return read
    }

    private static func read(_ text: String, isStrict: Bool = false) -> Read {
        read([Array(text.utf8)[...]], isStrict: isStrict)
    }

    @Test func bothFormsAreStrokes() {
        let read = Self.read(
            "[[1,2],[3,4.5]]\n{\"points\":[[5,6]]}\r\n\n  \n{\"more\":true,\"points\":[[7,8]]}\n[[9,9]]")
        #expect(
            read.strokes == [[Point(1, 2), Point(3, 4.5)], [Point(5, 6)], [Point(7, 8), Point(9, 9)]])
        #expect(read.notes.isEmpty)
    }

    @Test(arguments: [
        ("hello", "line-no-json"), ("[[1,2]", "line-no-json"), ("[[1,2]] [[3,4]]", "line-no-json"),
        ("[[1,NaN]]", "line-no-json"), ("[[1,nan]]", "line-no-json"), ("[[1,Infinity]]", "line-no-json"),
        ("[[1,1e999]]", "line-no-json"), ("[[1,1e9]]", "line-bad-point"), ("[[1,-10001]]", "line-bad-point"),
        ("[[1,99999999999999999999999]]", "line-bad-point"), ("[[1]]", "line-bad-point"),
        ("[[1,2,3]]", "line-bad-point"), ("[1,2]", "line-bad-point"), ("[[\"1\",2]]", "line-bad-point"),
        ("[[null,2]]", "line-bad-point"), ("[[1,2],[3,[4]]]", "line-bad-point"), ("[]", "line-no-points"),
        ("{}", "line-no-points"), ("3", "line-no-points"), ("null", "line-no-points"),
        ("\"[[1,2]]\"", "line-no-points"),
        ("{\"points\":{}}", "line-no-points"), ("{\"points\":[[1,2]],\"mor\":true}", "line-unknown-member"),
        ("{\"points\":[[1,2]],\"more\":1}", "line-bad-more"),
        ("{\"points\":[[1,2]],\"points\":[[1,2]]}", "line-no-json"),
        (String(repeating: "[", count: 100_000), "line-no-json"), ("[[1,\u{0}2]]", "line-no-json"),
    ])
    func aLineThatCannotBeUsedIsToldAndPassedOver(_ line: String, _ code: String) {
        let read = Self.read("[[1,1]]\n\(line)\n[[2,2]]\n")
        #expect(read.strokes == [[Point(1, 1)], [Point(2, 2)]] && read.refused == 1)
        #expect(read.notes.map(\.code) == [code] && read.notes.map(\.line) == [2])
        let strict = Self.read("[[1,1]]\n\(line)\n[[2,2]]\n", isStrict: true)
        #expect(strict.strokes == [[Point(1, 1)]] && strict.notes == read.notes)
    }

    @Test func noUTF8IsToldToo() {
        let read = Self.read([Array("{\"p".utf8)[...], [0xFF, 0xFE], Array("\":1}\n[[2,2]]\n".utf8)[...]])
        #expect(read.strokes == [[Point(2, 2)]] && read.notes.map(\.code) == ["line-no-json"])
    }

    @Test func aLineBeyondTheBoundIsNotHeld() {
        var lines = StrokeLines(bed: Self.bed)
        let piece = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 16)
        for _ in 0..<40 { lines.take(piece) }
        lines.take(Array("[[1,1]]\n[[2,2]]\n".utf8))
        #expect(lines.takeNotes().map(\.code) == ["line-too-long"] && lines.strokes.count == 1)
    }

    @Test func aStrokeWithoutEndIsDrawnInPartsThatMeet() {
        let line =
            "{\"more\":true,\"points\":[" + (0..<1000).map { "[\($0 % 200),\($0 / 5)]" }.joined(separator: ",") + "]}\n"
        let read = Self.read(String(repeating: line, count: 120))
        #expect(read.strokes.count == 3 && read.strokes.allSatisfy { $0.count <= StrokeLines.mostPoints })
        #expect(zip(read.strokes, read.strokes.dropFirst()).allSatisfy { $0.last == $1.first })
        #expect(read.strokes.reduce(0) { $0 + $1.count } == 120_002)
        #expect(read.notes.map(\.code) == ["stroke-in-parts", "stream-cut-off"])
    }

    @Test func whatLiesOutsideIsTold() {
        let read = Self.read("[[10,10],[400,10]]\n[[-1,300]]\n")
        #expect(read.strokes.count == 2 && read.notes.map(\.line) == [1, 2] && read.refused == 0)
        #expect(read.notes[0].message.hasPrefix("1 of 2 points lie outside the machine's 300 x 218 mm"))
        #expect(Self.read("[[10,10],[400,10]]\n[[1,1]]\n", isStrict: true).strokes.isEmpty)
    }

    @Test(arguments: [
        ("[[1,1]]\n[[2,2],[3,", 1, "in the middle of this line"),
        ("[[1,1]]\n{\"points\":[[2,2],[3,3]],\"more\":true}\n", 2, "in the middle of a stroke"),
        ("[[1,1]]\n[[2,2]]", 2, ""),
    ])
    func aStreamThatEndsEarlyEndsItsStroke(_ text: String, _ strokes: Int, _ told: String) {
        let read = Self.read(text)
        #expect(read.strokes.count == strokes)
        #expect(told.isEmpty ? read.notes.isEmpty : read.notes.last?.message.contains(told) ?? false)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func itDoesNotMatterWhereTheBytesAreCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let texts = [
            "[[1,2],[3,4]]", "{\"points\":[[5,6]],\"more\":true}", "nonsense", "", "[[400,1]]", "[[7,7],[8,8]]\r",
            "{\"more\":false,\"points\":[[1,1]]}",
        ]
        let text = (0..<20).map { _ in texts.randomElement(using: &generator) ?? "" }.joined(separator: "\n")
        let bytes = Array(text.utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...9, using: &generator))
            pieces.append(bytes[start..<end])
            start = end
        }
        #expect(Self.read(pieces) == Self.read(text), "seed \(seed)")
    }
}
