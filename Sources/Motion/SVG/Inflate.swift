extension SVG {
    /// Inflates a gzip file (RFC 1952, RFC 1951), the form of `.svgz`; bounded by `Limit.bytes`.
    ///
    /// The checksum at the end is compared, so that a damaged file is refused rather than half drawn.
    static func inflated(_ file: [UInt8], _ meter: Meter) throws(Fault) -> [UInt8] {
        var inflater = Inflater(file, meter)
        return try inflater.run()
    }

    static func isCompressed(_ file: [UInt8]) -> Bool { file.starts(with: [0x1F, 0x8B]) }
}

private struct Inflater {
    private let input: [UInt8]
    private var i = 0
    private var bits: UInt32 = 0
    private var bitCount = 0
    private var output: [UInt8] = []
    private let meter: SVG.Meter
    /// Bytes of output at which the budget is looked at next.
    private var nextLook = 1 << 20

    init(_ input: [UInt8], _ meter: SVG.Meter) {
        self.input = input
        self.meter = meter
    }

    private func fault(_ text: String) -> SVG.Fault { SVG.Fault(offset: 0, reason: .compressed(text)) }

    mutating func run() throws(SVG.Fault) -> [UInt8] {
        repeat {
            try header()
            let start = output.count
            var isLast = false
            while !isLast { isLast = try block() }
            bits = 0
            bitCount = 0
            var checksum: UInt32 = 0
            for k: UInt32 in 0..<4 { checksum |= UInt32(try byte()) << (8 * k) }
            guard checksum == Self.checksum(output[start...]) else { throw fault("its checksum is wrong") }
            i += 4
        } while i + 2 < input.count && input[i] == 0x1F && input[i + 1] == 0x8B
        return output
    }

    private mutating func header() throws(SVG.Fault) {
        guard input.count - i > 18, input[i + 2] == 8 else { throw fault("an unknown compression method") }
        let flags = input[i + 3]
        i += 10
        if flags & 4 != 0 { i += Int(try byte()) | Int(try byte()) << 8 }
        if flags & 8 != 0 { while try byte() != 0 {} }
        if flags & 16 != 0 { while try byte() != 0 {} }
        if flags & 2 != 0 { i += 2 }
    }

    private mutating func byte() throws(SVG.Fault) -> UInt8 {
        guard i < input.count else { throw fault("it ends early") }
        i += 1
        return input[i - 1]
    }

    private mutating func bits(_ count: Int) throws(SVG.Fault) -> Int {
        while bitCount < count {
            bits |= UInt32(try byte()) << UInt32(bitCount)
            bitCount += 8
        }
        let value = bits & ((1 << UInt32(count)) - 1)
        bits >>= UInt32(count)
        bitCount -= count
        return Int(value)
    }

    /// One block; true when it was the last.
    private mutating func block() throws(SVG.Fault) -> Bool {
        let isLast = try bits(1) == 1
        switch try bits(2) {
        case 0: try stored()
        case 1: try coded(Self.fixedLiterals, Self.fixedDistances)
        case 2:
            let (literals, distances) = try tables()
            try coded(literals, distances)
        default: throw fault("an unknown block type")
        }
        return isLast
    }

    private mutating func stored() throws(SVG.Fault) {
        bits = 0
        bitCount = 0
        let length = Int(try byte()) | Int(try byte()) << 8
        let complement = Int(try byte()) | Int(try byte()) << 8
        guard length ^ 0xFFFF == complement, i + length <= input.count else { throw fault("a broken stored block") }
        try grow(by: length)
        output.append(contentsOf: input[i..<i + length])
        i += length
    }

    private mutating func grow(by count: Int) throws(SVG.Fault) {
        if output.count + count > nextLook { try look(output.count + count) }
    }

    private mutating func look(_ count: Int) throws(SVG.Fault) {
        if count > SVG.Limit.bytes {
            throw SVG.Fault(offset: 0, reason: .limit("the file inflates to more than 256 MB"))
        }
        try meter.spend(nextLook / 8, on: "the compressed bytes", at: 0)
        nextLook = min(2 * count, SVG.Limit.bytes)
        // The output is copied when it grows.
        try meter.require(bytes: input.count + count + nextLook, at: 0)
    }

    private mutating func coded(_ literals: Huffman, _ distances: Huffman) throws(SVG.Fault) {
        while true {
            let symbol = try decode(literals)
            if symbol < 256 {
                try grow(by: 1)
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol <= 285 else { throw fault("an unknown length") }
            let length = Self.lengthBase[symbol - 257] + (try bits(Self.lengthExtra[symbol - 257]))
            let code = try decode(distances)
            guard code < 30 else { throw fault("an unknown distance") }
            let extra = code < 4 ? 0 : code / 2 - 1
            let base = code < 4 ? code + 1 : ((2 + (code & 1)) << extra) + 1
            let distance = base + (try bits(extra))
            guard distance <= output.count else { throw fault("a distance before the beginning") }
            try grow(by: length)
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func decode(_ table: Huffman) throws(SVG.Fault) -> Int {
        var (code, first, index) = (0, 0, 0)
        for length in 1...15 {
            code |= try bits(1)
            let count = table.counts[length]
            if code - count < first { return table.symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw fault("an unknown code")
    }

    private mutating func tables() throws(SVG.Fault) -> (Huffman, Huffman) {
        let literalCount = try bits(5) + 257
        let distanceCount = try bits(5) + 1
        let codeCount = try bits(4) + 4
        var lengths = [Int](repeating: 0, count: 19)
        for k in 0..<codeCount { lengths[Self.codeOrder[k]] = try bits(3) }
        let codes = Huffman(lengths)
        lengths = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try decode(codes)
            switch symbol {
            case 0..<16: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { throw fault("a repetition of nothing") }
                lengths += [Int](repeating: last, count: 3 + (try bits(2)))
            case 17: lengths += [Int](repeating: 0, count: 3 + (try bits(3)))
            default: lengths += [Int](repeating: 0, count: 11 + (try bits(7)))
            }
        }
        guard lengths.count == literalCount + distanceCount else { throw fault("too many code lengths") }
        let (literals, distances) = (Huffman(Array(lengths[..<literalCount])), Huffman(Array(lengths[literalCount...])))
        guard literals.isSound, distances.isSound else { throw fault("an impossible code") }
        return (literals, distances)
    }

    /// A canonical prefix code: how many codes there are of each length, and the symbols in order of their codes.
    struct Huffman {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []
        /// No more codes than fit their lengths.
        var isSound = true

        init(_ lengths: [Int]) {
            for length in 1...15 {
                for (symbol, own) in lengths.enumerated() where own == length {
                    symbols.append(symbol)
                    counts[length] += 1
                }
            }
            var left = 1
            for length in 1...15 {
                left = left * 2 - counts[length]
                if left < 0 { isSound = false }
                left = max(left, 0)
            }
        }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var table: [UInt32] = []
        for n in 0..<UInt32(256) {
            var value = n
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            table.append(value)
        }
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
        return value ^ 0xFFFF_FFFF
    }

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let fixedLiterals = Huffman(
        [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
            + [Int](repeating: 8, count: 8))
    private static let fixedDistances = Huffman([Int](repeating: 5, count: 30))
}
