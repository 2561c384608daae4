extension SVG {
    /// One test of a compound selector.
    enum Condition {
        case id(Slice)
        case `class`(Slice)
        case attribute(Slice, AttributeTest, Slice)
        /// Place among the siblings: `:nth-child(an + b)` and its kin.
        case place(Place)
        case root
        case empty
        /// `:is()` and `:where()`: any of them matches.
        case any([Selector], weighs: Bool)
        /// `:not()`: none of them matches.
        case none([Selector])
        /// What never is so on paper, such as `:hover`.
        case never
    }

    /// Which places among the siblings count: step · n + offset for n = 0, 1, …, from 1.
    struct Place {
        var step: Int
        var offset: Int
        var isFromEnd = false
        /// Only siblings of the same type are counted.
        var isOfType = false

        func holds(_ place: Int) -> Bool {
            step == 0 ? place == offset : (place - offset) % step == 0 && (place - offset) / step >= 0
        }
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

        /// The heaviest of a list.
        private static func add(_ list: [Selector], to sum: inout (ids: Int, classes: Int, types: Int)) {
            guard let heaviest = list.map(\.specificity).max(by: { $0 < $1 }) else { return }
            sum = (sum.ids + heaviest.ids, sum.classes + heaviest.classes, sum.types + heaviest.types)
        }

        /// (ids, classes and attributes and pseudo-classes, types).
        var specificity: (ids: Int, classes: Int, types: Int) {
            compounds.reduce(into: (0, 0, 0)) { sum, compound in
                if compound.type != nil { sum.2 += 1 }
                for condition in compound.conditions {
                    switch condition {
                    case .id: sum.0 += 1
                    case .class, .attribute, .place, .root, .empty, .never: sum.1 += 1
                    case .any(let list, let weighs) where weighs: Self.add(list, to: &sum)
                    case .any: break
                    case .none(let list): Self.add(list, to: &sum)
                    }
                }
            }
        }
    }

    /// Reads a list of selectors; nil when any of them is not understood, which drops the rule.
    struct SelectorParser {
        private var cursor: Cursor
        private let base: Int
        /// Functions around.
        private let depth: Int
        /// Names without their escapes, to be put into the store at `extraBase`.
        private(set) var extra: [UInt8] = []
        private let extraBase: Int

        /// Selectors inside `:is()` and `:not()` beyond this are not read.
        private static let deepest = 8

        /// - Parameters:
        ///   - base: address of the cursor's byte 0 in the store.
        ///   - extraBase: address at which `extra` is put into the store afterwards.
        init(_ cursor: Cursor, base: Int, extraBase: Int, depth: Int = 0) {
            self.cursor = cursor
            self.base = base
            self.extraBase = extraBase
            self.depth = depth
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
            if cursor.byte == UInt8(ascii: "|") {
                // A prefix, or any: there are no elements but SVG's that a style could mean.
                guard cursor.i > start else { return nil }
                cursor.i += 1
                compound.type = nil
                if !cursor.take(UInt8(ascii: "*")) {
                    guard let type = name() else { return nil }
                    compound.type = type
                }
            }
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
                    guard let condition = pseudoClass() else { return nil }
                    compound.conditions.append(condition)
                } else {
                    return cursor.i > start ? compound : nil
                }
            }
        }

        // MARK: pseudo-classes

        private mutating func pseudoClass() -> Condition? {
            let name = cursor.keyword()
            if cursor.take(UInt8(ascii: "(")) {
                let start = cursor.i
                var open = 1
                while !cursor.isAtEnd, open > 0 {
                    if cursor.byte == UInt8(ascii: "(") { open += 1 }
                    if cursor.byte == UInt8(ascii: ")") { open -= 1 }
                    cursor.i += 1
                }
                guard open == 0 else { return nil }
                return function(name, Cursor(bytes: cursor.bytes, i: start, end: cursor.i - 1))
            }
            switch name {
            case "root": return .root
            case "empty": return .empty
            case "first-child": return .place(Place(step: 0, offset: 1))
            case "last-child": return .place(Place(step: 0, offset: 1, isFromEnd: true))
            case "only-child":
                return .none([
                    Self.lone(.place(Place(step: 1, offset: 2))),
                    Self.lone(.place(Place(step: 1, offset: 2, isFromEnd: true))),
                ])
            case "only-of-type":
                return .none([
                    Self.lone(.place(Place(step: 1, offset: 2, isOfType: true))),
                    Self.lone(.place(Place(step: 1, offset: 2, isFromEnd: true, isOfType: true))),
                ])
            case "first-of-type": return .place(Place(step: 0, offset: 1, isOfType: true))
            case "last-of-type": return .place(Place(step: 0, offset: 1, isFromEnd: true, isOfType: true))
            case "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target", "checked",
                "disabled":
                return .never
            default: return nil
            }
        }

        private static func lone(_ condition: Condition) -> Selector {
            Selector(compounds: [Compound(conditions: [condition])])
        }

        private mutating func function(_ name: String, _ arguments: Cursor) -> Condition? {
            switch name {
            case "not": return inner(arguments).map { Condition.none($0) }
            case "matches", "-webkit-any", "-moz-any": return inner(arguments).map { .any($0, weighs: true) }
            case "is", "where":
                // What is not understood in these counts for nothing; the others of the list stay.
                guard depth < Self.deepest else { return nil }
                var list: [Selector] = []
                for part in Self.parts(arguments) { list += inner(part) ?? [] }
                return .any(list, weighs: name == "is")
            case "nth-child": return Self.place(arguments).map { .place($0) }
            case "nth-last-child": return Self.place(arguments, isFromEnd: true).map { .place($0) }
            case "nth-of-type": return Self.place(arguments, isOfType: true).map { .place($0) }
            case "nth-last-of-type":
                return Self.place(arguments, isFromEnd: true, isOfType: true).map { .place($0) }
            default: return nil
            }
        }

        private mutating func inner(_ arguments: Cursor) -> [Selector]? {
            guard depth < Self.deepest else { return nil }
            var reader = SelectorParser(
                arguments, base: base, extraBase: extraBase + extra.count, depth: depth + 1)
            let list = reader.list()
            extra += reader.extra
            return list
        }

        /// A list split at its commas that stand in no parentheses.
        private static func parts(_ list: Cursor) -> [Cursor] {
            var parts: [Cursor] = []
            var (start, open) = (list.i, 0)
            for k in list.i..<max(list.i, list.end) {
                switch list.bytes[k] {
                case UInt8(ascii: "("), UInt8(ascii: "["): open += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): open -= 1
                case UInt8(ascii: ",") where open == 0:
                    parts.append(Cursor(bytes: list.bytes, i: start, end: k))
                    start = k + 1
                default: break
                }
            }
            return parts + [Cursor(bytes: list.bytes, i: start, end: list.end)]
        }

        /// `odd`, `even`, `3`, `2n+1`, `-n + 3`.
        private static func place(_ cursor: Cursor, isFromEnd: Bool = false, isOfType: Bool = false) -> Place? {
            var text = String(decoding: cursor.remaining, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
            if text == "odd" { text = "2n+1" }
            if text == "even" { text = "2n" }
            guard let n = text.firstIndex(of: "n") else {
                return short(text).map { Place(step: 0, offset: $0, isFromEnd: isFromEnd, isOfType: isOfType) }
            }
            let (first, last) = (String(text[..<n]), String(text[text.index(after: n)...]))
            let step = first.isEmpty || first == "+" ? 1 : first == "-" ? -1 : short(first)
            guard let step, let offset = last.isEmpty ? 0 : short(last) else { return nil }
            return Place(step: step, offset: offset, isFromEnd: isFromEnd, isOfType: isOfType)
        }

        /// A whole number of few digits.
        private static func short(_ text: String) -> Int? { text.count <= 8 ? Int(text) : nil }

        /// A name, its escapes resolved.
        private mutating func name() -> Slice? {
            let start = cursor.i
            while cursor.byte.isNamePart { cursor.i += 1 }
            if cursor.byte == UInt8(ascii: "\\") { return escapedName(from: start) }
            guard cursor.i > start, !cursor.bytes[start].isDigit else { return nil }
            return Slice(base + start, cursor.i - start)
        }

        /// A name with escapes: `\31 a` is `1a`, `a\:b` is `a:b`.
        private mutating func escapedName(from start: Int) -> Slice? {
            if cursor.bytes[start].isDigit, start < cursor.i { return nil }
            var text = Array(cursor.bytes[start..<cursor.i])
            while !cursor.isAtEnd, cursor.byte.isNamePart || cursor.byte == UInt8(ascii: "\\") {
                guard cursor.take(UInt8(ascii: "\\")) else {
                    text.append(cursor.byte)
                    cursor.i += 1
                    continue
                }
                guard !cursor.isAtEnd, cursor.byte != 0x0A else { return nil }
                var (value, digits) = (UInt32(0), 0)
                while digits < 6, !cursor.isAtEnd, let digit = cursor.byte.hexValue {
                    value = value * 16 + UInt32(digit)
                    digits += 1
                    cursor.i += 1
                }
                if digits == 0 {
                    text.append(cursor.byte)
                    cursor.i += 1
                } else {
                    if cursor.byte.isSpace { cursor.i += 1 }
                    text += UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}").map(Array.init) ?? []
                }
            }
            let slice = Slice(extraBase + extra.count, text.count)
            extra += text
            return slice
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
