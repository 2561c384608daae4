extension SVG {
    /// Keeps account of what reading one drawing costs, and ends it when that is too much or nobody waits any more.
    ///
    /// One object is shared by all stages of a drawing, which run one after the other.
    final class Meter {
        let budget: DrawingBudget
        private let isCancelled: () -> Bool
        private(set) var steps = 0
        private var nextLook = Meter.stride
        private let mostOnClips: Int
        private var onClips = 0

        /// Steps between two questions whether the work is still wanted: some milliseconds.
        private static let stride = 1 << 18

        /// Steps that the clip paths of a small file may take, a second of work, and so many more for each of its bytes:
        /// clips in clips in clips ask for any amount in a few lines.
        private static let usualOnClips = 120_000_000
        private static let onClipsPerByte = 500

        /// - Parameters:
        ///   - steps: taken already.
        ///   - bytes: of the file.
        init(
            _ budget: DrawingBudget = .standard, steps: Int = 0, bytes: Int = 0,
            isCancelled: @escaping () -> Bool = { false }
        ) {
            self.budget = budget
            self.steps = steps
            mostOnClips = Self.usualOnClips + Self.onClipsPerByte * bytes
            self.isCancelled = isCancelled
        }

        /// Counts work that was done or is about to be.
        ///
        /// - Parameter what: what costs so much, for people: "the clip paths".
        func spend(_ count: Int, on what: StaticString, at offset: Int) throws(Fault) {
            steps &+= count
            if steps >= nextLook { try look(what, offset) }
        }

        /// As `spend`, on clip paths, which have a share of their own.
        func spendOnClips(_ count: Int, at offset: Int) throws(Fault) {
            onClips &+= count
            if onClips > mostOnClips { throw Fault(offset: offset, reason: .work("the clip paths")) }
            try spend(count, on: "the clip paths", at: offset)
        }

        /// Steps that may still be taken on clip paths.
        var remainingOnClips: Int { max(0, min(budget.steps - steps, mostOnClips - onClips)) }

        private func look(_ what: StaticString, _ offset: Int) throws(Fault) {
            nextLook = steps + Self.stride
            if isCancelled() { throw Fault(offset: offset, reason: .cancelled) }
            if steps > budget.steps { throw Fault(offset: offset, reason: .work(what.description)) }
        }

        /// Makes sure that so many bytes may be held at once.
        func require(bytes: Int, at offset: Int) throws(Fault) {
            if bytes > budget.bytes {
                throw Fault(offset: offset, reason: .memory(needed: bytes, allowed: budget.bytes))
            }
        }
    }
}
