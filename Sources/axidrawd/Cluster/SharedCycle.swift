internal import Dispatch
internal import HTTP
internal import Synchronization
internal import Text

/// What is kept under `current_product`: the product that is next by its name, for the original's programs, and its
/// position in the key's flags, so that a product which stands in the cycle more than once does not hold it up.
enum CycleKey {
    /// The position that a key stands for.
    ///
    /// - Parameters:
    ///   - entry: nil = it is not there.
    ///   - own: what is taken is no smaller, so that a cycle never goes back to what has been drawn.
    static func position(of entry: ConsulClient.Entry?, in cycle: [String], own: Int) -> Int {
        guard let entry else { return own }
        let word = entry.text
        if (1...UInt64(Int32.max)).contains(entry.flags) {
            let position = Int(entry.flags) - 1
            if cycle[position % cycle.count] == word { return max(position, own) }
        }
        // Somebody else's: a program that knows no positions, or a person. The next place of that product.
        return (own..<own + cycle.count).first { cycle[$0 % cycle.count] == word } ?? own
    }

    /// The flags of a position that is next; 0 would be those of a program that knows none.
    static func flags(_ position: Int) -> UInt64 { UInt64(max(0, position)) + 1 }
}

/// The cycle of products, shared through Consul: who takes a position writes the next one by check-and-set first.
///
/// One at a time in this process, in the order of the presses. Bounded in time: a button waits a second, not longer.
final class SharedCycle: ProductCycle {
    private let client: ConsulClient
    private let key: String
    private let queue = DispatchQueue(label: "axidrawd.cycle", qos: .userInitiated)
    /// Nobody is asked before this time, ms: a press does not wait for what has just not answered.
    private let notBefore = Mutex(Int64(0))
    private let isUsable: @Sendable () -> Bool
    private let log: Log

    private static let patience: Int64 = 700
    private static let rest: Int64 = 2_000
    private static let mostTries = 50

    /// - Parameter isUsable: whether Consul answers as far as is known.
    init(_ plan: ConsulPlan, isUsable: @escaping @Sendable () -> Bool, log: Log) {
        var client = ConsulClient(plan)
        client.patience = Self.patience
        self.client = client
        key = plan.prefix + "current_product"
        self.isUsable = isUsable
        self.log = log
    }

    func take(_ cycle: [String], own: Int) async -> Int? {
        await withCheckedContinuation { done in
            queue.async { @Sendable [self] in done.resume(returning: taken(cycle, own: own)) }
        }
    }

    private func taken(_ cycle: [String], own: Int) -> Int? {
        let start = HTTPServer.now
        guard isUsable(), start >= notBefore.withLock({ $0 }) else {
            return alone("Consul has just not answered", rest: false)
        }
        do throws(ClusterFailure) {
            for _ in 0..<Self.mostTries where HTTPServer.now - start < Self.patience {
                if let position = try attempt(cycle, own: own) { return position }
            }
            return alone("others were always faster", rest: false)
        } catch {
            return alone(error.sentence, rest: true)
        }
    }

    /// The product is taken without asking the others, and may be taken by one of them too.
    private func alone(_ reason: String, rest: Bool) -> Int? {
        if rest { notBefore.withLock { $0 = HTTPServer.now + Self.rest } }
        log.write(.warning, "the others of the cycle cannot be asked", [("reason", reason)])
        return nil
    }

    /// nil if somebody else was faster.
    private func attempt(_ cycle: [String], own: Int) throws(ClusterFailure) -> Int? {
        let entry = try client.entry(key).value
        let position = CycleKey.position(of: entry, in: cycle, own: own)
        let next = Array(cycle[(position + 1) % cycle.count].utf8)
        let isOurs = try client.put(
            key, next, flags: CycleKey.flags(position + 1), when: entry?.modifyIndex ?? 0)
        return isOurs ? position : nil
    }
}
