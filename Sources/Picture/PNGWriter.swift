internal import Text

/// Writes a canvas as PNG: a palette where 256 colours suffice, else RGB; no filter, which suits line art best.
struct PNGWriter {
    private var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The canvas as the bytes of a PNG file; the same for the same canvas everywhere.
    static func encode(_ canvas: Canvas, pixelsPerMetre: UInt32) -> [UInt8] {
        var writer = PNGWriter()
        let palette = Palette(canvas)
        writer.header(canvas, isIndexed: palette != nil)
        writer.chunk("pHYs", bigEndian(pixelsPerMetre) + bigEndian(pixelsPerMetre) + [1])
        if let palette {
            writer.chunk("PLTE", palette.colours.flatMap { rgb($0) })
        }
        var deflater = Deflater()
        var colours = [UInt32](repeating: 0, count: canvas.width)
        var row = [UInt8](repeating: 0, count: 1 + canvas.width * (palette == nil ? 3 : 1))
        for y in 0..<canvas.height {
            canvas.readRow(y, into: &colours)
            if let palette {
                palette.write(colours.span, to: &row)
            } else {
                write(colours.span, to: &row)
            }
            deflater.write(row.span)
            if deflater.output.count >= chunkBytes { writer.data(&deflater) }
        }
        deflater.finish()
        writer.data(&deflater)
        writer.chunk("IEND", [])
        return writer.bytes
    }

    private static let chunkBytes = 1 << 20

    private mutating func header(_ canvas: Canvas, isIndexed: Bool) {
        // Eight bits a channel; colour type 3 palette, 2 RGB; deflate, adaptive filtering, not interlaced.
        let size = Self.bigEndian(UInt32(canvas.width)) + Self.bigEndian(UInt32(canvas.height))
        chunk("IHDR", size + [8, isIndexed ? 3 : 2, 0, 0, 0])
    }

    private mutating func data(_ deflater: inout Deflater) {
        chunk("IDAT", deflater.output)
        deflater.output.removeAll(keepingCapacity: true)
    }

    private mutating func chunk(_ type: StaticString, _ content: [UInt8]) {
        let name = Array("\(type)".utf8)
        bytes += Self.bigEndian(UInt32(content.count))
        bytes += name
        bytes += content
        var sum = CRC32()
        sum.update(name)
        sum.update(content)
        bytes += Self.bigEndian(sum.value)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    private static func rgb(_ colour: UInt32) -> [UInt8] {
        [16, 8, 0].map { UInt8(truncatingIfNeeded: colour >> UInt32($0)) }
    }

    /// The row's first byte, its filter type, stays 0.
    private static func write(_ colours: Span<UInt32>, to row: inout [UInt8]) {
        var row = row.mutableSpan
        for x in 0..<colours.count {
            let colour = colours[x]
            row[3 &* x &+ 1] = UInt8(truncatingIfNeeded: colour >> 16)
            row[3 &* x &+ 2] = UInt8(truncatingIfNeeded: colour >> 8)
            row[3 &* x &+ 3] = UInt8(truncatingIfNeeded: colour)
        }
    }
}

/// The colours of a canvas by first appearance, if there are no more than 256.
private struct Palette {
    private(set) var colours: [UInt32] = []
    /// Open addressing: colour + 1 (0 = free) and its index.
    private var keys = [UInt32](repeating: 0, count: 1024)
    private var indices = [UInt8](repeating: 0, count: 1024)

    init?(_ canvas: Canvas) {
        var row = [UInt32](repeating: 0, count: canvas.width)
        var last: UInt32 = .max
        for y in 0..<canvas.height {
            canvas.readRow(y, into: &row)
            for colour in row where colour != last {
                last = colour
                guard insert(colour) else { return nil }
            }
        }
    }

    private static func slot(_ colour: UInt32) -> Int { Int((colour &* 0x9E37_79B1) >> 22) }

    /// False when there is no room.
    private mutating func insert(_ colour: UInt32) -> Bool {
        var slot = Self.slot(colour)
        while keys[slot] != 0 {
            if keys[slot] == colour + 1 { return true }
            slot = (slot + 1) & 1023
        }
        guard colours.count < 256 else { return false }
        keys[slot] = colour + 1
        indices[slot] = UInt8(colours.count)
        colours.append(colour)
        return true
    }

    private func index(_ colour: UInt32) -> UInt8 {
        var slot = Self.slot(colour)
        while keys[slot] != colour + 1 { slot = (slot + 1) & 1023 }
        return indices[slot]
    }

    /// The row's first byte, its filter type, stays 0.
    func write(_ row: Span<UInt32>, to bytes: inout [UInt8]) {
        var bytes = bytes.mutableSpan
        var (last, lastIndex): (UInt32, UInt8) = (.max, 0)
        for x in 0..<row.count {
            if row[x] != last {
                last = row[x]
                lastIndex = index(last)
            }
            bytes[x &+ 1] = lastIndex
        }
    }
}
