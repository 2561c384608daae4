extension SVG {
    /// What a few known words mean, by their hashes (`TextStore.hash`), which are spread well enough as they are: looked up for
    /// every element and attribute of a document.
    struct WordTable<Meaning: Sendable>: Sendable {
        private var slots: [(hash: UInt64, meaning: Meaning)?]
        private let mask: UInt64

        /// - Parameter words: no two of one hash.
        init(_ words: [(hash: UInt64, meaning: Meaning)]) {
            var size = 8
            while size < 4 * words.count { size *= 2 }
            mask = UInt64(size - 1)
            slots = Array(repeating: nil, count: size)
            for word in words {
                var k = Int(word.hash & mask)
                while slots[k] != nil { k = (k + 1) & (size - 1) }
                slots[k] = word
            }
        }

        /// - Complexity: O(1): three quarters of the slots are empty.
        subscript(hash: UInt64) -> Meaning? {
            var k = Int(hash & mask)
            while let slot = slots[k] {
                if slot.hash == hash { return slot.meaning }
                k = (k + 1) & Int(mask)
            }
            return nil
        }
    }
}
