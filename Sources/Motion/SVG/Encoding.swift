extension SVG {
    /// How the bytes of a file are to be read.
    enum Encoding: Equatable {
        case utf8, utf16LittleEndian, utf16BigEndian
        /// One byte a character.
        case singleByte
    }

    /// A document as UTF-8, valid and without a byte order mark, and how to find its places in the file.
    struct DecodedText {
        var bytes: [UInt8]
        var encoding: Encoding
        /// Bytes of the mark that was dropped.
        var markLength: Int

        /// Offset in the file of an offset in `bytes`.
        func fileOffset(_ offset: Int) -> Int {
            let end = min(offset, bytes.count)
            switch encoding {
            case .utf8: return end + markLength
            case .singleByte:
                return bytes[..<end].reduce(into: 0) { count, byte in if byte & 0xC0 != 0x80 { count += 1 } }
            case .utf16LittleEndian, .utf16BigEndian:
                let units = bytes[..<end].reduce(into: 0) { count, byte in
                    if byte & 0xC0 != 0x80 { count += byte >= 0xF0 ? 2 : 1 }
                }
                return units * 2 + markLength
            }
        }
    }

    /// Finds the encoding, decodes, and checks that every character may stand in XML.
    static func decoded(_ file: [UInt8]) throws(Fault) -> DecodedText {
        if file.starts(with: [0xFF, 0xFE, 0, 0]) || file.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw Fault(offset: 0, reason: .encoding("UTF-32 is not read; save it as UTF-8"))
        }
        if file.starts(with: [0xFF, 0xFE]) { return try utf16(file, .utf16LittleEndian) }
        if file.starts(with: [0xFE, 0xFF]) { return try utf16(file, .utf16BigEndian) }
        // Without a mark the first two characters tell: `<?`, or `<` and a letter.
        if file.count > 3, file[0] == 0x3C, file[1] == 0, file[2] != 0, file[3] == 0 {
            return try utf16(file, .utf16LittleEndian)
        }
        if file.count > 3, file[0] == 0, file[1] == 0x3C, file[2] == 0, file[3] != 0 {
            return try utf16(file, .utf16BigEndian)
        }
        if file.starts(with: [0xEF, 0xBB, 0xBF]) {
            let text = DecodedText(bytes: Array(file.dropFirst(3)), encoding: .utf8, markLength: 3)
            try validate(text.bytes)
            return text
        }
        var result = DecodedText(bytes: file, encoding: .utf8, markLength: 0)
        switch declaredEncoding(file) {
        case nil, "utf-8", "utf-8-sig", "utf8mb4", "us-ascii", "ascii", "utf8": break
        case "iso-8859-1", "iso_8859-1", "latin1", "latin-1", "l1":
            result.encoding = .singleByte
            if !file.allSatisfy({ $0 < 0x80 }) { result.bytes = latin1(file) }
        case .some(let name):
            if let upper = SingleByteEncoding.upperHalf(name) {
                result.encoding = .singleByte
                if !file.allSatisfy({ $0 < 0x80 }) { result.bytes = singleByte(file, upper) }
            } else if name.hasPrefix("utf-16") {  // some programs write it over UTF-8
                break
            } else if name == "utf-7" || !file.allSatisfy({ $0 < 0x80 }) {
                // ASCII is the same in all encodings that agree on the declaration itself.
                throw Fault(
                    offset: 0, reason: .encoding("the encoding \(name.prefix(40)) is not read; save it as UTF-8"))
            }
        }
        try validate(result.bytes)
        return result
    }

    /// The name in `encoding="…"` of an XML declaration, in lower case.
    private static func declaredEncoding(_ file: [UInt8]) -> String? {
        var cursor = Cursor(bytes: file, i: 0, end: min(file.count, 512))
        guard cursor.takeWord("<?xml") else { return nil }
        while !cursor.isAtEnd, cursor.byte != UInt8(ascii: "?") {
            guard cursor.takeWord("encoding") else {
                cursor.i += 1
                continue
            }
            cursor.skipSpace()
            guard cursor.take(UInt8(ascii: "=")) else { return nil }
            cursor.skipSpace()
            guard cursor.byte == UInt8(ascii: "\"") || cursor.byte == UInt8(ascii: "'") else { return nil }
            cursor.i += 1
            return cursor.keyword()
        }
        return nil
    }

    private static func singleByte(_ file: [UInt8], _ upper: [Unicode.Scalar]) -> [UInt8] {
        let encoded = upper.map { UTF8.encode($0).map(Array.init) ?? [] }
        var text: [UInt8] = []
        text.reserveCapacity(file.count + file.count / 8)
        for byte in file {
            if byte < 0x80 { text.append(byte) } else { text.append(contentsOf: encoded[Int(byte & 0x7F)]) }
        }
        return text
    }

    private static func latin1(_ file: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(file.count + file.count / 8)
        for byte in file {
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(0xC0 | byte >> 6)
                text.append(0x80 | byte & 0x3F)
            }
        }
        return text
    }

    private static func utf16(_ file: [UInt8], _ encoding: Encoding) throws(Fault) -> DecodedText {
        guard file.count % 2 == 0 else {
            throw Fault(offset: file.count, reason: .encoding("the UTF-16 text ends inside a character"))
        }
        let (high, low) = encoding == .utf16BigEndian ? (0, 1) : (1, 0)
        var text: [UInt8] = []
        text.reserveCapacity(file.count / 2 + 16)
        let hasMark = file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF])
        var i = hasMark ? 2 : 0
        while i < file.count {
            let unit = UInt32(file[i + high]) << 8 | UInt32(file[i + low])
            i += 2
            var scalar = unit
            if unit & 0xFC00 == 0xD800, i < file.count {
                let second = UInt32(file[i + high]) << 8 | UInt32(file[i + low])
                if second & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + ((unit & 0x3FF) << 10) + (second & 0x3FF)
                    i += 2
                }
            }
            guard let character = Unicode.Scalar(scalar) else {
                throw Fault(offset: text.count, reason: .encoding("half a character in the UTF-16 text"))
            }
            text.append(contentsOf: UTF8.encode(character).map(Array.init) ?? [])
        }
        try validate(text)
        return DecodedText(bytes: text, encoding: encoding, markLength: hasMark ? 2 : 0)
    }

    /// Refuses broken UTF-8 and the characters that XML forbids.
    static func validate(_ bytes: [UInt8]) throws(Fault) {
        let text = bytes.span
        var i = 0
        while i < text.count {
            let byte = text[i]
            if byte >= 0x20, byte < 0x80 {
                i += 1
            } else if byte < 0x80 {
                guard byte == 0x0A || byte == 0x0D || byte == 0x09 else {
                    throw .malformed("the control character \(byte)", at: i)
                }
                i += 1
            } else {
                let length = sequenceLength(text, at: i)
                guard length > 0 else {
                    throw Fault(offset: i, reason: .encoding("the text is not valid UTF-8; save it as UTF-8"))
                }
                i += length
            }
        }
    }

    /// Length of the UTF-8 sequence at `i`, 0 when it is none or may not stand in XML.
    private static func sequenceLength(_ text: Span<UInt8>, at i: Int) -> Int {
        func tail(_ k: Int) -> UInt32? {
            i + k < text.count && text[i + k] & 0xC0 == 0x80 ? UInt32(text[i + k] & 0x3F) : nil
        }
        let lead = UInt32(text[i])
        guard let a = tail(1) else { return 0 }
        if lead & 0xE0 == 0xC0 { return lead >= 0xC2 ? 2 : 0 }
        guard let b = tail(2) else { return 0 }
        if lead & 0xF0 == 0xE0 {
            let scalar = (lead & 0x0F) << 12 | a << 6 | b
            return scalar >= 0x800 && scalar & 0xF800 != 0xD800 && scalar < 0xFFFE ? 3 : 0
        }
        guard lead & 0xF8 == 0xF0, let c = tail(3) else { return 0 }
        let scalar = (lead & 0x07) << 18 | a << 12 | b << 6 | c
        return scalar >= 0x10000 && scalar < 0x110000 ? 4 : 0
    }
}
