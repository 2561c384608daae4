internal import Testing

@testable internal import Motion

/// The joined hand.
struct ScriptTests {
    @Test func aWordIsOneStrokeAndItsDotsAndBars() throws {
        #expect(try TextDrawing.flat("<text y='70'>mean</text>", font: .script).polylines.count == 1)
        #expect(try TextDrawing.flat("<text y='70'>mine</text>", font: .script).polylines.count == 2)
        #expect(try TextDrawing.flat("<text y='70'>me an</text>", font: .script).polylines.count == 2)
        #expect(try TextDrawing.flat("<text y='70'>Anna</text>", font: .script).polylines.count == 2)
    }

    @Test func lettersThatArePlacedAreNotJoined() throws {
        for attributes in ["x='0 80'", "dx='0 1'", "rotate='0 1'", "letter-spacing='60'"] {
            let flat = try TextDrawing.flat("<text y='70' \(attributes)>nn</text>", font: .script)
            #expect(flat.polylines.count == 2, "\(attributes)")
        }
    }

    @Test func everyPairOfSmallLettersIsJoinedWithoutAJump() throws {
        let font = PenFont.script
        let letters = "abcdefghijklmnopqrstuvwxyz".unicodeScalars
        for a in letters {
            for b in letters {
                let left = try #require(font.glyphs[a.value])
                let right = try #require(font.glyphs[b.value])
                let exit = try #require(left.exit)
                var entry = try #require(right.entry)
                entry.place.x += left.advance
                let gap = exit.place.distance(to: entry.place)
                #expect(gap > 0.5 && gap < 60, "\(a)\(b): \(gap)")
                #expect(exit.place.x < entry.place.x, "\(a)\(b) goes on to the right")
            }
        }
    }

    @Test func itLeansToTheRight() throws {
        // The bar of a stem: its top is to the right of its foot.
        let flat = try TextDrawing.flat("<text y='90' x='0'>|</text>", font: .script)
        let line = Array(flat.polylines[0])
        let top = try #require(line.min { $0.y < $1.y })
        let foot = try #require(line.max { $0.y < $1.y })
        #expect(abs((top.x - foot.x) / (foot.y - top.y) - 0.28) < 1e-6)
    }
}
