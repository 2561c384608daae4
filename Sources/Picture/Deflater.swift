/// Compresses a stream of bytes as RFC 1950 and 1951 have it: zlib header, dynamic Huffman blocks, Adler-32.
///
/// Bytes may come in pieces of any size; the result depends on the bytes alone. Memory: about 1 MB.
struct Deflater {
    /// What is compressed so far; the caller may take it away at any time.
    var output: [UInt8] = []
    /// Up to one window of old bytes, then what has not been compressed yet.
    private var buffer: [UInt8] = []
    /// Where in `buffer` the new bytes begin.
    private var fresh = 0
    /// Place of `buffer`'s first byte in the whole stream.
    private var base = 0
    private var matcher = MatchFinder()
    private var tokens: [UInt32] = []
    private var writer = BitWriter()
    private var sum = Adler32()

    static let window = 32_768
    /// Bytes compressed as one block: large enough for its code table, small enough to follow the picture.
    private static let blockBytes = 262_144

    init() {
        buffer.reserveCapacity(Self.window + 2 * Self.blockBytes)
        // Deflate with a 32 KB window; the check bits make the two bytes divisible by 31.
        output = [0x78, 0x9C]
    }

    mutating func write(_ bytes: Span<UInt8>) {
        sum.update(bytes)
        for i in 0..<bytes.count { buffer.append(bytes[i]) }
        if buffer.count - fresh >= Self.blockBytes { compress(isLast: false) }
    }

    /// Ends the stream; nothing may be written after it.
    mutating func finish() {
        compress(isLast: true)
        writer.alignToByte(&output)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: sum.value >> shift))
        }
    }

    private mutating func compress(isLast: Bool) {
        tokens.removeAll(keepingCapacity: true)
        // Taken out while its span is read: a borrow of one field borrows the whole struct.
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        matcher.tokenise(bytes, from: fresh, base: base, into: &tokens)
        DeflateBlock(tokens).write(to: &writer, &output, isLast: isLast)
        let surplus = max(0, bytes.count - Self.window)
        bytes.removeFirst(surplus)
        base += surplus
        fresh = bytes.count
        buffer = bytes
    }
}

/// Finds repetitions by hash chains.
struct MatchFinder {
    /// Place in the stream + 1 of the last occurrence of each hash; 0 = none.
    private var heads = [Int](repeating: 0, count: 1 << hashBits)
    /// By place modulo the window: the occurrence before, + 1.
    private var chain = [Int](repeating: 0, count: Deflater.window)

    private static let hashBits = 15
    private static let shortest = 4
    static let longest = 258
    /// Earlier places tried: more than four gave line art 2 % less for twice the time.
    private static let candidates = 4
    /// Inside longer matches places are not entered: they are runs of paper.
    private static let enteredLength = 32

    /// Turns `bytes[from...]` into tokens: a byte, or length << 16 | distance with length ≥ 3 (see `DeflateBlock`).
    mutating func tokenise(_ input: [UInt8], from: Int, base: Int, into tokens: inout [UInt32]) {
        let bytes = input.span
        var position = from
        let count = bytes.count
        while position < count {
            let (length, distance) = longestMatch(bytes, at: position, base: base)
            if length < Self.shortest {
                tokens.append(UInt32(bytes[position]))
                enter(bytes, position, base)
                position += 1
            } else {
                tokens.append(UInt32(length) << 16 | UInt32(distance))
                enter(bytes, position, base)
                if length <= Self.enteredLength {
                    for inner in position + 1..<position + length { enter(bytes, inner, base) }
                }
                position += length
            }
        }
    }

    @inline(__always)
    private static func hash(_ bytes: Span<UInt8>, _ position: Int) -> Int {
        let word =
            UInt32(bytes[position]) | UInt32(bytes[position &+ 1]) << 8 | UInt32(bytes[position &+ 2]) << 16
            | UInt32(bytes[position &+ 3]) << 24
        return Int((word &* 0x9E37_79B1) &>> UInt32(32 - hashBits))
    }

    @inline(__always)
    private mutating func enter(_ bytes: Span<UInt8>, _ position: Int, _ base: Int) {
        guard position &+ Self.shortest <= bytes.count else { return }
        let hash = Self.hash(bytes, position)
        let place = base &+ position
        chain[place & (Deflater.window - 1)] = heads[hash]
        heads[hash] = place &+ 1
    }

    @inline(__always)
    private func longestMatch(_ bytes: Span<UInt8>, at position: Int, base: Int) -> (length: Int, distance: Int) {
        guard position &+ Self.shortest <= bytes.count else { return (0, 0) }
        let limit = min(Self.longest, bytes.count &- position)
        // Never before the buffer, never farther back than the window.
        let oldest = max(base, base &+ position &- Deflater.window)
        var best = (length: 0, distance: 0)
        var place = heads[Self.hash(bytes, position)] &- 1
        for _ in 0..<Self.candidates {
            guard place >= oldest else { break }
            let start = place &- base
            var length = 0
            while length < limit && bytes[start &+ length] == bytes[position &+ length] { length &+= 1 }
            if length > best.length {
                best = (length, position &- start)
                if length == limit { break }
            }
            let older = chain[place & (Deflater.window - 1)] &- 1
            // An entry that has been overwritten points forward.
            guard older < place else { break }
            place = older
        }
        return best
    }
}

/// Collects bits, lowest first.
struct BitWriter {
    private var bits: UInt64 = 0
    private var count: UInt64 = 0

    /// - Precondition: at most 32 bits, none set above them.
    @inline(__always)
    mutating func write(_ value: UInt32, _ width: Int, _ output: inout [UInt8]) {
        bits |= UInt64(value) &<< count
        count &+= UInt64(width)
        while count >= 8 {
            output.append(UInt8(truncatingIfNeeded: bits))
            bits &>>= 8
            count &-= 8
        }
    }

    mutating func alignToByte(_ output: inout [UInt8]) {
        if count > 0 { output.append(UInt8(truncatingIfNeeded: bits)) }
        bits = 0
        count = 0
    }
}
