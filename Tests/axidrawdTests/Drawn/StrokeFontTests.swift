internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

@testable import axidrawd

/// The letters of captions: all of them are there, and a picture in text that is read by eye when it changes.
struct StrokeFontTests {
    private static let printable = (UInt8(0x21)...0x7E).map { Character(UnicodeScalar($0)) }

    /// Strokes of one letter on its lattice, 4 wide and 6 high, the baseline at 6.
    private func strokes(_ character: Character) -> [[Point]] {
        StrokeFont.strokes(String(character), at: Point(0, 6), height: character.isLowercase ? 6 / 0.78 : 6)
    }

    @Test func everyPrintableCharacterHasItsOwnGlyph() {
        var seen: [String: Character] = [:]
        for character in Self.printable where !character.isLowercase {
            let drawn = strokes(character)
            #expect(!drawn.isEmpty && drawn.allSatisfy { $0.count >= 2 }, "\(character)")
            for point in drawn.joined() {
                #expect((0...4).contains(point.x) && (0...7).contains(point.y), "\(character): \(point)")
            }
            let other = seen.updateValue(character, forKey: "\(drawn)")
            #expect(other == nil, "\(character) is drawn as \(other.map(String.init) ?? "")")
        }
    }

    /// A pen that runs over its own line blots.
    @Test func noGlyphDrawsALineTwice() {
        for character in Self.printable where !character.isLowercase {
            var halves: Set<String> = []
            for stroke in strokes(character) {
                for (a, b) in zip(stroke, stroke.dropFirst()) {
                    let steps = Int(max(abs(b.x - a.x), abs(b.y - a.y)))
                    for step in 0..<steps {
                        let share = (Double(step) + 0.5) / Double(steps)
                        let middle = "\(a.x + (b.x - a.x) * share) \(a.y + (b.y - a.y) * share)"
                        let slope = "\(abs(b.x - a.x)):\(abs(b.y - a.y))"
                        #expect(halves.insert("\(middle) \(slope)").inserted, "\(character) at \(middle)")
                    }
                }
            }
        }
    }

    @Test func accentsAreLeftOutAndUnknownLettersAreBlank() {
        func drawn(_ text: String) -> [[Point]] { StrokeFont.strokes(text, at: Point(0, 6), height: 6) }
        #expect(drawn("É") == drawn("E") && drawn("ü") == drawn("u") && drawn("ß") == drawn("s"))
        #expect(drawn("e\u{301}") == drawn("e"))
        #expect(drawn("画 ").isEmpty)
        #expect(drawn("画A") == drawn(" A"))
    }

    @Test func theAlphabetReads() throws {
        var sheet = ""
        for start in stride(from: 0, to: Self.printable.count, by: 12) {
            let row = Self.printable[start..<min(start + 12, Self.printable.count)].map(picture)
            for line in 0..<15 {
                var text = row.map { $0[line] }.joined(separator: "   ")
                while text.last == " " { text.removeLast() }
                sheet += text + "\n"
            }
            sheet += "\n"
        }
        try expectGolden(sheet, at: packageDirectory.appendingPathComponent("fixtures/designs/letters.txt"))
    }

    /// A letter as 15 lines of 9 places, half a lattice unit apart.
    private func picture(_ character: Character) -> [String] {
        var places = [[Character]](repeating: .init(repeating: " ", count: 9), count: 15)
        for stroke in strokes(character) {
            for (a, b) in zip(stroke, stroke.dropFirst()) {
                let steps = max(Int((2 * max(abs(b.x - a.x), abs(b.y - a.y))).rounded()), 1)
                for step in 0...steps {
                    let share = Double(step) / Double(steps)
                    let x = Int((2 * (a.x + (b.x - a.x) * share)).rounded())
                    let y = Int((2 * (a.y + (b.y - a.y) * share)).rounded())
                    if places.indices.contains(y), places[y].indices.contains(x) { places[y][x] = "o" }
                }
            }
        }
        return places.map { String($0) }
    }
}
