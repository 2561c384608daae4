internal import Foundation
internal import TestSupport
internal import Testing

@testable import Picture
@testable import Text

struct ChecksumTests {
    @Test(arguments: [("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43), ("IEND", 0xAE42_6082)])
    func crcMatchesPublishedValues(text: String, expected: UInt32) {
        var sum = CRC32()
        sum.update(text.utf8)
        #expect(sum.value == expected)
    }

    @Test(arguments: [("", 1), ("a", 0x0062_0062), ("Wikipedia", 0x11E6_0398), ("123456789", 0x091E_01DE)])
    func adlerMatchesPublishedValues(text: String, expected: UInt32) {
        var sum = Adler32()
        sum.update(Array(text.utf8).span)
        #expect(sum.value == expected)
    }

    @Test func adlerReducesBeforeItsSumsOverflow() {
        var whole = Adler32()
        var pieces = Adler32()
        let bytes = [UInt8](repeating: 255, count: 1_000_000)
        whole.update(bytes.span)
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            pieces.update(Array(bytes[start..<start + 1000]).span)
        }
        #expect(whole.value == pieces.value)
        #expect(whole.value == naiveAdler(bytes))
    }

    private func naiveAdler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}

struct HuffmanCodeTests {
    /// Completeness is what decoders check: Kraft's sum in units of the longest code.
    private func kraft(_ code: HuffmanCode) -> Int {
        code.lengths.reduce(0) { $0 + ($1 == 0 ? 0 : 1 << (15 - Int($1))) }
    }

    @Test(arguments: [7, 9, 15]) func isCompleteForSteepFrequencies(limit: Int) {
        // Fibonacci numbers make the deepest tree there is: without a limit symbol 0 would get 29 bits.
        var frequencies: [UInt32] = [1, 1]
        while frequencies.count < 30 {
            frequencies.append(frequencies[frequencies.count - 1] + frequencies[frequencies.count - 2])
        }
        let code = HuffmanCode(frequencies: frequencies, limit: limit)
        #expect(kraft(code) == 1 << 15)
        #expect(code.lengths.allSatisfy { $0 >= 1 && $0 <= limit })
    }

    @Test(arguments: 0..<60) func isCompleteForRandomFrequencies(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = 2 + Int(generator.next() % 285)
        let frequencies = (0..<count).map { _ in UInt32(generator.next() >> (33 + generator.next() % 31)) }
        let code = HuffmanCode(frequencies: frequencies, limit: 15)
        #expect(kraft(code) == 1 << 15, "seed \(seed)")
        for (symbol, frequency) in frequencies.enumerated() where frequency > 0 {
            #expect(code.lengths[symbol] > 0, "seed \(seed), symbol \(symbol)")
        }
    }

    @Test(arguments: [[0, 0], [0, 5], [7, 0], [0, 0, 9]] as [[UInt32]])
    func fillsUpWhenFewerThanTwoSymbolsAreUsed(frequencies: [UInt32]) {
        #expect(kraft(HuffmanCode(frequencies: frequencies, limit: 15)) == 1 << 15)
    }

    @Test func frequentSymbolsAreNeverLongerThanRareOnes() {
        let frequencies: [UInt32] = [5, 100, 1, 40, 40, 7, 0, 3]
        let lengths = HuffmanCode(frequencies: frequencies, limit: 15).lengths
        for a in frequencies.indices {
            for b in frequencies.indices where frequencies[a] > frequencies[b] && frequencies[b] > 0 {
                #expect(lengths[a] <= lengths[b])
            }
        }
    }
}

struct DeflaterTests {
    private func deflated(_ bytes: [UInt8], pieces: Int) -> [UInt8] {
        var deflater = Deflater()
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            deflater.write(Array(bytes[start..<min(start + pieces, bytes.count)]).span)
        }
        deflater.finish()
        return deflater.output
    }

    @Test(arguments: 0..<24) func roundTripsThroughAnIndependentInflater(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        let target = Int(generator.next() % 700_000)
        while bytes.count < target {
            switch generator.next() % 4 {
            case 0:
                bytes += [UInt8](
                    repeating: UInt8(truncatingIfNeeded: generator.next()), count: Int(generator.next() % 5000))
            case 1: bytes += (0..<generator.next() % 300).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            case 2 where !bytes.isEmpty:
                let distance = 1 + Int(generator.next() % UInt64(min(bytes.count, 40_000)))
                for _ in 0..<generator.next() % 700 { bytes.append(bytes[bytes.count - distance]) }
            default: bytes += (0..<generator.next() % 300).map { _ in UInt8(truncatingIfNeeded: generator.next() % 6) }
            }
        }
        let output = deflated(bytes, pieces: 1 + Int(generator.next() % 100_000))
        #expect(try Inflater.inflate(output) == bytes, "seed \(seed)")
    }

    @Test(arguments: [[], [7], [1, 2], [0, 0, 0, 0, 0]] as [[UInt8]]) func tinyInputs(bytes: [UInt8]) throws {
        #expect(try Inflater.inflate(deflated(bytes, pieces: 1000)) == bytes)
    }

    @Test func theSplitOfTheInputDoesNotChangeSmallOutput() {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 4) }
        #expect(deflated(bytes, pieces: 1) == deflated(bytes, pieces: 4999))
    }

    @Test func pythonsZlibAgrees() throws {
        let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: ($0 / 7) ^ ($0 >> 9)) }
        let script =
            "import sys,zlib;d=zlib.decompress(sys.stdin.buffer.read());sys.stdout.write(f'{len(d)} {zlib.crc32(d)}')"
        var sum = CRC32()
        sum.update(bytes)
        #expect(try Python.run(script, input: deflated(bytes, pieces: 3001)) == "400000 \(sum.value)")
    }
}

struct PNGWriterTests {
    private func canvas(colours: Int) -> Canvas {
        var canvas = Canvas(width: 40, height: 30)
        for i in 0..<colours {
            let colour = InkColour(packed: UInt32(i * 40_503 & 0xFFFFFF))
            canvas.fill(x: i % 40..<i % 40 + 1, y: i / 40..<i / 40 + 1, colour: colour)
        }
        return canvas
    }

    @Test(arguments: [(0, 3), (1, 3), (255, 3), (256, 2), (1200, 2)])
    func decodesToTheSamePixels(colours: Int, expectedType: UInt8) throws {
        let canvas = canvas(colours: colours)
        let image = try PNGImage(PNGWriter.encode(canvas, pixelsPerMetre: 10_000))
        #expect(image.colourType == expectedType)
        #expect((image.width, image.height) == (40, 30))
        var row = [UInt32](repeating: 0, count: 40)
        for y in 0..<30 {
            canvas.readRow(y, into: &row)
            #expect(Array(image.pixels[y * 40..<y * 40 + 40]) == row)
        }
    }
}
