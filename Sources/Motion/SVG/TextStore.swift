extension SVG {
    /// A piece of text: a range of the document, or of the texts decoded from it.
    struct Slice: Hashable {
        var start: UInt32
        var count: UInt32

        init(_ start: Int, _ count: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.count = UInt32(truncatingIfNeeded: count)
        }

        static let none = Slice(0, 0)
        var isEmpty: Bool { count == 0 }
    }

    /// The document's bytes and, behind them in one address space, texts that had to be decoded.
    ///
    /// Values without references are slices of the document itself, so a file of long paths is never copied.
    struct TextStore {
        let source: [UInt8]
        private(set) var arena: [UInt8] = []

        init(_ source: [UInt8]) { self.source = source }

        var heldBytes: Int { source.count + arena.capacity }

        /// Keeps a decoded text.
        mutating func intern(_ bytes: some Collection<UInt8>) -> Slice {
            let start = source.count + arena.count
            arena.append(contentsOf: bytes)
            return Slice(start, bytes.count)
        }

        /// Where the next text put into the store will stand.
        var nextAddress: Int { source.count + arena.count }

        /// A cursor over a slice.
        func cursor(_ slice: Slice) -> Cursor {
            let start = Int(slice.start)
            if start < source.count { return Cursor(bytes: source, i: start, end: start + Int(slice.count)) }
            let i = min(start - source.count, arena.count)
            return Cursor(bytes: arena, i: i, end: min(i + Int(slice.count), arena.count))
        }

        func equal(_ slice: Slice, _ text: StaticString) -> Bool {
            slice.count == text.utf8CodeUnitCount && cursor(slice).remaining.elementsEqual(bytes(of: text))
        }

        func equal(_ a: Slice, _ b: Slice) -> Bool {
            a == b || (a.count == b.count && firstByte(a) == firstByte(b) && cursor(a).remaining == cursor(b).remaining)
        }

        /// The first byte; 0 where there is none.
        func firstByte(_ slice: Slice) -> UInt8 {
            slice.count > 0 && slice.start < source.count ? source[Int(slice.start)] : cursor(slice).byte
        }

        func string(_ slice: Slice) -> String { String(decoding: cursor(slice).remaining, as: UTF8.self) }

        /// Where a byte first stands in a text, counted from its begin.
        func place(of byte: UInt8, in slice: Slice) -> Int? {
            let (start, count) = (Int(slice.start), Int(slice.count))
            guard start + count <= source.count else {
                let text = cursor(slice).remaining
                return text.firstIndex(of: byte).map { $0 - text.startIndex }
            }
            for k in 0..<count where source[start + k] == byte { return k }
            return nil
        }

        /// FNV-1a, to index texts by what they say.
        func hash(_ slice: Slice) -> UInt64 {
            let end = Int(slice.start) + Int(slice.count)
            guard end <= source.count else { return Self.hash(of: cursor(slice).remaining) }
            return Self.hash(of: source.span.extracting(Int(slice.start)..<end))
        }

        static func hash(of bytes: ArraySlice<UInt8>) -> UInt64 { hash(of: bytes.span) }

        private static func hash(of bytes: Span<UInt8>) -> UInt64 {
            var value: UInt64 = 0xCBF2_9CE4_8422_2325
            for k in bytes.indices { value = (value ^ UInt64(bytes[k])) &* 0x100_0000_01B3 }
            return value
        }

        /// The slice without white space at its ends.
        func trimmed(_ slice: Slice) -> Slice {
            var cursor = cursor(slice)
            let first = cursor.i
            cursor.skipSpace()
            var end = cursor.end
            while end > cursor.i, cursor.bytes[end - 1].isSpace { end -= 1 }
            return Slice(Int(slice.start) + cursor.i - first, end - cursor.i)
        }
    }

    static func bytes(of text: StaticString) -> [UInt8] { Array(text.description.utf8) }

    /// A place in a run of bytes; every small grammar of SVG is read through one.
    struct Cursor {
        let bytes: [UInt8]
        var i: Int
        let end: Int

        init(bytes: [UInt8], i: Int, end: Int) {
            self.bytes = bytes
            self.i = i
            self.end = end
        }

        /// Steps over a quoted text; it ends at the end of the line at the latest.
        mutating func skipString() {
            let quote = byte
            i += 1
            while !isAtEnd {
                let byte = byte
                i += 1
                if byte == quote || byte == 0x0A { return }
                if byte == UInt8(ascii: "\\") { i = min(i + 1, end) }
            }
        }

        init(_ text: String) {
            bytes = Array(text.utf8)
            i = 0
            end = bytes.count
        }

        var isAtEnd: Bool { i >= end }
        var remaining: ArraySlice<UInt8> { bytes[i..<max(i, end)] }
        /// The byte here; 0 at the end.
        var byte: UInt8 { i < end ? bytes[i] : 0 }

        func peek(_ k: Int) -> UInt8 { i + k < end ? bytes[i + k] : 0 }

        mutating func skipSpace() {
            while i < end, bytes[i].isSpace { i += 1 }
        }

        /// White space with at most one comma in it.
        mutating func skipSpaceAndComma() {
            skipSpace()
            if i < end, bytes[i] == UInt8(ascii: ",") {
                i += 1
                skipSpace()
            }
        }

        /// Steps over a byte if it is here.
        mutating func take(_ byte: UInt8) -> Bool {
            guard i < end, bytes[i] == byte else { return false }
            i += 1
            return true
        }

        /// Steps over a word in lower case, ignoring case here.
        mutating func takeWord(_ word: StaticString) -> Bool {
            let count = word.utf8CodeUnitCount
            guard i + count <= end else { return false }
            var k = i
            for byte in word.description.utf8 {
                guard bytes[k].lowercased == byte else { return false }
                k += 1
            }
            i = k
            return true
        }

        /// Letters, digits, `-` and `_` from here on, as lower-case text; for keywords.
        mutating func keyword() -> String {
            var text: [UInt8] = []
            while i < end, bytes[i].isNamePart, text.count < 64 {
                text.append(bytes[i].lowercased)
                i += 1
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}

extension UInt8 {
    /// Space, tab, line feed, form feed or carriage return.
    var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B) }
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    /// May stand in a CSS name or an attribute keyword.
    var isNamePart: Bool { isLetter || isDigit || self == 0x2D || self == 0x5F || self >= 0x80 }
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// Value of a hexadecimal digit.
    var hexValue: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x37
        case 0x61...0x66: Int(self) - 0x57
        default: nil
        }
    }
}
