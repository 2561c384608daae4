extension SVG {
    /// The custom properties of a document's elements, each element's linked to those around it, and what `var()` gives.
    ///
    /// CSS Custom Properties 1: names keep their case, a cycle makes all its members invalid, a fallback may be given.
    struct Variables {
        /// One property of one element.
        private struct Entry {
            /// The entry declared before it, on the element or outside it; −1 = none.
            var outer: Int32
            /// The last entry of its element: what its own references see.
            var home: Int32
            var name: UInt64
            var value: Slice
        }

        private struct Key: Hashable {
            var value: UInt64
            var scope: Int32
        }

        private var entries: [Entry] = []
        /// Entries whose value is being put together, to find cycles.
        private var open: [Int32] = []
        /// Entries that lead back to themselves: they have no value, whatever their fallbacks say.
        private var cyclic: Set<Int32> = []
        private var known: [Key: Slice?] = [:]
        private let meter: Meter

        /// Bytes of one value after replacing.
        private static let longestValue = 1 << 14
        /// References within references.
        private static let deepest = 32
        private static let mostKnown = 1 << 16

        init(_ meter: Meter) { self.meter = meter }

        var heldBytes: Int { entries.capacity * MemoryLayout<Entry>.stride + known.capacity * 40 }

        /// The scope of an element that declares properties of its own.
        mutating func scope(inside outer: Int32, declaring declarations: [Declaration]) -> Int32 {
            let home = Int32(entries.count + declarations.count - 1)
            var last = outer
            for declaration in declarations {
                entries.append(
                    Entry(outer: last, home: home, name: declaration.custom, value: declaration.value))
                last = Int32(entries.count - 1)
            }
            return last
        }

        /// Whether a value refers to a custom property.
        static func isUsed(in value: Slice, _ store: TextStore) -> Bool {
            let text = store.cursor(value).remaining
            guard text.count >= 4 else { return false }
            for k in text.startIndex..<text.endIndex - 3
            where text[k + 3] == UInt8(ascii: "(") && isVar(text, k) { return true }
            return false
        }

        private static func isVar(_ text: ArraySlice<UInt8>, _ k: Int) -> Bool {
            text[k].lowercased == UInt8(ascii: "v") && text[k + 1].lowercased == UInt8(ascii: "a")
                && text[k + 2].lowercased == UInt8(ascii: "r")
        }

        /// A value with its references replaced; nil when one of them has no value and no fallback.
        mutating func replaced(_ value: Slice, in scope: Int32, _ store: inout TextStore) throws(Fault) -> Slice? {
            let key = Key(value: store.hash(value), scope: scope)
            if let answer = known[key] { return answer }
            var result: [UInt8] = []
            let isSound = try expand(store.cursor(value), scope, store, &result)
            let answer = isSound ? store.intern(result) : nil
            if known.count >= Self.mostKnown { known = [:] }
            known[key] = .some(answer)
            return answer
        }

        private mutating func expand(
            _ cursor: Cursor, _ scope: Int32, _ store: TextStore, _ result: inout [UInt8]
        ) throws(Fault) -> Bool {
            var cursor = cursor
            while !cursor.isAtEnd {
                let isWordStart = result.last.map { !$0.isNamePart } ?? true
                guard isWordStart, cursor.byte | 0x20 == UInt8(ascii: "v"), cursor.takeWord("var(") else {
                    result.append(cursor.byte)
                    cursor.i += 1
                    continue
                }
                guard try reference(&cursor, scope, store, &result), result.count <= Self.longestValue else {
                    return false
                }
            }
            return true
        }

        /// Reads a reference behind its parenthesis and puts down what it stands for.
        private mutating func reference(
            _ cursor: inout Cursor, _ scope: Int32, _ store: TextStore, _ result: inout [UInt8]
        ) throws(Fault) -> Bool {
            cursor.skipSpace()
            let start = cursor.i
            while cursor.byte.isNamePart { cursor.i += 1 }
            let name = TextStore.hash(of: cursor.bytes[start..<cursor.i])
            cursor.skipSpace()
            var fallback: Cursor?
            if cursor.take(UInt8(ascii: ",")) { fallback = cursor }
            var depth = 0
            while !cursor.isAtEnd {
                if cursor.byte == UInt8(ascii: "(") { depth += 1 }
                if cursor.byte == UInt8(ascii: ")") {
                    if depth == 0 { break }
                    depth -= 1
                }
                cursor.i += 1
            }
            if let whole = fallback { fallback = Cursor(bytes: whole.bytes, i: whole.i, end: cursor.i) }
            guard cursor.take(UInt8(ascii: ")")), open.count < Self.deepest else { return false }
            let mark = result.count
            if let k = try find(name, scope, store) {
                if let start = open.lastIndex(of: k) {
                    for entry in open[start...] where entry >= 0 { cyclic.insert(entry) }
                } else {
                    open.append(k)
                    defer { open.removeLast() }
                    let entry = entries[Int(k)]
                    let isSound = try expand(store.cursor(entry.value), entry.home, store, &result)
                    if isSound, !cyclic.contains(k) { return true }
                }
            }
            result.removeLast(result.count - mark)
            guard var rest = fallback else { return false }
            rest.skipSpace()
            open.append(-1)
            defer { open.removeLast() }
            return try expand(rest, scope, store, &result)
        }

        private func find(_ name: UInt64, _ scope: Int32, _ store: TextStore) throws(Fault) -> Int32? {
            var k = scope
            var looked = 1
            search: while k >= 0 {
                if entries[Int(k)].name == name {
                    switch store.cssWide(store.trimmed(entries[Int(k)].value)) {
                    case .none: break search
                    case .initial: k = -1
                    case .inherit, .unset: k = entries[Int(k)].outer
                    }
                } else {
                    k = entries[Int(k)].outer
                }
                looked += 1
            }
            try meter.spend(looked, on: "the style sheet's custom properties", at: 0)
            return k >= 0 ? k : nil
        }
    }
}
