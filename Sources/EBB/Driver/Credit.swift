/// How many motion commands the board may still be sent: a model of its queue in the link's time.
///
/// The parser must stay free so that stop and queries get through (docs/board.md §2.1): a command is due when there is a
/// place in the queue for it. On boards with a single place it may also wait in the parser for a moment, while the
/// running command ends; that doubles the reserve.
///
/// The board's clock is not ours, and an hour of drawing adds up what differs. So the model is corrected by what the
/// board cannot say otherwise: a reply before its time, one long after it, and how many commands it says are waiting.
public struct Credit: Sendable {
    /// A motion command that has been sent and has not ended by the model.
    struct InFlight: Sendable {
        var index: Int
        var ticks: Int32
        var end: Int64
    }

    /// Longest wait of a command in the parser, in ticks: 15 ms are allowed, a third is kept for the link.
    static let longestParserWait: Int64 = 250
    /// A reply that takes no longer than this says nothing about the board's clock: 3 ms.
    private static let usualReply: Int64 = 75
    /// How far one late reply moves the model: 1 ms. The link may be late as well as the board, and clocks differ little.
    private static let lateGain: Int64 = 25

    /// Commands that may wait behind the running one.
    public let depth: Int
    /// Motion queued at most, in ticks: what a pause has to wait for.
    public let longestQueue: Int64

    private var flights: [InFlight] = []
    private var head = 0
    /// The command that came to an idle board and has not been answered.
    private var firstOfIdle: Int?
    /// How much later than the board the model may be, ticks, but for what the clocks differ since a reply told: it is moved
    /// later by replies alone, and a command that came to an idle board began no sooner than it was sent.
    private(set) var lateness: Int64 = 0
    /// When the reply to the last command should have come, if it fills the queue or had to wait in the parser.
    private var expectedReply: Int64?

    public init(depth: Int, longestQueue: Int64 = .max) {
        self.depth = max(1, depth)
        self.longestQueue = longestQueue
    }

    /// Motion commands that have not ended by the model.
    var count: Int { flights.count - head }
    /// When the last command ends by the model; nil when nothing is in flight.
    public var lastEnd: Int64? { flights.last?.end }
    /// When the running command ends by the model.
    public var firstEnd: Int64? { head < flights.count ? flights[head].end : nil }

    /// The command that runs by the model.
    var running: InFlight? { head < flights.count ? flights[head] : nil }

    /// Takes off what has ended at `now`; gives the index after the last ended command.
    mutating func retire(at now: Int64) -> Int? {
        var next: Int?
        while head < flights.count, flights[head].end <= now {
            next = flights[head].index + 1
            head += 1
        }
        if head == flights.count {
            flights.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64 {
            flights.removeFirst(head)
            head = 0
        }
        return next
    }

    /// The first tick, not before `now`, at which another command may be sent, or `pieces` of them together, which are no more
    /// than `depth`. What has ended must have been retired.
    func nextChance(at now: Int64, pieces: Int = 1) -> Int64 {
        guard self.count > 0 else { return now }
        let count = self.count + pieces - 1
        var chance = now
        if count > depth {
            // The command that must end first; with a single place the next may come a moment earlier.
            let end = flights[head + count - depth - 1].end
            chance = max(chance, depth == 1 ? end - Self.longestParserWait : end)
            if depth == 1, count > depth + 1 { chance = max(chance, flights[head + count - depth - 2].end) }
        }
        if let lastEnd, longestQueue < .max { chance = max(chance, lastEnd - longestQueue) }
        return chance
    }

    /// Notes that a command was sent.
    mutating func sent(index: Int, ticks: Int32, at now: Int64) {
        if count == 0 {
            firstOfIdle = index
            lateness = 0
        }
        let start = max(now, lastEnd ?? now)
        flights.append(InFlight(index: index, ticks: ticks, end: start + Int64(ticks)))
        if count > depth + 1 {
            expectedReply = max(now, flights[head + count - depth - 2].end)
        } else {
            // It fills the queue by the model; where it has to wait in the parser all the same, the board is behind.
            expectedReply = count > depth && depth > 1 ? now : nil
        }
    }

    /// Notes the reply to command `index`: the board has it in its queue by now.
    ///
    /// A command that came to an idle board cannot have started later than its reply was sent; the model takes that
    /// latest start, so that it rather underrates what is free.
    mutating func answered(_ index: Int, at now: Int64) {
        guard count > 0, let last = flights.last else { return }
        if firstOfIdle == index {
            firstOfIdle = nil
            if let flight = flights[head...].first(where: { $0.index == index }) {
                move(by: max(0, now + Int64(flight.ticks) - flight.end))
            }
        }
        guard last.index == index, let expected = expectedReply else { return }
        expectedReply = nil
        // There was a place for it earlier than the model had one, or long after.
        if now < expected { move(by: now - expected) }
        if now > expected + Self.usualReply { move(by: min(Self.lateGain, now - expected - Self.usualReply)) }
    }

    /// Notes that `waiting` commands wait behind the running one, as the board says; nil = nothing runs.
    ///
    /// - Parameter asked: when it was asked; what it said is at least as old as its answer.
    mutating func observed(waiting: Int?, asked: Int64, at now: Int64) {
        guard count > 0 else { return }
        guard let waiting else { return move(by: min(0, now - (lastEnd ?? now))) }
        let modelled = count - 1
        if waiting < modelled {
            move(by: min(0, now - flights[head + modelled - waiting - 1].end))
        } else if waiting > modelled, now - asked <= Self.usualReply {
            move(by: max(0, now + Int64(flights[head].ticks) - flights[head].end))
            // What runs began after it was asked.
            lateness = min(lateness, now - asked)
        }
    }

    /// Moves the model's ends by `ticks`.
    mutating func move(by ticks: Int64) {
        for i in head..<flights.count { flights[i].end += ticks }
        lateness = max(0, lateness + ticks)
    }

    /// Nothing is in flight any more.
    mutating func clear() {
        flights.removeAll(keepingCapacity: true)
        head = 0
        firstOfIdle = nil
        expectedReply = nil
    }
}
