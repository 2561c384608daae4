extension SVG {
    /// The rules of all style sheets, indexed by the id, class or type that their last compound asks for.
    ///
    /// Rules that ask for nothing but one id, class or type are merged into one entry a name, so that any number of
    /// them costs an element one look-up.
    struct RuleIndex {
        struct Rule {
            var selector: Selector
            var declarations: Range<Int>
            var specificity: UInt64
        }

        private enum Key: Hashable {
            case id(UInt64)
            case `class`(UInt64)
            case type(UInt64)
            case any
        }

        private var rules: [Rule] = []
        private var declarations: [Declaration] = []
        private var buckets: [Key: [Int]] = [:]
        /// Winners among the rules that consist of one test only.
        private var simple: [Key: [Declaration]] = [:]
        private var order = 0
        /// Where rules stand whose selectors are not understood, in the store's addresses.
        private(set) var skipped: [Int] = []
        /// Place of each element among its siblings, and how many of them there are; once they are asked for.
        private var places: [(place: Int32, count: Int32)] = []
        private let meter: Meter
        /// Winners a node, once they have been asked for.
        private var cached: [Range<Int32>?] = []
        private var cache: [Declaration] = []

        var isEmpty: Bool { order == 0 }

        /// Reads the sheets of a document, in their order.
        init(_ document: inout Document, units: Units, _ meter: Meter) throws(Fault) {
            self.meter = meter
            for sheet in document.sheets {
                var text = document.store.withoutComments(sheet.text)
                try meter.spend(Int(text.count), on: "the style sheets", at: sheet.offset)
                if let flat = SheetNesting.flattened(document.store.cursor(text)) { text = document.store.intern(flat) }
                var parser = StyleParser(text, in: document.store)
                while let (selector, block) = parser.nextRule() {
                    try meter.spend(selector.count + block.count, on: "the style sheets", at: sheet.offset)
                    add(parser.slice(selector), parser.slice(block), units, &document)
                }
            }
            if !isEmpty { cached = [Range<Int32>?](repeating: nil, count: document.nodes.count) }
        }

        /// A rule's selectors; nil when they are not understood.
        private static func selectors(
            _ slice: Slice, _ store: TextStore
        ) -> (list: [Selector], extra: [UInt8])? {
            let cursor = store.cursor(slice)
            var reader = SelectorParser(cursor, base: Int(slice.start) - cursor.i, extraBase: store.nextAddress)
            return reader.list().map { ($0, reader.extra) }
        }

        private mutating func add(_ selector: Slice, _ block: Slice, _ units: Units, _ document: inout Document) {
            guard let (list, extra) = Self.selectors(selector, document.store) else {
                skipped.append(Int(selector.start))
                return
            }
            if !extra.isEmpty { _ = document.store.intern(extra) }
            let store = document.store
            let first = declarations.count
            var parser = StyleParser(block, in: store)
            while let (next, isImportant) = parser.nextDeclaration() {
                var declaration = next
                let origin = isImportant ? Priority.importantSheet : Priority.sheet
                order += 1
                declaration.priority = origin | UInt64(order)
                if declaration.custom == 0, !Cascade.isValid(next.name, next.value, units, document) {
                    // A paint that nobody here can read is still ink, unless anything else is said of it.
                    guard next.name == .fill || next.name == .stroke else { continue }
                    declaration.priority = Priority.unreadable
                }
                declarations.append(declaration)
            }
            let range = first..<declarations.count
            if range.isEmpty { return }
            for selector in list { add(selector, range, store) }
        }

        private mutating func add(_ selector: Selector, _ range: Range<Int>, _ store: TextStore) {
            guard let last = selector.compounds.last else { return }
            let (ids, classes, types) = selector.specificity
            let weight = Priority.inSheet(ids: ids, classes: classes, types: types, order: 0)
            let key = Self.key(last, store)
            if selector.compounds.count == 1, last.conditions.count + (last.type == nil ? 0 : 1) <= 1,
                last.conditions.allSatisfy(Self.isIndexed)
            {
                for declaration in declarations[range] {
                    var weighed = declaration
                    if weighed.priority > Priority.unreadable { weighed.priority += weight }
                    Self.offer(weighed, to: &simple[key, default: []])
                }
                return
            }
            buckets[key, default: []].append(rules.count)
            rules.append(Rule(selector: selector, declarations: range, specificity: weight))
        }

        private static func isIndexed(_ condition: Condition) -> Bool {
            switch condition {
            case .id, .class: true
            case .attribute, .place, .root, .empty, .any, .none, .never: false
            }
        }

        private static func key(_ compound: Compound, _ store: TextStore) -> Key {
            var key = compound.type.map { Key.type(store.hash($0)) } ?? .any
            for condition in compound.conditions {
                if case .id(let name) = condition { return .id(store.hash(name)) }
                if case .class(let name) = condition { key = .class(store.hash(name)) }
            }
            return key
        }

        /// Keeps the stronger of two declarations of one property.
        private static func offer(_ declaration: Declaration, to list: inout [Declaration]) {
            if let k = list.firstIndex(where: { $0.name == declaration.name && $0.custom == declaration.custom }) {
                if declaration.priority >= list[k].priority { list[k] = declaration }
            } else {
                list.append(declaration)
            }
        }

        /// Bytes that rules and what they were found to say take.
        var heldBytes: Int {
            declarations.capacity * 3 * MemoryLayout<Declaration>.stride + rules.capacity * 128
                + cached.capacity * MemoryLayout<Range<Int32>?>.stride
                + cache.capacity * MemoryLayout<Declaration>.stride
        }

        // MARK: matching

        /// What the sheets say about an element: one declaration a property.
        mutating func matches(_ node: Int, in document: Document) throws(Fault) -> ArraySlice<Declaration> {
            if isEmpty { return [] }
            if let range = cached[node] { return cache[Int(range.lowerBound)..<Int(range.upperBound)] }
            var found: [Declaration] = []
            try collect(.any, node, document, &found)
            try collect(.type(document.store.hash(document.nodes[node].localName)), node, document, &found)
            if let id = document.value(.id, of: node) {
                try collect(.id(document.store.hash(id)), node, document, &found)
            }
            if let classes = document.cursor(.class, of: node) {
                var words = Words(classes)
                while let word = words.next() {
                    try collect(.class(TextStore.hash(of: word)), node, document, &found)
                }
            }
            let range = Int32(cache.count)..<Int32(cache.count + found.count)
            cache += found
            cached[node] = range
            return found[...]
        }

        private mutating func collect(
            _ key: Key, _ node: Int, _ document: Document, _ found: inout [Declaration]
        ) throws(Fault) {
            for declaration in simple[key] ?? [] { Self.offer(declaration, to: &found) }
            for k in buckets[key] ?? [] {
                guard try matches(rules[k].selector, node, document) else { continue }
                for declaration in declarations[rules[k].declarations] {
                    var weighed = declaration
                    if weighed.priority > Priority.unreadable { weighed.priority += rules[k].specificity }
                    Self.offer(weighed, to: &found)
                }
            }
        }

        /// Whether a selector matches; read from its end, each part at the nearest element that fits.
        ///
        /// Of the elements above, the nearest is enough once the selector looks further up from it: whatever is above a
        /// farther one is above it too. So is the nearest of the siblings, whose parents are the same. At most one choice
        /// of each kind is open, and the work grows with depth and breadth, not with their powers.
        private mutating func matches(
            _ selector: Selector, _ node: Int, _ document: Document
        ) throws(Fault) -> Bool {
            var k = selector.compounds.count - 1
            var here = node
            guard try test(selector.compounds[k], node, document) else { return false }
            // Where there may be others, further up and further back: which compound fits which element.
            var above: (k: Int, node: Int)?
            var beside: (k: Int, node: Int)?
            while k > 0 {
                let combinator = selector.compounds[k - 1].combinator
                if let next = try find(selector.compounds[k - 1], from: here, document) {
                    (k, here) = (k - 1, next)
                    if combinator == .descendant { (above, beside) = ((k, next), nil) }
                    if combinator == .sibling { beside = (k, next) }
                    continue
                }
                if combinator == .descendant { return false }
                if combinator == .sibling { beside = nil }
                if let choice = beside {
                    beside = try find(selector.compounds[choice.k], from: choice.node, document).map { (choice.k, $0) }
                }
                if beside == nil {
                    guard let choice = above,
                        let next = try find(selector.compounds[choice.k], from: choice.node, document)
                    else { return false }
                    above = (choice.k, next)
                }
                (k, here) = beside ?? above ?? (k, here)
            }
            return true
        }

        /// The nearest element beyond `node`, the way the compound's combinator goes, that passes its tests.
        private mutating func find(
            _ compound: Compound, from node: Int, _ document: Document
        ) throws(Fault) -> Int? {
            var candidate = compound.combinator.step(from: document.nodes[node])
            while candidate >= 0 {
                if try test(compound, Int(candidate), document) { return Int(candidate) }
                guard compound.combinator.repeats else { return nil }
                candidate = compound.combinator.step(from: document.nodes[Int(candidate)])
            }
            return nil
        }

        private mutating func test(
            _ compound: Compound, _ node: Int, _ document: Document
        ) throws(Fault) -> Bool {
            try meter.spend(1, on: "the style sheet's selectors", at: document.offset(of: node))
            if let type = compound.type, !document.store.equal(type, document.nodes[node].localName) { return false }
            for condition in compound.conditions {
                let cost = condition.cost(for: node, in: document)
                if cost > 0 {
                    try meter.spend(cost, on: "the style sheet's selectors", at: document.offset(of: node))
                }
                if try !holds(condition, node, document) { return false }
            }
            return true
        }

        /// Whether a condition holds; those that contain selectors match them here.
        private mutating func holds(
            _ condition: Condition, _ node: Int, _ document: Document
        ) throws(Fault) -> Bool {
            switch condition {
            case .any(let list, _):
                for selector in list where try matches(selector, node, document) { return true }
                return false
            case .none(let list):
                for selector in list where try matches(selector, node, document) { return false }
                return true
            case .place(let place): return place.holds(try position(place, node, document))
            case .id, .class, .attribute, .root, .empty, .never: return condition.holds(for: node, in: document)
            }
        }

        /// The place of an element among those that count, from 1.
        private mutating func position(_ place: Place, _ node: Int, _ document: Document) throws(Fault) -> Int {
            guard place.isOfType else {
                if places.isEmpty { places = Self.places(document) }
                let (own, count) = places[node]
                return Int(place.isFromEnd ? count - own + 1 : own)
            }
            var result = 1
            var steps = 1
            let name = document.nodes[node].localName
            var next = place.isFromEnd ? document.nodes[node].next : document.nodes[node].previous
            while next >= 0 {
                let sibling = document.nodes[Int(next)]
                if document.store.equal(sibling.localName, name) { result += 1 }
                next = place.isFromEnd ? sibling.next : sibling.previous
                steps += 1
            }
            try meter.spend(steps, on: "the style sheet's selectors", at: document.offset(of: node))
            return result
        }

        private static func places(_ document: Document) -> [(place: Int32, count: Int32)] {
            var result = [(place: Int32, count: Int32)](repeating: (1, 1), count: document.nodes.count)
            for node in document.nodes.indices {
                let previous = document.nodes[node].previous
                if previous >= 0 { result[node].place = result[Int(previous)].place + 1 }
            }
            // The last of the siblings knows how many there are; later siblings stand later.
            for node in document.nodes.indices.reversed() {
                let next = document.nodes[node].next
                result[node].count = next >= 0 ? result[Int(next)].count : result[node].place
            }
            return result
        }
    }
}

extension SVG.Combinator {
    /// May look further than one step.
    var repeats: Bool { self == .descendant || self == .sibling }

    /// The element one step from another; −1 = none.
    func step(from node: SVG.Document.Node) -> Int32 {
        switch self {
        case .descendant, .child: node.parent
        case .adjacent, .sibling: node.previous
        }
    }
}

extension SVG.Condition {
    /// Steps beyond the first, where a long value has to be looked through.
    func cost(for node: Int, in document: SVG.Document) -> Int {
        switch self {
        case .id, .place, .root, .empty, .any, .none, .never: return 0
        case .class: return document.value(.class, of: node).map { Int($0.count) / 8 } ?? 0
        case .attribute(let name, let test, _):
            switch test {
            case .exists, .equals, .dash, .prefix, .suffix: return document.attributes(of: node).count / 4
            case .includes, .substring:
                for attribute in document.attributes(of: node) where document.store.equal(attribute.text, name) {
                    return Int(attribute.value.count) / 2
                }
                return 0
            }
        }
    }

    func holds(for node: Int, in document: SVG.Document) -> Bool {
        let store = document.store
        switch self {
        case .root: return node == SVG.Document.root
        case .empty: return document.nodes[node].firstChild < 0
        case .place, .any, .none, .never: return false
        case .id(let name): return document.value(.id, of: node).map { store.equal($0, name) } ?? false
        case .class(let name):
            guard let classes = document.cursor(.class, of: node) else { return false }
            var words = SVG.Words(classes)
            let wanted = store.cursor(name).remaining
            while let word = words.next() { if word == wanted { return true } }
            return false
        case .attribute(let name, let test, let value):
            for attribute in document.attributes(of: node) where store.equal(attribute.text, name) {
                return test.holds(store.cursor(attribute.value), store.cursor(value))
            }
            return false
        }
    }
}

extension SVG.AttributeTest {
    func holds(_ actual: SVG.Cursor, _ wanted: SVG.Cursor) -> Bool {
        let (a, b) = (actual.remaining, wanted.remaining)
        switch self {
        case .exists: return true
        case .equals: return a == b
        case .includes:
            var words = SVG.Words(actual)
            while let word = words.next() { if word == b { return true } }
            return false
        case .dash: return a == b || (a.starts(with: b) && a.dropFirst(b.count).first == UInt8(ascii: "-"))
        case .prefix: return !b.isEmpty && a.starts(with: b)
        case .suffix: return !b.isEmpty && a.suffix(b.count) == b
        case .substring:
            guard !b.isEmpty, a.count >= b.count else { return false }
            return (a.startIndex...a.endIndex - b.count).contains { a[$0..<$0 + b.count] == b }
        }
    }
}

extension SVG {
    /// The words of a text, parted by white space.
    struct Words {
        private var cursor: Cursor

        init(_ cursor: Cursor) { self.cursor = cursor }

        mutating func next() -> ArraySlice<UInt8>? {
            cursor.skipSpace()
            let start = cursor.i
            while !cursor.isAtEnd, !cursor.byte.isSpace { cursor.i += 1 }
            return cursor.i > start ? cursor.bytes[start..<cursor.i] : nil
        }

        /// What follows the words read so far, of the slice that they are read from.
        func rest(of slice: Slice, _ store: TextStore) -> Slice {
            let done = cursor.i - store.cursor(slice).i
            return store.trimmed(Slice(Int(slice.start) + done, Int(slice.count) - done))
        }
    }
}
