internal import Synchronization

/// Turns at what costs memory: many small drawings beside each other, one big one at a time.
struct DrawingTurns: Sendable {
    /// Small drawings are read beside each other, as many as there are cores on a small machine.
    let small = Turnstile(places: 2)
    /// One big drawing is read or planned at a time.
    let big = Turnstile(places: 1)
    /// Drawings that were read and wait for their plan.
    let held = HeldPoints()

    /// Files of this size and more are big without trying, bytes.
    static let bigFile = 256 << 10

    /// Whether a file is worth trying with a small share of the budget first.
    static func isSmall(_ file: [UInt8]) -> Bool { file.count < bigFile }
}

/// How many points of drawings are held while they wait; beyond a bound they are read again when their turn comes.
final class HeldPoints: Sendable {
    /// Points, 16 bytes each.
    static let most = 1_000_000
    private let count = Mutex(0)

    /// Takes the place for so many points; false if there is none.
    func take(_ points: Int) -> Bool {
        count.withLock { count in
            guard count + points <= Self.most else { return false }
            count += points
            return true
        }
    }

    func release(_ points: Int) { count.withLock { $0 -= points } }
}
