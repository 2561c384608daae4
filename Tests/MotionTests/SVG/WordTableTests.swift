internal import TestSupport
internal import Testing

@testable internal import Motion

/// Looking up known words, and lengths that are read without looking closer.
struct WordTableTests {
    @Test(arguments: [0, 1, 7, 200])
    func everyWordIsFoundAndNoOther(count: Int) {
        var random = SeededGenerator(seed: 5)
        // Hashes that crowd one slot too.
        let hashes = Set((0..<count).map { $0 % 3 == 0 ? UInt64($0) << 32 : random.next() })
        let table = SVG.WordTable(hashes.map { (hash: $0, meaning: $0 &+ 1) })
        for hash in hashes { #expect(table[hash] == hash &+ 1) }
        for _ in 0..<1000 {
            let other = random.next()
            #expect(table[other] == (hashes.contains(other) ? other &+ 1 : nil))
        }
        #expect(hashes.contains(1 << 40) || table[1 << 40] == nil)
    }

    @Test(
        arguments: [
            ("12.5", 12.5), ("-3", -3), ("+.25", 0.25), ("0", 0), ("12px", nil), (" 12", nil), ("12 ", nil), ("", nil),
            ("1e2", nil),
            ("5%", nil), (".", nil), ("--1", nil), ("1.5.5", nil), ("12345678901234567890", nil), ("calc(1)", nil),
        ] as [(String, Double?)])
    func aPlainNumberIsReadAtOnce(text: String, value: Double?) {
        let store = SVG.TextStore(Array("x='\(text)'7".utf8))
        #expect(store.plainNumber(SVG.Slice(3, text.utf8.count)) == value)
        if let value {
            let length = SVG.Units(pixelsPerInch: 96).length(store.cursor(SVG.Slice(3, text.utf8.count)))
            #expect(length == .units(value))
        }
        var interned = SVG.TextStore([])
        #expect(interned.plainNumber(interned.intern(Array(text.utf8))) == nil)
    }
}
