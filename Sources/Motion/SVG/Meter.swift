extension SVG {
    /// Keeps account of what reading one drawing costs, and ends it when that is too much or nobody waits any more.
    ///
    /// One object is shared by all stages of a drawing, which run one after the other.
    final class Meter {
        let budget: DrawingBudget
        private let isCancelled: () -> Bool
        private(set) var steps = 0
        private var nextLook = Meter.stride

        /// Steps between two questions whether the work is still wanted: some milliseconds.
        private static let stride = 1 << 18

        /// - Parameter steps: taken already.
        init(_ budget: DrawingBudget = .standard, steps: Int = 0, isCancelled: @escaping () -> Bool = { false }) {
            self.budget = budget
            self.steps = steps
            self.isCancelled = isCancelled
        }

        /// Counts work that was done or is about to be.
        ///
        /// - Parameter what: what costs so much, for people: "the clip paths".
        func spend(_ count: Int, on what: StaticString, at offset: Int) throws(Fault) {
            steps &+= count
            if steps >= nextLook { try look(what, offset) }
        }

        /// Steps that may still be taken.
        var remaining: Int { max(0, budget.steps - steps) }

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
