internal import Testing

@testable internal import Motion

/// The built-in fonts against their own metrics.
struct PenFontTests {
    static let latin1 = Array(UInt32(0x20)...0x7E) + Array(UInt32(0xA0)...0xFF)

    @Test(arguments: PenFont.builtInNames) func everyCharacterStaysInItsBox(_ name: String) throws {
        let font = try #require(PenFont.builtIn(name))
        for scalar in Self.latin1 {
            let glyph = try #require(font.glyphs[scalar], "\(name) lacks U+\(String(scalar, radix: 16))")
            let outline = glyph.outline
            if outline.verbs.isEmpty {
                #expect([0x20, 0xA0, 0xAD].contains(scalar), "only blanks are empty, U+\(String(scalar, radix: 16))")
                continue
            }
            let box = outline.bounds(verbs: 0..<outline.verbs.count, points: 0, through: .identity)
            let place = "\(name) U+\(String(scalar, radix: 16)): \(box), advance \(glyph.advance)"
            #expect(box.minX >= -1e-9 && box.maxX <= glyph.advance + 1e-9, Comment(rawValue: place))
            #expect(box.minY >= font.descender && box.maxY <= font.ascender, Comment(rawValue: place))
        }
    }

    @Test(arguments: PenFont.builtInNames) func noTwoCharactersLookTheSame(_ name: String) throws {
        let font = try #require(PenFont.builtIn(name))
        // A blank that does not break and a hyphen that is soft look as their like, and nothing else does.
        let like: Set<UInt32> = [0xA0, 0xAD]
        var seen: [String: UInt32] = [:]
        for scalar in Self.latin1 where !like.contains(scalar) {
            let glyph = try #require(font.glyphs[scalar])
            let text = "\(glyph.advance) \(glyph.outline.verbs) \(glyph.outline.points)"
            #expect(seen[text] == nil, "U+\(String(scalar, radix: 16)) looks as U+\(seen[text] ?? 0)")
            seen[text] = scalar
        }
    }

    @Test func accentsStandOverTheirLetters() throws {
        let font = PenFont.plain
        for (letter, base, _) in Accents.all {
            guard let own = font.glyphs[letter.value], let plain = font.glyphs[base.value] else { continue }
            let (all, part) = (Self.box(own), Self.box(plain))
            #expect(all.width <= max(part.width, 24) + 4, "\(letter)")
            #expect(
                all.maxY > part.maxY + 4 || all.minY < part.minY - 4 || "iİj".unicodeScalars.contains(base), "\(letter)"
            )
        }
    }

    static func box(_ glyph: PenFont.Glyph) -> Box {
        glyph.outline.bounds(verbs: 0..<glyph.outline.verbs.count, points: 0, through: .identity)
    }
}
