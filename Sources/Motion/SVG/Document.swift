extension SVG {
    /// The document as a tree in flat arrays: well-formed, namespaces resolved, depth and size bounded.
    struct Document {
        /// An element. Indices into `nodes`; −1 = none.
        struct Node {
            var tag: Tag
            var parent: Int32
            var previous: Int32
            var next: Int32
            var firstChild: Int32
            var firstAttribute: UInt32
            var attributeCount: UInt16
            /// Place of its `<`.
            var offset: UInt32
            /// Without the prefix.
            var localName: Slice
        }

        struct Attribute {
            var name: Name
            /// As written, with the prefix.
            var text: Slice
            var value: Slice
        }

        /// Characters inside an element that draws text, as they stand between its child elements.
        struct TextRun {
            var text: Slice
            /// The child before it; −1 = none.
            var after: Int32
            /// The element's next run, an index into `textRuns`; −1 = none.
            var next: Int32
        }

        /// A `<style>` element's text.
        struct Sheet {
            var text: Slice
            var offset: Int
        }

        var store: TextStore
        var nodes: [Node] = []
        var attributes: [Attribute] = []
        var sheets: [Sheet] = []
        /// First element of each id, by the hash of the id.
        var ids: [UInt64: Int32] = [:]
        /// Whether anything in it refers to a custom property.
        var usesVariables = false
        /// Characters of `text` elements and all in them; only where they are drawn.
        var textRuns: [TextRun] = []
        /// The first run of each element that has any.
        var firstRun: [Int32: Int32] = [:]

        static let root = 0

        func attributes(of node: Int) -> ArraySlice<Attribute> {
            let first = Int(nodes[node].firstAttribute)
            return attributes[first..<first + Int(nodes[node].attributeCount)]
        }

        /// An attribute's value; nil when it is not given.
        func value(_ name: Name, of node: Int) -> Slice? {
            // By index: a slice would hold on to the attributes, and let go of them, for each shape several times.
            let first = Int(nodes[node].firstAttribute)
            for k in first..<first + Int(nodes[node].attributeCount) where attributes[k].name == name {
                return attributes[k].value
            }
            return nil
        }

        func cursor(_ name: Name, of node: Int) -> Cursor? { value(name, of: node).map { store.cursor($0) } }

        /// The first element with an id, by the text of a fragment such as `#a`.
        func element(named id: Slice) -> Int? {
            id.isEmpty ? nil : ids[store.hash(id)].map { Int($0) }
        }

        /// The target of `href`, or of `xlink:href`; nil when it is missing, external or unknown.
        func target(of node: Int) -> Int? {
            guard let value = value(.href, of: node) ?? value(.xlinkHref, of: node) else { return nil }
            let link = store.trimmed(value)
            guard store.cursor(link).byte == UInt8(ascii: "#") else { return nil }
            return element(named: Slice(Int(link.start) + 1, Int(link.count) - 1))
        }

        func offset(of node: Int) -> Int { Int(nodes[node].offset) }

        /// Calls `body` for each child element, first to last.
        func forEachChild(of node: Int, _ body: (Int) -> Void) {
            var child = nodes[node].firstChild
            while child >= 0 {
                body(Int(child))
                child = nodes[Int(child)].next
            }
        }
    }
}
