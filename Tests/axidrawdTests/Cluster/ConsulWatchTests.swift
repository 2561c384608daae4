internal import ClusterDoubles
internal import Foundation
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Blocking questions: what is asked after which answer, and what is heard from a server that changes, dies and comes back.
@Suite(.serialized) struct ConsulWatchTests {
    @Test func anIndexThatGoesBackBeginsAnew() {
        var rule = WatchRule()
        #expect(rule.index == 0)
        #expect(rule.answered(7) == (false, 100) && rule.index == 7)
        #expect(rule.answered(7) == (false, 100) && rule.index == 7)
        #expect(rule.answered(3) == (true, 100) && rule.index == 0)
        // Less than one is one, or the next question would not wait.
        #expect(rule.answered(0) == (false, 100) && rule.index == 1)
        #expect(rule.answered(nil) == (false, 1000) && rule.index == 0)
        _ = rule.answered(12)
        let pauses = (0..<8).map { _ in rule.failed(chance: 0) }
        #expect(pauses == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] && rule.index == 0)
        #expect(rule.failed(chance: 1) == 72_000 && rule.failed(chance: -1) == 48_000)
        _ = rule.answered(1)
        #expect(rule.failed(chance: 0) == 1000)
    }

    @Test func whatChangesAllTheTimeIsAskedLessAndLess() {
        var rule = WatchRule(longestBusyPause: 5_000)
        let pauses = (1...9).map { rule.answered(UInt64($0), waited: 0).pause }
        // The first answer is of a question that did not wait.
        #expect(pauses == [100, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        // Quiet for a second, and the next change is heard at once.
        #expect(rule.answered(20, waited: 1_000).pause == 100 && rule.answered(21, waited: 10).pause == 100)
        #expect(rule.answered(22, waited: 10).pause == 200)
        // A server that has begun anew says nothing about how often things change.
        #expect(rule.answered(3, waited: 10) == (true, 100))
        var usual = WatchRule()
        #expect((1...4).allSatisfy { usual.answered($0, waited: 0).pause == 100 })
    }

    private static func watch(
        _ double: ConsulDouble, _ key: String, _ heard: @escaping @Sendable (String?, Bool) -> Void
    ) throws -> ConsulWatch<ConsulClient.Entry?> {
        let client = ConsulClient(ConsulPlan(location: try #require(HTTPLocation(double.url))))
        let ask: ConsulWatch<ConsulClient.Entry?>.Ask = { waiting throws(ClusterFailure) in
            try client.entry(key, waiting: waiting)
        }
        return ConsulWatch(chance: { -1 }, ask, hears: { entry, isReset in heard(entry?.text, isReset) })
    }

    @Test func hearsWhatChangesAndWhatIsLost() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let heard = Mutex<[String]>([])
        // Whether the connection is cut or the next question finds another server is chance; what is heard is the same.
        let watch = try Self.watch(double, "a key/ü") { text, _ in heard.withLock { $0.append(text ?? "none") } }
        watch.begin()
        defer { watch.end() }
        func hears(_ expected: [String]) async throws {
            do {
                try await ConsulLinkTests.wait("\(expected)") { heard.withLock { $0 } == expected }
            } catch {
                let asked = double.requests.suffix(4).map { "\($0.path) \($0.query)" }
                Issue.record("heard \(heard.withLock { $0 }) after \(asked)")
                throw error
            }
        }
        try await hears(["none"])
        // A key that is not there yet can be waited for.
        double.put("a key/ü", "one")
        try await hears(["none", "one"])
        double.put("another", "x")
        double.put("a key/ü", "two")
        try await hears(["none", "one", "two"])
        #expect(double.requests.last?.query("wait") == "30s")
        double.die()
        try double.comeBackEmpty()
        // From 0, and nothing that is gone is told as if it were there.
        try await hears(["none", "one", "two", "none"])
        double.put("a key/ü", "three")
        try await hears(["none", "one", "two", "none", "three"])
    }

    /// A server that says its index never grows is not asked in a storm.
    @Test(arguments: ["", "X-Consul-Index: 0\r\n", "X-Consul-Index: nonsense\r\n"])
    func aServerWithoutAnIndexIsAskedNowAndThen(field: String) async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        double.fails { _ in .raw(Array("HTTP/1.1 404 X\r\n\(field)Content-Length: 0\r\n\r\n".utf8)) }
        let watch = try Self.watch(double, "k") { _, _ in }
        let start = Date()
        watch.begin()
        try await Task.sleep(for: .milliseconds(350))
        let asked = double.requests.count
        watch.end()
        // However slow the machine, never more than one each 100 ms.
        #expect(asked <= Int(Date().timeIntervalSince(start) * 10) + 2)
    }
}
