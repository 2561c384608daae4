internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import axidrawd

/// A drawing over which the daemon ends is tried twice, not for ever.
struct HandListTests {
    private func open(_ folder: TemporaryFolder) throws -> JobStore {
        try JobStore(storage: try SpoolDirectory(path: folder.path("spool")), nowMilliseconds: 1_000)
    }

    private func submit(_ store: JobStore) throws -> JobRecord {
        var generator = SeededGenerator(seed: 7)
        return try store.submit(
            .init(device: "plot1", drawing: [60], drawingSHA256: String(repeating: "0", count: 64)),
            nowMilliseconds: 1_000, using: &generator)
    }

    @Test func whatWasInHandAtTwoEndsIsHeldWithTheReason() throws {
        let folder = try TemporaryFolder()
        var store = try open(folder)
        let (bad, good) = (try submit(store).id, try submit(store).id)
        for count in 1...2 {
            #expect(store.record(bad)?.state == .queued)
            try store.takeInHand(bad.text)
            try store.takeInHand(good.text)
            try store.letGo(good.text, isPlanned: true)
            // The daemon ends here.
            store = try open(folder)
            #expect(store.hands.crashes == [bad.text: count])
        }
        #expect(store.record(bad)?.state == .held(HandList.reason))
        #expect(store.record(good)?.state == .queued)
        #expect(store.findings.count == 1)
        // Told once; held for as long as nobody says go.
        store = try open(folder)
        #expect(store.hands.suspects == [bad.text])
        #expect(store.findings.isEmpty)
        try store.trust(bad.text)
        try store.move(bad, to: .queued, nowMilliseconds: 2_000)
        try store.takeInHand(bad.text)
        store = try open(folder)
        #expect(store.record(bad)?.state == .held(HandList.reason))
        try store.trust(bad.text)
        try store.takeInHand(bad.text)
        try store.letGo(bad.text, isPlanned: true)
        store = try open(folder)
        #expect(store.hands.suspects.isEmpty)
    }

    @Test func aDamagedListCountsNothing() throws {
        let folder = try TemporaryFolder()
        let store = try open(folder)
        let id = try submit(store).id
        try store.takeInHand(id.text)
        try folder.write("{\"version\":1,\"inHand\":", to: "spool/hands.json")
        #expect(try open(folder).hands == HandList())
    }

    /// The one whose turn it is does not wait behind those who came first.
    @Test func theMostUrgentGoesFirst() async throws {
        let turns = Turnstile(places: 1)
        let order = Order()
        await turns.enter(.looking)
        var tasks: [Task<Void, Never>] = []
        let comers: [(String, Turnstile.Urgency)] = [
            ("look", .looking), ("read", .reading), ("plan 1", .planning), ("plan 2", .planning), ("start", .starting),
        ]
        for (name, urgency) in comers {
            #expect(!turns.isWanted(beforeThan: .planning))
            tasks.append(
                Task {
                    await turns.enter(urgency)
                    order.add(name)
                    turns.leave()
                })
            while turns.waitingCount < tasks.count { await Task.yield() }
        }
        #expect(turns.isWanted(beforeThan: .planning))
        turns.leave()
        for task in tasks { await task.value }
        #expect(order.all == ["start", "plan 1", "plan 2", "read", "look"])
    }

    private final class Order: Sendable {
        private let names = Mutex<[String]>([])
        var all: [String] { names.withLock { $0 } }
        func add(_ name: String) { names.withLock { $0.append(name) } }
    }
}
