/// A plain decoder of RFC 1950 and 1951, written for checking the encoder: slow, strict, bit by bit.
///
/// It refuses incomplete and overfull codes (but for a single distance code, which the RFC allows), distances before
/// the start, a wrong checksum and bytes after the end.
public struct Inflater {
    public enum Failure: Error { case truncated, badHeader, badBlock, badCode, badDistance, badChecksum, trailingBytes }

    private let bytes: [UInt8]
    private var position = 0
    private var bit = 0
    private var output: [UInt8] = []

    /// The bytes that a zlib stream stands for.
    public static func inflate(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        var inflater = Inflater(bytes: bytes)
        return try inflater.run()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() throws(Failure) -> [UInt8] {
        guard bytes.count >= 6, bytes[0] == 0x78, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 else {
            throw .badHeader
        }
        position = 2
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 1:
                try block(
                    literals: Self.fixedLiterals(), distances: Code([Int](repeating: 5, count: 30), partial: true))
            case 2: try dynamicBlock()
            default: throw .badBlock
            }
        }
        if bit > 0 { position += 1 }
        guard position + 4 <= bytes.count else { throw .truncated }
        let stored = bytes[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) }
        guard stored == checksum() else { throw .badChecksum }
        guard position + 4 == bytes.count else { throw .trailingBytes }
        return output
    }

    private func checksum() -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in output {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }

    private mutating func take(_ count: Int) throws(Failure) -> Int {
        var value = 0
        for i in 0..<count {
            guard position < bytes.count else { throw .truncated }
            value |= Int(bytes[position] >> UInt8(bit) & 1) << i
            bit += 1
            if bit == 8 { (bit, position) = (0, position + 1) }
        }
        return value
    }

    /// Counts of codes by length and symbols in order of code: enough to decode bit by bit.
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: [Int], partial: Bool = false) throws(Failure) {
            for length in 1...15 {
                for (symbol, value) in lengths.enumerated() where value == length {
                    counts[length] += 1
                    symbols.append(symbol)
                }
            }
            let filled = (1...15).reduce(0) { $0 + counts[$1] << (15 - $1) }
            guard filled == 1 << 15 || (partial && filled < 1 << 15) else { throw .badCode }
        }
    }

    private static func fixedLiterals() throws(Failure) -> Code {
        try Code((0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    }

    private mutating func symbol(_ code: Code) throws(Failure) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            value = value << 1 | (try take(1))
            let count = code.counts[length]
            if value - first < count { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
        }
        throw .badCode
    }

    private mutating func dynamicBlock() throws(Failure) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .badBlock }
        var lengthLengths = [Int](repeating: 0, count: 19)
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        for symbol in order.prefix(lengthCount) { lengthLengths[symbol] = try take(3) }
        let code = try Code(lengthLengths)
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            switch try symbol(code) {
            case 16:
                guard let last = lengths.last else { throw .badCode }
                lengths += [Int](repeating: last, count: 3 + (try take(2)))
            case 17: lengths += [Int](repeating: 0, count: 3 + (try take(3)))
            case 18: lengths += [Int](repeating: 0, count: 11 + (try take(7)))
            case let length: lengths.append(length)
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] > 0 else { throw .badCode }
        let literals = try Code(Array(lengths[..<literalCount]))
        let distances = Array(lengths[literalCount...])
        try block(literals: literals, distances: Code(distances, partial: distances.filter { $0 > 0 }.count <= 1))
    }

    private mutating func block(literals: Code, distances: Code) throws(Failure) {
        while true {
            let literal = try symbol(literals)
            if literal < 256 {
                output.append(UInt8(literal))
                continue
            }
            if literal == 256 { return }
            guard literal <= 285 else { throw .badCode }
            let length = try length(literal - 257)
            let far = try symbol(distances)
            let extra = far < 4 ? 0 : far / 2 - 1
            let base = far < 4 ? far + 1 : (2 + far % 2) << extra + 1
            let distance = base + (try take(extra))
            guard distance <= output.count, distance <= 32_768 else { throw .badDistance }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func length(_ index: Int) throws(Failure) -> Int {
        if index < 8 { return index + 3 }
        if index == 28 { return 258 }
        let extra = index / 4 - 1
        return (4 + index % 4) << extra + 3 + (try take(extra))
    }
}
