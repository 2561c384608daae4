internal import ClusterDoubles
internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Which product is next, among daemons that share it.
@Suite(.serialized) struct SharedCycleTests {
    private static let cycle = ["vagrant", "terraform", "packer", "terraform", "vault", "terraform"]

    private static func entry(_ text: String, _ flags: UInt64) -> ConsulClient.Entry {
        ConsulClient.Entry(key: "current_product", value: Array(text.utf8), flags: flags, modifyIndex: 5)
    }

    /// The original stayed on a product for ever that stands in the cycle more than once.
    @Test func thePositionCountsAndTheWordIsForOthers() {
        let cycle = Self.cycle
        for position in [0, 1, 3, 5, 6, 41] {
            let entry = Self.entry(cycle[position % 6], CycleKey.flags(position))
            #expect(CycleKey.position(of: entry, in: cycle, own: 0) == position)
            #expect(CycleKey.position(of: entry, in: cycle, own: 50) == 50)
        }
        #expect(CycleKey.position(of: nil, in: cycle, own: 7) == 7)
        // A program that knows only the word, a person who has set it, another cycle, nonsense.
        #expect(CycleKey.position(of: Self.entry("vault", 0), in: cycle, own: 7) == 10)
        #expect(CycleKey.position(of: Self.entry("terraform", 0), in: cycle, own: 2) == 3)
        #expect(CycleKey.position(of: Self.entry("nomad", 0), in: cycle, own: 2) == 2)
        #expect(CycleKey.position(of: Self.entry("vault", 3), in: cycle, own: 0) == 4)
        #expect(CycleKey.position(of: Self.entry("", .max), in: cycle, own: 0) == 0)
    }

    private static func shared(_ double: ConsulDouble, isUsable: Bool = true) throws -> SharedCycle {
        let plan = ConsulPlan(location: try #require(HTTPLocation(double.url)))
        return SharedCycle(plan, isUsable: { isUsable }, log: .silent)
    }

    /// Two daemons with two plotters each, pressed at random by many at once: one product a press, in the order of the
    /// cycle, none twice, none left out.
    @Test func amongManyPressesEveryProductIsTakenOnceAndInOrder() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let presses = 200
        var plan = try InstallationPlan.cycle(of: presses)
        plan.press = .draws
        plan.places = 100
        let fakes = [FakePlotters(["plot1", "plot2"]), FakePlotters(["plot3", "plot4"])]
        var shows: [Installation] = []
        for fake in fakes {
            let show = try await fake.installation(plan)
            show.sharedCycle.replace(try Self.shared(double))
            shows.append(show)
        }
        let seed: UInt64 = 21
        var chance = SeededGenerator(seed: seed)
        let targets = (0..<presses).map { _ in Int.random(in: 0..<4, using: &chance) }
        // Each plotter has a person who presses again and again.
        let taken = await withTaskGroup(of: [(plotter: String, product: String)].self) { group in
            for plotter in 0..<4 {
                let show = shows[plotter / 2]
                let count = targets.count { $0 == plotter }
                group.addTask {
                    var got: [(plotter: String, product: String)] = []
                    for _ in 0..<count {
                        let name = "plot\(plotter + 1)"
                        if case .queued(let ticket, _, _)? = try? await show.press(.single, on: name, meaning: .draws) {
                            got.append((name, ticket.product))
                        }
                    }
                    return got
                }
            }
            var all: [(plotter: String, product: String)] = []
            for await some in group { all += some }
            return all
        }
        let numbers = taken.compactMap { Int($0.product.dropFirst()) }
        #expect(numbers.sorted() == Array(0..<presses), "seed \(seed)")
        for plotter in 1...4 {
            let own = taken.filter { $0.plotter == "plot\(plotter)" }.compactMap { Int($0.product.dropFirst()) }
            #expect(own == own.sorted() && !own.isEmpty)
        }
        #expect(double.key("current_product") == "p0" && double.flags("current_product") == UInt64(presses + 1))
    }

    /// Buttons work without Consul, and where it has been lost the cycle goes on where it was.
    @Test func withoutConsulOnesOwnPositionCounts() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        var plan = InstallationPlan.small()
        plan.press = .draws
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(plan)
        show.sharedCycle.replace(try Self.shared(double))
        func press() async throws -> String {
            guard case .queued(let ticket, _, _) = try await show.press(.single, on: "plot1", meaning: .draws) else {
                return "moved"
            }
            return ticket.product
        }
        let n = plan.cycle.count
        var got = [try await press()]
        #expect(double.key("current_product") == plan.cycle[1 % n])
        double.die()
        got.append(try await press())
        got.append(try await press())
        try double.comeBackEmpty()
        show.sharedCycle.replace(try Self.shared(double))
        got.append(try await press())
        #expect(got == (0..<4).map { plan.cycle[$0 % n] })
        #expect(double.key("current_product") == plan.cycle[4 % n])
        // One that is known not to answer is not even asked.
        show.sharedCycle.replace(try Self.shared(double, isUsable: false))
        let before = double.requests.count
        _ = try await press()
        #expect(double.requests.count == before)
    }

    /// Places are counted with those who still ask.
    @Test func thePlacesHoldAlsoWhileOthersAreAsked() async throws {
        struct Slow: ProductCycle {
            func take(_ cycle: [String], own: Int) async -> Int? {
                try? await Task.sleep(for: .milliseconds(30))
                return nil
            }
        }
        var plan = InstallationPlan.small()
        plan.press = .draws
        plan.places = 3
        let show = try await FakePlotters(["plot1"]).installation(plan)
        show.sharedCycle.replace(Slow())
        let taken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask { (try? await show.press(.single, on: "plot1", meaning: .draws)) != nil }
            }
            var count = 0
            for await isTaken in group where isTaken { count += 1 }
            return count
        }
        #expect(taken == 3)
    }

    /// Others that say something only when they are allowed to.
    private final class Held: ProductCycle {
        private let isOpen = Live(false)
        let asked = Live(0)

        func open() { isOpen.replace(true) }

        func take(_ cycle: [String], own: Int) async -> Int? {
            asked.replace(asked.value + 1)
            while !isOpen.value { try? await Task.sleep(for: .milliseconds(2)) }
            return nil
        }
    }

    /// A power cut while a press is being decided: it must not be known as one that has counted.
    @Test func aPressThatWasNotPromisedIsNoRepeatAfterARestart() async throws {
        let folder = try ShowFolder()
        let fake = FakePlotters(["plot1"])
        var plan = InstallationPlan.small()
        plan.press = .draws
        let first = try await fake.installation(plan, folder: folder.path)
        let held = Held()
        first.sharedCycle.replace(held)
        let undecided = Press(button: "a", kind: .single, id: "one")
        let lost = Task { try await first.press(undecided, source: "door", on: "plot1") }
        try await fake.eventually("asked") { held.asked.value == 1 }
        // Another one, which needs nobody's answer, is decided and stored meanwhile.
        let other = Press(button: "b", kind: .double, id: "two")
        guard case .moved = try await first.press(other, source: "door", on: "plot1") else { throw Unexpected() }
        // The daemon is killed here, and the sender sends again what nobody has answered.
        let second = try await fake.installation(plan, folder: folder.path)
        guard case .queued = try await second.press(undecided, source: "door", on: "plot1") else { throw Unexpected() }
        guard case .repeated = try await second.press(other, source: "door", on: "plot1") else { throw Unexpected() }
        held.open()
        _ = try await lost.value
    }

    /// A copy that comes while a press is being decided is a repeat only if that one counts.
    @Test(arguments: [true, false]) func aCopyWaitsForWhatBecomesOfAPress(hasRoom: Bool) async throws {
        let fake = FakePlotters(["plot1"])
        var plan = InstallationPlan.small()
        plan.press = .draws
        if !hasRoom { plan.cycle = ["nothing of ours"] }
        let show = try await fake.installation(plan)
        let held = Held()
        show.sharedCycle.replace(held)
        func press() async -> String {
            do {
                let press = Press(button: "a", kind: .single, id: "one")
                switch try await show.press(press, source: "door", on: "plot1") {
                case .queued: return "queued"
                case .repeated: return "repeated"
                case .moved, .old: return "other"
                }
            } catch { return "refused" }
        }
        async let first = press()
        try await fake.eventually("asked") { held.asked.value == 1 }
        async let copy = press()
        held.open()
        let both = await [first, copy]
        #expect(both == (hasRoom ? ["queued", "repeated"] : ["refused", "refused"]))
    }

    private struct Unexpected: Error {}

    /// What others take is what is shown as next.
    @Test func whatOthersTakeIsFollowed() async throws {
        let fake = FakePlotters(["plot1"])
        let plan = InstallationPlan.small()
        let show = try await fake.installation(plan)
        await show.follow(Self.entry(plan.cycle[7 % plan.cycle.count], CycleKey.flags(7)))
        #expect(await show.nextProduct == plan.cycle[7 % plan.cycle.count])
        #expect(!fake.events("installation").isEmpty)
        await show.follow(nil)
        #expect(await show.nextProduct == plan.cycle[7 % plan.cycle.count])
    }
}
