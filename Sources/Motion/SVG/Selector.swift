extension SVG {
    /// One test of a compound selector.
    enum Condition {
        case id(Slice)
        case `class`(Slice)
        case attribute(Slice, AttributeTest, Slice)
        case firstChild
    }

    /// How `[name…value]` compares.
    enum AttributeTest { case exists, equals, includes, dash, prefix, suffix, substring }

    /// How a compound stands to the one on its right.
    enum Combinator { case descendant, child, adjacent, sibling }

    /// A type and its tests, such as `rect.a[b]`.
    struct Compound {
        /// nil = any.
        var type: Slice?
        var conditions: [Condition] = []
        /// To the compound on the right; of no meaning for the last.
        var combinator: Combinator = .descendant
    }

    /// A complex selector, leftmost compound first.
    struct Selector {
        var compounds: [Compound] = []

        /// (ids, classes and attributes and pseudo-classes, types).
        var specificity: (ids: Int, classes: Int, types: Int) {
            compounds.reduce(into: (0, 0, 0)) { sum, compound in
                if compound.type != nil { sum.2 += 1 }
                for condition in compound.conditions {
                    if case .id = condition { sum.0 += 1 } else { sum.1 += 1 }
                }
            }
        }
    }

    /// Reads a list of selectors; nil when any of them is not understood, which drops the rule.
    struct SelectorParser {
        private var cursor: Cursor
        private let base: Int

        /// - Parameter base: address of the cursor's byte 0 in the store.
        init(_ cursor: Cursor, base: Int) {
            self.cursor = cursor
            self.base = base
        }

        mutating func list() -> [Selector]? {
            var list: [Selector] = []
            repeat {
                guard let selector = selector() else { return nil }
                list.append(selector)
            } while cursor.take(UInt8(ascii: ","))
            return cursor.isAtEnd ? list : nil
        }

        private mutating func selector() -> Selector? {
            var selector = Selector()
            cursor.skipSpace()
            while true {
                guard let compound = compound() else { return nil }
                selector.compounds.append(compound)
                let hadSpace = cursor.byte.isSpace
                cursor.skipSpace()
                if cursor.isAtEnd || cursor.byte == UInt8(ascii: ",") { return selector }
                let combinator: Combinator
                switch cursor.byte {
                case UInt8(ascii: ">"): combinator = .child
                case UInt8(ascii: "+"): combinator = .adjacent
                case UInt8(ascii: "~"): combinator = .sibling
                default:
                    guard hadSpace else { return nil }
                    selector.compounds[selector.compounds.count - 1].combinator = .descendant
                    continue
                }
                cursor.i += 1
                cursor.skipSpace()
                selector.compounds[selector.compounds.count - 1].combinator = combinator
            }
        }

        private mutating func compound() -> Compound? {
            var compound = Compound()
            let start = cursor.i
            if !cursor.take(UInt8(ascii: "*")), let type = name() { compound.type = type }
            if cursor.byte == UInt8(ascii: "|") { return nil }
            while true {
                if cursor.take(UInt8(ascii: ".")) {
                    guard let name = name() else { return nil }
                    compound.conditions.append(.class(name))
                } else if cursor.take(UInt8(ascii: "#")) {
                    guard let name = name() else { return nil }
                    compound.conditions.append(.id(name))
                } else if cursor.take(UInt8(ascii: "[")) {
                    guard let test = attributeTest() else { return nil }
                    compound.conditions.append(test)
                } else if cursor.take(UInt8(ascii: ":")) {
                    guard cursor.keyword() == "first-child", cursor.byte != UInt8(ascii: "(") else { return nil }
                    compound.conditions.append(.firstChild)
                } else {
                    return cursor.i > start ? compound : nil
                }
            }
        }

        /// A name; escapes are not understood.
        private mutating func name() -> Slice? {
            let start = cursor.i
            while cursor.byte.isNamePart { cursor.i += 1 }
            guard cursor.i > start, !cursor.bytes[start].isDigit else { return nil }
            return Slice(base + start, cursor.i - start)
        }

        private mutating func attributeTest() -> Condition? {
            cursor.skipSpace()
            let start = cursor.i
            while cursor.byte.isNamePart || cursor.byte == UInt8(ascii: ":") { cursor.i += 1 }
            guard cursor.i > start else { return nil }
            let name = Slice(base + start, cursor.i - start)
            cursor.skipSpace()
            if cursor.take(UInt8(ascii: "]")) { return .attribute(name, .exists, .none) }
            let test: AttributeTest
            switch cursor.byte {
            case UInt8(ascii: "="): test = .equals
            case UInt8(ascii: "~"): test = .includes
            case UInt8(ascii: "|"): test = .dash
            case UInt8(ascii: "^"): test = .prefix
            case UInt8(ascii: "$"): test = .suffix
            case UInt8(ascii: "*"): test = .substring
            default: return nil
            }
            if test != .equals { cursor.i += 1 }
            guard cursor.take(UInt8(ascii: "=")) else { return nil }
            cursor.skipSpace()
            let value: Slice
            let quote = cursor.byte
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                cursor.i += 1
                let first = cursor.i
                while !cursor.isAtEnd, cursor.byte != quote { cursor.i += 1 }
                value = Slice(base + first, cursor.i - first)
                cursor.i += 1
            } else {
                guard let name = self.name() else { return nil }
                value = name
            }
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: "]")) ? .attribute(name, test, value) : nil
        }
    }
}
