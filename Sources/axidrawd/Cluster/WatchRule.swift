/// How a question is asked again and again that waits for a change: which index, and after which pause. A value.
struct WatchRule: Sendable {
    /// What to wait after; 0 = answer at once.
    private(set) var index: UInt64 = 0
    private var failures = 0
    private var busyPause = leastPause
    private let longestBusyPause: Int

    /// - Parameter longestBusyPause: ms; how late what changes all the time may be known. Each time that an answer comes within a
    ///   second the pause doubles up to here, so that those who watch a key do not ask more, the more of them change it.
    init(longestBusyPause: Int = leastPause) { self.longestBusyPause = longestBusyPause }

    /// Seconds that a question waits.
    static let waitSeconds = 30
    /// Between good answers, ms: what changes all the time is not asked all the time.
    static let leastPause = 100
    /// An answer that was waited for so long, ms, is no sign that there are many.
    private static let quiet = 1_000
    private static let firstPause = 1_000
    private static let longestPause = 60_000

    /// An answer came.
    ///
    /// - Parameters:
    ///   - found: its index; nil = there was none.
    ///   - waited: how long it was waited for, ms.
    /// - Returns: whether what the server knew before has gone, and the pause until the next question, ms.
    mutating func answered(_ found: UInt64?, waited: Int = quiet) -> (isReset: Bool, pause: Int) {
        failures = 0
        guard let found else {
            // Without an index there is no waiting: then it is asked now and then.
            index = 0
            return (false, Self.firstPause)
        }
        let new = max(1, found)
        // It has begun anew: what it counts now is no continuation.
        let isReset = new < index
        let isFirst = index == 0
        index = isReset ? 0 : new
        guard !isFirst, !isReset, waited < Self.quiet else {
            busyPause = Self.leastPause
            return (isReset, busyPause)
        }
        defer { busyPause = min(2 * busyPause, longestBusyPause) }
        return (isReset, busyPause)
    }

    /// There was no good answer: the next one is asked for at once, whatever was known.
    ///
    /// - Parameter chance: from -1 to 1.
    /// - Returns: the pause until the next question, ms.
    mutating func failed(chance: Double) -> Int {
        index = 0
        failures += 1
        let pause = min(Self.firstPause << min(failures - 1, 10), Self.longestPause)
        return Int(Double(pause) * (1 + 0.2 * max(-1, min(1, chance))))
    }
}
