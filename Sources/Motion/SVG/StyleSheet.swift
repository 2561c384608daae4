extension SVG {
    /// One `name: value` of a style.
    struct Declaration {
        var name: Name
        var value: Slice
        /// Which of two declarations of one property wins: the greater.
        var priority: UInt64
        /// Hash of the name of a custom property; 0 for all others.
        var custom: UInt64 = 0
    }

    /// Ranks of declarations: origin first, then specificity, then place.
    enum Priority {
        /// Of a paint that cannot be read: anything else comes before it.
        static let unreadable: UInt64 = 0
        static let attribute: UInt64 = 1
        static let sheet: UInt64 = 1 << 61
        static let styleAttribute: UInt64 = 2 << 61
        static let importantSheet: UInt64 = 3 << 61
        static let importantStyle: UInt64 = 4 << 61

        /// Specificity and place of a rule's declaration, to be added to its origin.
        static func inSheet(ids: Int, classes: Int, types: Int, order: Int) -> UInt64 {
            UInt64(min(ids, 1023)) << 51 | UInt64(min(classes, 1023)) << 41 | UInt64(min(types, 1023)) << 31
                | UInt64(min(order, 1 << 31 - 1))
        }
    }

    /// Splits CSS text into rules and declarations; faults are skipped as CSS Syntax 3 says.
    struct StyleParser {
        var cursor: Cursor
        /// Address of the cursor's first byte in the store.
        let base: Int

        /// - Parameter slice: a text whose comments have been removed.
        init(_ slice: Slice, in store: TextStore) {
            cursor = store.cursor(slice)
            base = Int(slice.start) - cursor.i
        }

        func slice(_ range: Range<Int>) -> Slice { Slice(base + range.lowerBound, range.count) }

        // MARK: rules

        /// The next rule's selector and block as ranges; nil at the end. Enters `@media` for what a plotter may be.
        mutating func nextRule() -> (selector: Range<Int>, block: Range<Int>)? {
            while true {
                cursor.skipSpace()
                if cursor.isAtEnd { return nil }
                if cursor.takeWord("<!--") || cursor.takeWord("-->") || cursor.take(UInt8(ascii: "}")) { continue }
                if cursor.byte == UInt8(ascii: "@") {
                    skipAtRule()
                    continue
                }
                let start = cursor.i
                guard seek(UInt8(ascii: "{"), orAny: []) else { return nil }
                let selector = start..<cursor.i
                cursor.i += 1
                let block = cursor.i
                skipBlock()
                let end = cursor.i
                _ = cursor.take(UInt8(ascii: "}"))
                return (selector, block..<end)
            }
        }

        private mutating func skipAtRule() {
            cursor.i += 1
            let name = cursor.keyword()
            let start = cursor.i
            guard seek(UInt8(ascii: "{"), orAny: [UInt8(ascii: ";")]) else { return }
            let query = String(decoding: cursor.bytes[start..<cursor.i], as: UTF8.self).lowercased()
            let isBlock = cursor.byte == UInt8(ascii: "{")
            cursor.i += 1
            guard isBlock else { return }
            if name == "supports" || name == "layer" { return }  // taken as if they said yes
            if name == "media", Self.holds(mediaList: query) {
                return  // its rules follow; its closing brace is stepped over
            }
            skipBlock()
            _ = cursor.take(UInt8(ascii: "}"))
        }

        /// Whether a sheet for these media is for what is drawn: a light, large page, looked at or printed.
        static func holds(mediaList: String) -> Bool {
            let queries = mediaList.split(separator: ",")
            return queries.isEmpty || queries.contains { holds(mediaQuery: String($0)) }
        }

        private static func holds(mediaQuery text: String) -> Bool {
            var words: [String] = []
            var open = 0
            for word in text.split(whereSeparator: \.isWhitespace) {
                // What stands in parentheses is one word.
                if open > 0 { words[words.count - 1] += word } else { words.append(String(word)) }
                open += word.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
            }
            let isNegated = words.first == "not"
            words.removeAll { ["not", "only", "and"].contains($0) }
            return !words.isEmpty && words.allSatisfy { holds(mediaPart: $0) } != isNegated
        }

        private static func holds(mediaPart part: String) -> Bool {
            switch part {
            case "all", "screen", "print", "(prefers-color-scheme:light)", "(color)",
                "(prefers-contrast:no-preference)",
                "(prefers-reduced-motion:no-preference)":
                true
            default: part.hasPrefix("(min-")
            }
        }

        /// Goes to the `}` that ends the block begun before the place, or to the end.
        private mutating func skipBlock() {
            var depth = 0
            while !cursor.isAtEnd {
                switch cursor.byte {
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"):
                    if depth == 0 { return }
                    depth -= 1
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    cursor.skipString()
                    continue
                default: break
                }
                cursor.i += 1
            }
        }

        /// Goes to a byte outside quotes and parentheses; false when there is none.
        private mutating func seek(_ byte: UInt8, orAny others: [UInt8]) -> Bool {
            var depth = 0
            while !cursor.isAtEnd {
                let here = cursor.byte
                if depth == 0, here == byte || others.contains(here) { return true }
                switch here {
                case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): depth = max(0, depth - 1)
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    cursor.skipString()
                    continue
                default: break
                }
                cursor.i += 1
            }
            return false
        }

        // MARK: declarations

        /// The next declaration of a known or custom property; nil at the end. Its priority is 1 where it is important,
        /// else 0.
        mutating func nextDeclaration() -> (declaration: Declaration, isImportant: Bool)? {
            while !cursor.isAtEnd {
                cursor.skipSpace()
                if cursor.take(UInt8(ascii: ";")) { continue }
                let nameStart = cursor.i
                let name = cursor.keyword()
                while cursor.byte.isNamePart { cursor.i += 1 }
                let nameEnd = cursor.i
                cursor.skipSpace()
                let isSound = !name.isEmpty && cursor.take(UInt8(ascii: ":"))
                let start = cursor.i
                if !seek(UInt8(ascii: ";"), orAny: []) { cursor.i = cursor.end }
                let range = start..<cursor.i
                guard isSound else { continue }
                let (value, isImportant) = trimmed(range)
                if value.isEmpty { continue }
                if name.hasPrefix("--") {
                    let custom = TextStore.hash(of: cursor.bytes[nameStart..<nameEnd])
                    return (Declaration(name: .other, value: slice(value), priority: 0, custom: custom), isImportant)
                }
                guard let known = Name.byHash[TextStore.hash(Self.standard(name))], known.isProperty else { continue }
                return (Declaration(name: known, value: slice(value), priority: 0), isImportant)
            }
            return nil
        }

        /// What stands for a name that is another for the same property.
        private static func standard(_ name: String) -> String {
            switch name {
            case "mask-image", "-webkit-mask", "-webkit-mask-image": "mask"
            case "-webkit-clip-path": "clip-path"
            default: name
            }
        }

        /// A value without blanks around it and without `!important`.
        private func trimmed(_ range: Range<Int>) -> (Range<Int>, Bool) {
            var (start, end) = (range.lowerBound, range.upperBound)
            let bytes = cursor.bytes
            func trimEnd() {
                while end > start, bytes[end - 1].isSpace { end -= 1 }
            }
            while start < end, bytes[start].isSpace { start += 1 }
            trimEnd()
            let word = Array("important".utf8)
            guard end - start > word.count, bytes[end - word.count..<end].map(\.lowercased) == word else {
                return (start..<end, false)
            }
            let whole = end
            end -= word.count
            trimEnd()
            guard end > start, bytes[end - 1] == UInt8(ascii: "!") else { return (start..<whole, false) }
            end -= 1
            trimEnd()
            return (start..<end, true)
        }
    }
}

extension SVG.TextStore {
    /// The text with every comment replaced by a blank; itself when it has none.
    mutating func withoutComments(_ slice: SVG.Slice) -> SVG.Slice {
        var cursor = cursor(slice)
        var result: [UInt8] = []
        var quote: UInt8 = 0
        var found = false
        let start = cursor.i
        while !cursor.isAtEnd {
            let byte = cursor.byte
            if quote == 0, byte == UInt8(ascii: "/"), cursor.peek(1) == UInt8(ascii: "*") {
                if !found { result = Array(cursor.bytes[start..<cursor.i]) }
                found = true
                cursor.i += 2
                while !cursor.isAtEnd, !cursor.takeWord("*/") { cursor.i += 1 }
                result.append(0x20)
                continue
            }
            if byte == quote || (quote != 0 && byte == 0x0A) {
                quote = 0
            } else if quote == 0, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            if found { result.append(byte) }
            cursor.i += 1
        }
        return found ? intern(result) : slice
    }
}
