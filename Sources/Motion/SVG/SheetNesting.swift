extension SVG {
    /// Takes rules out of the rules that they stand in: CSS Nesting 1, written again without nesting.
    ///
    /// `a { x; & b { y } z }` becomes `a{x}:is(a) b{y}a{z}`. What is nested too deeply, or comes to too much, is left out.
    struct SheetNesting {
        private var cursor: Cursor
        private var out: [UInt8] = []
        private let most: Int

        private static let deepest = 8

        /// A sheet without comments, as rules in no other; nil where none of its rules stands in another.
        static func flattened(_ sheet: Cursor) -> [UInt8]? {
            guard isNested(sheet) else { return nil }
            var nesting = SheetNesting(cursor: sheet)
            nesting.rules(in: nil, depth: 0)
            return nesting.out
        }

        private init(cursor: Cursor) {
            self.cursor = cursor
            most = 65_536 + 4 * (cursor.end - cursor.i)
        }

        /// Whether a brace opens within a rule that is no at-rule.
        private static func isNested(_ sheet: Cursor) -> Bool {
            var reader = SheetNesting(cursor: sheet)
            var open: [Bool] = []
            var isAtRule = false
            while !reader.cursor.isAtEnd {
                switch reader.cursor.byte {
                case UInt8(ascii: "@"): isAtRule = true
                case UInt8(ascii: ";"): isAtRule = false
                case UInt8(ascii: "{"):
                    if open.contains(true) { return true }
                    open.append(!isAtRule)
                    isAtRule = false
                case UInt8(ascii: "}"):
                    _ = open.popLast()
                    isAtRule = false
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    reader.cursor.skipString()
                    continue
                default: break
                }
                reader.cursor.i += 1
            }
            return false
        }

        /// Rules and declarations up to the brace that ends them, or the end.
        ///
        /// - Parameter parent: the selectors of the rule around; nil = none.
        private mutating func rules(in parent: [UInt8]?, depth: Int) {
            var pending: [UInt8] = []
            func flush(_ out: inout [UInt8]) {
                guard let parent, !pending.isEmpty else { return }
                out += parent + [UInt8(ascii: "{")] + pending + [UInt8(ascii: "}")]
                pending = []
            }
            while true {
                cursor.skipSpace()
                if cursor.isAtEnd || out.count > most { break }
                if cursor.take(UInt8(ascii: "}")) {
                    if depth > 0 { break }
                    continue
                }
                let start = cursor.i
                let end = seek()
                let text = cursor.bytes[start..<cursor.i]
                let isAtRule = text.first == UInt8(ascii: "@")
                guard end == UInt8(ascii: "{"), !text.starts(with: Array("--".utf8)) || parent == nil else {
                    if end == UInt8(ascii: "{") { skipBlock() }
                    let statement = cursor.bytes[start..<cursor.i]
                    _ = cursor.take(UInt8(ascii: ";"))
                    if parent == nil { out += statement + [UInt8(ascii: ";")] }
                    if parent != nil, !isAtRule { pending += statement + [UInt8(ascii: ";")] }
                    continue
                }
                flush(&out)
                guard depth < Self.deepest else {
                    skipBlock()
                    continue
                }
                cursor.i += 1
                if isAtRule {
                    atRule(text, in: parent, depth)
                } else {
                    rules(in: Self.joined(text, with: parent), depth: depth + 1)
                }
            }
            flush(&out)
        }

        /// An at-rule with a block, of which the brace is behind.
        private mutating func atRule(_ prelude: ArraySlice<UInt8>, in parent: [UInt8]?, _ depth: Int) {
            var name = Cursor(bytes: Array(prelude), i: 1, end: prelude.count)
            if ["media", "supports", "layer"].contains(name.keyword()) {
                out += prelude + [UInt8(ascii: "{")]
                rules(in: parent, depth: depth + 1)
                out.append(UInt8(ascii: "}"))
                return
            }
            cursor.i -= 1
            let start = cursor.i
            skipBlock()
            if parent == nil { out += prelude + cursor.bytes[start..<cursor.i] }
        }

        /// The selectors of a rule in another, each seen from that.
        private static func joined(_ list: ArraySlice<UInt8>, with parent: [UInt8]?) -> [UInt8] {
            guard let parent else { return Array(list) }
            let around = Array(":is(".utf8) + parent + [UInt8(ascii: ")")]
            var result: [UInt8] = []
            var (depth, quote): (Int, UInt8) = (0, 0)
            var part: [UInt8] = []
            var refersToParent = false
            func end() {
                while part.first?.isSpace == true { part.removeFirst() }
                if !refersToParent { part = around + [0x20] + part }
                result += result.isEmpty ? part : [UInt8(ascii: ",")] + part
                (part, refersToParent) = ([], false)
            }
            for byte in list {
                if quote != 0 {
                    if byte == quote { quote = 0 }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: "&") {
                    part += around
                    refersToParent = true
                    continue
                } else if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") {
                    depth += 1
                } else if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") {
                    depth -= 1
                } else if byte == UInt8(ascii: ","), depth == 0 {
                    end()
                    continue
                }
                part.append(byte)
            }
            end()
            return result
        }

        // MARK: steps

        /// Goes to the next `;`, `{` or `}` outside quotes and parentheses and gives it; 0 at the end.
        private mutating func seek() -> UInt8 {
            var depth = 0
            while !cursor.isAtEnd {
                let byte = cursor.byte
                switch byte {
                case UInt8(ascii: ";") where depth == 0, UInt8(ascii: "{") where depth == 0, UInt8(ascii: "}"):
                    return byte
                case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): depth = max(0, depth - 1)
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    cursor.skipString()
                    continue
                default: break
                }
                cursor.i += 1
            }
            return 0
        }

        /// Goes behind the block whose brace is here.
        private mutating func skipBlock() {
            var depth = 0
            while !cursor.isAtEnd {
                switch cursor.byte {
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"):
                    depth -= 1
                    if depth == 0 {
                        cursor.i += 1
                        return
                    }
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    cursor.skipString()
                    continue
                default: break
                }
                cursor.i += 1
            }
        }
    }
}
