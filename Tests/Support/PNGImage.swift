/// A PNG file decoded for tests: 8-bit palette or RGB without filters, every checksum verified.
public struct PNGImage {
    public enum Failure: Error {
        case notPNG
        case badChunk(String)
        case badChecksum(String)
        case unsupported, wrongSize
    }

    public var width = 0
    public var height = 0
    /// 3 palette, 2 RGB.
    public var colourType: UInt8 = 0
    /// `0x00RRGGBB`, row by row.
    public var pixels: [UInt32] = []

    public init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { throw Failure.notPNG }
        var position = 8
        var palette: [UInt8] = []
        var data: [UInt8] = []
        var names: [String] = []
        while position + 12 <= bytes.count {
            let length = Int(Self.word(bytes, position))
            guard position + 12 + length <= bytes.count else { throw Failure.badChunk("length") }
            let name = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
            let content = Array(bytes[position + 8..<position + 8 + length])
            guard Self.crc(bytes[position + 4..<position + 8 + length]) == Self.word(bytes, position + 8 + length)
            else {
                throw Failure.badChecksum(name)
            }
            names.append(name)
            switch name {
            case "IHDR":
                (width, height) = (Int(Self.word(content, 0)), Int(Self.word(content, 4)))
                colourType = content[9]
                guard content[8] == 8, content[10...] == [0, 0, 0] else { throw Failure.unsupported }
            case "PLTE": palette = content
            case "IDAT": data += content
            default: break
            }
            position += 12 + length
        }
        guard names.first == "IHDR", names.last == "IEND", position == bytes.count else {
            throw Failure.badChunk("order")
        }
        try unpack(Inflater.inflate(data), palette)
    }

    private mutating func unpack(_ rows: [UInt8], _ palette: [UInt8]) throws {
        let sample = colourType == 3 ? 1 : 3
        guard rows.count == height * (1 + sample * width) else { throw Failure.wrongSize }
        pixels.reserveCapacity(width * height)
        for y in 0..<height {
            let start = y * (1 + sample * width)
            guard rows[start] == 0 else { throw Failure.unsupported }
            for x in 0..<width {
                let i = start + 1 + sample * x
                let (source, at) = colourType == 3 ? (palette, 3 * Int(rows[i])) : (rows, i)
                guard at + 2 < source.count else { throw Failure.badChunk("PLTE") }
                pixels.append(UInt32(source[at]) << 16 | UInt32(source[at + 1]) << 8 | UInt32(source[at + 2]))
            }
        }
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The checksum bit by bit, as PNG's appendix defines it.
    private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var state: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? 0xEDB8_8320 ^ (state >> 1) : state >> 1 }
        }
        return ~state
    }
}
