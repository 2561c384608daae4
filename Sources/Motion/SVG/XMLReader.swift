extension SVG {
    /// An attribute as it stands in a start tag, its value decoded.
    struct RawAttribute {
        var name: Slice
        var value: Slice
        /// Where its value stands in the document.
        var offset: Int
    }

    /// Reads a document tag by tag, without recursion, with a place for every complaint.
    ///
    /// Checks well-formedness; does not read anything outside its bytes. Values and names are slices of `store`.
    struct XMLReader {
        enum Event {
            /// A start tag; its attributes are in `attributes`. An empty element is followed by its own `end`.
            case start(name: Slice, offset: Int)
            case end
            /// Character data, references expanded.
            case text(Slice)
            case finished
        }

        private(set) var store: TextStore
        /// Of the start tag read last.
        private(set) var attributes: [RawAttribute] = []
        /// Text is only decoded and reported while this is set.
        var wantsText = false

        /// What is being read: the document, or the replacement text of an entity.
        private var bytes: [UInt8]
        private var i = 0
        /// Where the reference stands through which this text is read; nil in the document itself.
        private var referenceOffset: Int?
        private var suspended: [Suspended] = []
        private var openElements: [Slice] = []
        private var pendingEnd = false
        private var hasRoot = false
        var entities = Entities()

        /// A text whose reading was interrupted by a reference to an entity.
        private struct Suspended {
            var bytes: [UInt8]
            var i: Int
            var referenceOffset: Int?
            var entity: String
            var depth: Int
        }

        /// - Parameter bytes: valid UTF-8 without a mark, as `decoded` gives it.
        init(_ bytes: [UInt8]) {
            store = TextStore(bytes)
            self.bytes = bytes
        }

        mutating func intern(_ text: some Collection<UInt8>) -> Slice { store.intern(text) }

        /// Offset in the document of the place being read.
        private var place: Int { referenceOffset ?? i }

        private func malformed(_ text: String) -> Fault { .malformed(text, at: place) }

        /// The next event.
        mutating func next() throws(Fault) -> Event {
            if pendingEnd {
                pendingEnd = false
                return .end
            }
            while true {
                if i >= bytes.count {
                    if try resume() { continue }
                    return .finished
                }
                if bytes[i] != UInt8(ascii: "<") {
                    if let event = try text() { return event }
                } else if let event = try markup() {
                    return event
                }
            }
        }

        /// Goes back to the text in which the entity was referred to; false at the end of the document.
        private mutating func resume() throws(Fault) -> Bool {
            guard let outer = suspended.popLast() else {
                if let open = openElements.last {
                    throw malformed("it ends inside <\(store.string(open))>")
                }
                guard hasRoot else { throw Fault(offset: 0, reason: .empty) }
                return false
            }
            guard openElements.count == outer.depth else {
                throw malformed("an element does not end in the entity in which it begins")
            }
            entities.close(outer.entity)
            bytes = outer.bytes
            i = outer.i
            referenceOffset = outer.referenceOffset
            return true
        }

        // MARK: text

        private mutating func text() throws(Fault) -> Event? {
            if openElements.isEmpty { return try outsideText() }
            let start = i
            while i < bytes.count, bytes[i] != UInt8(ascii: "<"), bytes[i] != UInt8(ascii: "&") {
                if bytes[i] == UInt8(ascii: "]"), i + 2 < bytes.count, bytes[i + 1] == UInt8(ascii: "]"),
                    bytes[i + 2] == UInt8(ascii: ">")
                {
                    throw malformed("']]>' in text")
                }
                i += 1
            }
            if i > start { return wantsText ? .text(slice(start..<i)) : nil }
            return try referenceInText()
        }

        private mutating func outsideText() throws(Fault) -> Event? {
            while i < bytes.count, bytes[i] != UInt8(ascii: "<") {
                guard bytes[i].isSpace else {
                    throw malformed(hasRoot ? "text after the root element" : "text before the root element")
                }
                i += 1
            }
            return nil
        }

        private mutating func referenceInText() throws(Fault) -> Event? {
            let offset = place
            switch try reference() {
            case .character(let scalar): return wantsText ? .text(intern(Array(String(scalar).utf8))) : nil
            case .entity(let name):
                let text = try entities.open(name, at: offset)
                suspended.append(
                    Suspended(
                        bytes: bytes, i: i, referenceOffset: referenceOffset, entity: name, depth: openElements.count))
                bytes = text
                i = 0
                referenceOffset = offset
                return nil
            }
        }

        enum Reference {
            case character(Unicode.Scalar)
            case entity(String)
        }

        /// Reads `&…;` at the place.
        private mutating func reference() throws(Fault) -> Reference {
            var cursor = Cursor(bytes: bytes, i: i + 1, end: bytes.count)
            let reference = try Self.reference(&cursor, at: place)
            i = cursor.i
            return reference
        }

        static func reference(_ cursor: inout Cursor, at offset: Int) throws(Fault) -> Reference {
            if cursor.take(UInt8(ascii: "#")) {
                let isHex = cursor.take(UInt8(ascii: "x"))
                var (value, digits) = (0, 0)
                while let digit = cursor.byte.hexValue, isHex || digit < 10, cursor.byte != 0 {
                    value = min(0x110000, value * (isHex ? 16 : 10) + digit)
                    digits += 1
                    cursor.i += 1
                }
                guard digits > 0, cursor.take(UInt8(ascii: ";")), let scalar = Unicode.Scalar(UInt32(value)),
                    value >= 0x20 || value == 9 || value == 10 || value == 13,
                    value & 0xFFFE != 0xFFFE || value > 0xFFFF
                else { throw .malformed("a character reference that names no character", at: offset) }
                return .character(scalar)
            }
            let start = cursor.i
            while isNameByte(cursor.byte), cursor.i - start < 256 { cursor.i += 1 }
            let name = String(decoding: cursor.bytes[start..<cursor.i], as: UTF8.self)
            guard !name.isEmpty, isNameStart(cursor.bytes[start]), cursor.take(UInt8(ascii: ";")) else {
                throw .malformed("'&' that begins no reference (write &amp;)", at: offset)
            }
            switch name {
            case "amp": return .character("&")
            case "lt": return .character("<")
            case "gt": return .character(">")
            case "quot": return .character("\"")
            case "apos": return .character("'")
            default: return .entity(name)
            }
        }

        // MARK: markup

        private mutating func markup() throws(Fault) -> Event? {
            switch i + 1 < bytes.count ? bytes[i + 1] : 0 {
            case UInt8(ascii: "/"): return try endTag()
            case UInt8(ascii: "!"): return try declaration()
            case UInt8(ascii: "?"):
                try instruction()
                return nil
            default: return try startTag()
            }
        }

        private func starts(with text: StaticString) -> Bool {
            let count = text.utf8CodeUnitCount
            return i + count <= bytes.count && bytes[i..<i + count].elementsEqual(text.description.utf8)
        }

        /// Index just behind the next occurrence of a mark, searched from `from`.
        private func end(of mark: StaticString, from: Int, in what: String) throws(Fault) -> Int {
            let wanted = SVG.bytes(of: mark)
            var k = from
            while k + wanted.count <= bytes.count {
                if bytes[k] == wanted[0], bytes[k..<k + wanted.count].elementsEqual(wanted) { return k + wanted.count }
                k += 1
            }
            throw malformed("\(what) does not end")
        }

        private mutating func declaration() throws(Fault) -> Event? {
            if starts(with: "<!--") {
                let close = try end(of: "--", from: i + 4, in: "a comment")
                guard close < bytes.count, bytes[close] == UInt8(ascii: ">") else {
                    throw malformed("'--' inside a comment")
                }
                i = close + 1
                return nil
            }
            if starts(with: "<![CDATA["), !openElements.isEmpty {
                let start = i + 9
                i = try end(of: "]]>", from: start, in: "a CDATA section")
                return wantsText ? .text(slice(start..<i - 3)) : nil
            }
            guard starts(with: "<!DOCTYPE"), openElements.isEmpty, !hasRoot, !entities.hasDoctype else {
                throw malformed("'<!' that begins nothing known")
            }
            var cursor = Cursor(bytes: bytes, i: i + 9, end: bytes.count)
            try entities.readDoctype(&cursor)
            i = cursor.i
            return nil
        }

        private mutating func instruction() throws(Fault) {
            let start = i + 2
            guard start < bytes.count, Self.isNameStart(bytes[start]) else {
                throw malformed("'<?' that begins no instruction")
            }
            var cursor = Cursor(bytes: bytes, i: start, end: bytes.count)
            if cursor.takeWord("xml"), !Self.isNameByte(cursor.byte), i != 0 || referenceOffset != nil {
                throw malformed("an XML declaration that is not at the beginning")
            }
            i = try end(of: "?>", from: start, in: "an instruction")
        }

        private mutating func name() throws(Fault) -> Slice {
            guard i < bytes.count, Self.isNameStart(bytes[i]) else { throw malformed("a name is missing") }
            let start = i
            var k = i
            do {
                let text = bytes.span
                while k < text.count, Self.isNameByte(text[k]) { k += 1 }
            }
            i = k
            return slice(start..<i)
        }

        /// A range of the present text as a slice of the store.
        private mutating func slice(_ range: Range<Int>) -> Slice {
            referenceOffset == nil ? Slice(range.lowerBound, range.count) : intern(bytes[range])
        }

        private mutating func skipSpace() {
            while i < bytes.count, bytes[i].isSpace { i += 1 }
        }

        private mutating func endTag() throws(Fault) -> Event {
            let offset = i
            i += 2
            let name = try name()
            skipSpace()
            guard i < bytes.count, bytes[i] == UInt8(ascii: ">") else {
                throw malformed("an end tag that does not end")
            }
            guard let open = openElements.popLast(), store.equal(open, name) else {
                i = offset
                throw malformed("</\(store.string(name).prefix(40))> ends an element that is not open")
            }
            guard openElements.count >= suspended.last?.depth ?? 0 else {
                throw malformed("an entity ends an element that it does not begin")
            }
            i += 1
            return .end
        }

        private mutating func startTag() throws(Fault) -> Event {
            let offset = place
            guard !openElements.isEmpty || !hasRoot else { throw malformed("a second root element") }
            i += 1
            let name = try name()
            attributes.removeAll(keepingCapacity: true)
            while true {
                let before = i
                skipSpace()
                guard i < bytes.count else { throw malformed("a tag does not end") }
                if bytes[i] == UInt8(ascii: ">") {
                    i += 1
                    break
                }
                if bytes[i] == UInt8(ascii: "/") {
                    guard i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: ">") else {
                        throw malformed("'/' inside a tag")
                    }
                    i += 2
                    pendingEnd = true
                    break
                }
                guard i > before else { throw malformed("white space is missing before an attribute") }
                try attribute()
            }
            try checkAttributes()
            hasRoot = true
            if !pendingEnd {
                guard openElements.count < Limit.depth else {
                    throw .limit("more than \(Limit.depth) elements inside each other", at: offset)
                }
                openElements.append(name)
            }
            return .start(name: name, offset: offset)
        }

        private mutating func attribute() throws(Fault) {
            let name = try name()
            skipSpace()
            guard i < bytes.count, bytes[i] == UInt8(ascii: "=") else {
                throw malformed("the attribute \(store.string(name).prefix(40)) has no value")
            }
            i += 1
            skipSpace()
            guard i < bytes.count, bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") else {
                throw malformed("the value of \(store.string(name).prefix(40)) is not quoted")
            }
            let quote = bytes[i]
            i += 1
            let offset = place
            let start = i
            var hasReference = false
            var k = i
            var isBroken = false
            do {
                let text = bytes.span  // the checks of a stored array are made once
                while k < text.count, text[k] != quote {
                    if text[k] == UInt8(ascii: "&") { hasReference = true }
                    isBroken = text[k] == UInt8(ascii: "<")
                    if isBroken { break }
                    k += 1
                }
            }
            if isBroken { throw malformed("'<' inside a value") }
            i = k
            guard i < bytes.count else {
                throw malformed("the value of \(store.string(name).prefix(40)) does not end")
            }
            let value: Slice
            if hasReference {
                value = intern(try entities.expanded(Cursor(bytes: bytes, i: start, end: i), at: offset))
            } else {
                value = slice(start..<i)
            }
            i += 1
            attributes.append(RawAttribute(name: name, value: value, offset: offset))
        }

        private func checkAttributes() throws(Fault) {
            guard attributes.count > 1 else { return }
            guard attributes.count <= Limit.attributes else {
                throw .limit("more than \(Limit.attributes) attributes in one tag", at: place)
            }
            if attributes.count <= 12 {
                for k in 1..<attributes.count {
                    for j in 0..<k where store.equal(attributes[j].name, attributes[k].name) {
                        throw duplicate(attributes[k])
                    }
                }
                return
            }
            var seen = Set<ArraySlice<UInt8>>()
            for attribute in attributes where !seen.insert(store.cursor(attribute.name).remaining).inserted {
                throw duplicate(attribute)
            }
        }

        private func duplicate(_ attribute: RawAttribute) -> Fault {
            .malformed("the attribute \(store.string(attribute.name).prefix(40)) is given twice", at: attribute.offset)
        }

        static func isNameStart(_ byte: UInt8) -> Bool {
            byte.isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte >= 0x80
        }

        static func isNameByte(_ byte: UInt8) -> Bool {
            isNameStart(byte) || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }
}
