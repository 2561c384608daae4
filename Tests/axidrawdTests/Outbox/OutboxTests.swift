internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Messages to receivers that take them, are down, slow, redirect, have gone, and across restarts.
@Suite(.serialized) struct OutboxTests {
    private static let key = [UInt8](repeating: 7, count: 32)

    /// A clock that a test sets, and what people were told.
    private final class World: Sendable {
        let time = Live(1_000_000_000_000)
        let told = Mutex<[JSONValue]>([])
        let hangs = Live(false)

        func ways(patience: Int64 = 15_000) -> Outbox.Ways {
            Outbox.Ways(
                now: { self.time.value }, chance: { 0 }, keys: { _ in [OutboxTests.key] },
                tell: { news in self.told.withLock { $0.append(news) } }, patience: patience,
                answered: { while self.hangs.value { usleep(1000) } })
        }

        var kinds: [String] { told.withLock { $0.map { $0.word("kind") } } }
    }

    private static func plan(_ server: ScriptedServer, allow: [String] = ["127.0.0.1"]) -> WebhookPlan {
        var plan = WebhookPlan()
        let location = HTTPLocation(.internet(host: "127.0.0.1", port: server.port, isSecure: false), target: "/hook")
        plan.receivers = [WebhookReceiver(name: "museum", location: location)]
        plan.allowed = allow
        return plan
    }

    private static func job(_ id: String, _ state: String) -> JSONValue {
        .object([
            ("id", .string(id)), ("state", .string(state)),
            ("isFinal", .bool(["done", "failed", "cancelled"].contains(state))), ("device", .string("plot1")),
        ])
    }

    private static func wait(_ what: String, _ isSo: () -> Bool) async {
        let end = Date().addingTimeInterval(60)
        while !isSo() {
            guard Date() < end else {
                Issue.record("waited in vain: \(what)")
                return
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func types(_ server: ScriptedServer) -> [String] {
        server.requests.map { (try? JSONReader.read($0.body))?.word("type") ?? "" }
    }

    @Test func tellsASignedMessageForEachChange() async throws {
        let server = try ScriptedServer { _, _ in .status(204) }
        defer { server.stop() }
        let world = World()
        let outbox = Outbox(folder: nil, ways: world.ways(), log: .silent)
        outbox.begin(Self.plan(server), found: [])
        for state in ["queued", "plotting", "plotting", "paused", "plotting", "done"] {
            outbox.hear("job", Self.job("j1", state))
        }
        outbox.hear("progress", .object([]))
        await Self.wait("five messages") { server.requests.count == 5 }
        #expect(
            Self.types(server) == ["job.queued", "job.started", "job.paused", "job.resumed", "job.finished"])
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /hook HTTP/1.1\r\n"))
        // What we verify from others holds for what we send.
        let bytes = Array((request.head + "\r\n\r\n").utf8)
        #expect(!bytes.isEmpty)
        let (id, stamp) = (request.value("webhook-id") ?? "", request.value("webhook-timestamp") ?? "")
        let signed = Array("\(id).\(stamp).".utf8) + request.body
        let code = Data(HMAC.sha256(key: Self.key, signed)).base64EncodedString()
        #expect(request.value("webhook-signature") == "v1,\(code)" && stamp == "1000000000")
        #expect(Set(server.requests.compactMap { $0.value("webhook-id") }).count == 5)
        await outbox.close()
    }

    /// The same message is tried again until it is taken, with the same identity and body, and a new time.
    @Test(arguments: [503, 429, 500, 307]) func triesAgainWithTheSameIdentity(status: Int) async throws {
        let server = try ScriptedServer { number, _ in
            number < 2 ? .status(status, "Location: http://127.0.0.1:1/\r\n") : .status(200)
        }
        defer { server.stop() }
        let world = World()
        let outbox = Outbox(folder: nil, ways: world.ways(), log: .silent)
        outbox.begin(Self.plan(server), found: [])
        outbox.hear("job", Self.job("j1", "done"))
        for count in 1...3 {
            await Self.wait("try \(count)") { server.requests.count == count }
            // The answer may still be on its way into the state: the clock goes on until the next try comes.
            while server.requests.count == count, count < 3 {
                world.time.replace(world.time.value + 100_000)
                outbox.wake()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        #expect(Set(server.requests.compactMap { $0.value("webhook-id") }).count == 1)
        #expect(Set(server.requests.map(\.body)).count == 1)
        #expect(Set(server.requests.compactMap { $0.value("webhook-timestamp") }).count == 3)
        await Self.wait("delivered") { true }
        #expect(await outbox.figures.counts["failed"] == 2)
        await outbox.close()
    }

    @Test func whoIsGoneIsSwitchedOffAndPeopleHearOfIt() async throws {
        let server = try ScriptedServer { _, _ in .status(410) }
        defer { server.stop() }
        let world = World()
        let outbox = Outbox(folder: nil, ways: world.ways(), log: .silent)
        outbox.begin(Self.plan(server), found: [])
        outbox.hear("job", Self.job("j1", "done"))
        await Self.wait("told") { !world.kinds.isEmpty }
        outbox.hear("job", Self.job("j2", "done"))
        let figures = await outbox.figures
        #expect(figures.off == 1 && figures.waiting == 0 && world.kinds == ["webhook-off"])
        #expect(server.requests.count == 1)
        // A person reloads the configuration: it is tried again.
        server.answers { _, _ in .status(200) }
        outbox.configure(Self.plan(server), wakes: true)
        outbox.hear("job", Self.job("j3", "done"))
        await Self.wait("on again") { server.requests.count == 2 }
        await outbox.close()
    }

    @Test func whoIsSlowIsNotWaitedForLongAndHoldsUpNobody() async throws {
        let slow = try ScriptedServer { _, _ in .silence }
        let quick = try ScriptedServer { _, _ in .status(200) }
        defer {
            slow.stop()
            quick.stop()
        }
        let world = World()
        var plan = Self.plan(slow)
        plan.receivers += Self.plan(quick).receivers.map {
            WebhookReceiver(name: "other", location: $0.location, events: ["job.finished"])
        }
        let outbox = Outbox(folder: nil, ways: world.ways(patience: 100), log: .silent)
        outbox.begin(plan, found: [])
        outbox.hear("job", Self.job("j1", "queued"))
        outbox.hear("job", Self.job("j1", "done"))
        await Self.wait("the quick one") { quick.requests.count == 1 }
        var failed = 0
        while failed == 0 {
            failed = await outbox.figures.counts["failed"] ?? 0
            try await Task.sleep(for: .milliseconds(5))
        }
        await outbox.close()
    }

    @Test func nothingGoesToAPrivateAddressThatIsNotListed() async throws {
        let server = try ScriptedServer { _, _ in .status(200) }
        defer { server.stop() }
        let world = World()
        let outbox = Outbox(folder: nil, ways: world.ways(), log: .silent)
        outbox.begin(Self.plan(server, allow: []), found: [])
        outbox.hear("job", Self.job("j1", "done"))
        await Self.wait("told") { !world.kinds.isEmpty }
        #expect(world.kinds == ["webhook-failing"] && server.requests.isEmpty)
        outbox.configure(Self.plan(server), wakes: true)
        world.time.replace(world.time.value + 10_000)
        outbox.wake()
        await Self.wait("listed now") { server.requests.count == 1 }
        await outbox.close()
    }

    /// Killed after the receiver has taken a message, before that is written down: it comes again, with the same identity.
    @Test func aCrashBetweenSendingAndNotingRepeatsTheSameMessage() async throws {
        let server = try ScriptedServer { _, _ in .status(200) }
        defer { server.stop() }
        let folder = FileManager.default.temporaryDirectory.path + "/axidrawd-outbox-" + Identifier.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = World()
        world.hangs.replace(true)
        let first = Outbox(folder: folder, ways: world.ways(), log: .silent)
        first.begin(Self.plan(server), found: [])
        first.hear("job", Self.job("j1", "done"))
        first.hear("incident", .object([("kind", .string("x")), ("message", .string("m"))]))
        await Self.wait("the first try") { server.requests.count == 1 }
        // Everything that was told is on the disk; what was answered is not.
        _ = await first.figures
        let second = Outbox(folder: folder, ways: World().ways(), log: .silent)
        second.begin(Self.plan(server), found: [])
        await Self.wait("both messages") { server.requests.count == 3 }
        #expect(Self.types(server) == ["job.finished", "job.finished", "incident.reported"])
        let ids = server.requests.compactMap { $0.value("webhook-id") }
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
        _ = await second.figures
        await second.close()
        // Once it is written down nothing comes any more.
        var waiting = 1
        while waiting > 0 { waiting = await second.figures.waiting }
        let third = Outbox(folder: folder, ways: World().ways(), log: .silent)
        third.begin(Self.plan(server), found: [])
        #expect(await third.figures.waiting == 0)
        world.hangs.replace(false)
        await third.close()
        await first.close()
    }

    /// Killed after a job's end is in the queue's journal and before the outbox has heard of it: told at the next start, once.
    @Test func whatEndedBeforeACrashIsToldAtTheStart() async throws {
        let server = try ScriptedServer { _, _ in .status(200) }
        defer { server.stop() }
        let folder = try TemporaryFolder()
        func keeper() throws -> JobKeeper {
            JobKeeper(
                try JobStore(storage: try SpoolDirectory(path: folder.path("spool")), nowMilliseconds: JobKeeper.now))
        }
        let ids = try await keeper().perform { store throws(JobStore.Refusal) in
            var generator = SystemRandomNumberGenerator()
            var ids: [String] = []
            for name in ["done", "cut", "waits"] {
                let submission = JobStore.Submission(
                    device: "plot1", name: name, drawing: [1], drawingSHA256: String(repeating: "0", count: 64))
                let job = try store.submit(submission, nowMilliseconds: JobKeeper.now, using: &generator)
                ids.append(job.id.text)
                guard name != "waits" else { continue }
                try store.move(job.id, to: .plotting, nowMilliseconds: JobKeeper.now)
                if name == "done" { try store.move(job.id, to: .done, nowMilliseconds: JobKeeper.now) }
            }
            return ids
        }
        try OutboxFile(try SpoolDirectory(path: folder.path("outbox"))).replace([.began(1)])
        func told() async throws -> [(String, String)] {
            let outbox = Outbox(folder: folder.path("outbox"), ways: World().ways(), log: .silent)
            let again = try keeper()
            outbox.begin(Self.plan(server), found: await again.found.map { PlotJob($0) })
            var waiting = 1
            while waiting > 0 { waiting = await outbox.figures.waiting }
            await outbox.close()
            return server.requests.map { request in
                let data = (try? JSONReader.read(request.body))?["data"]
                return (data?.word("job") ?? "", data?.word("state") ?? "")
            }
        }
        let first = try await told()
        #expect(Set(first.map(\.0)) == Set(ids) && Set(first.map(\.1)) == ["done", "interrupted", "queued"])
        #expect(try await told().count == 3, "once")
    }

    @Test func aDamagedJournalLosesOnlyWhatIsDamaged() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/axidrawd-outbox-" + Identifier.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let message = OutgoingMessage(type: "t", time: 1, data: [])
        let file = OutboxFile(try SpoolDirectory(path: folder))
        #expect(try file.open().records == [])
        try file.replace([.began(1)])
        try file.append([.added(message, receiver: "a"), .made(key: "k")]) { [] }
        #expect(try file.open().records == [.began(1), .added(message, receiver: "a"), .made(key: "k")])
        let path = folder + "/journal"
        var bytes = Array(try #require(FileManager.default.contents(atPath: path)))
        bytes[bytes.count - 2] ^= 1
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        #expect(try file.open().records == [.began(1), .added(message, receiver: "a")])
        bytes[20] ^= 1
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        let (records, isDamaged) = try file.open()
        #expect(records == [.added(message, receiver: "a")] && isDamaged)
        #expect(FileManager.default.contents(atPath: folder + "/journal.damaged") == Data(bytes))
        let noise = Data("none of it is a record, and it does not end where one would".utf8)
        #expect(FileManager.default.createFile(atPath: path, contents: noise))
        let all = try file.open()
        #expect(all.records == [] && all.isDamaged)
        #expect(FileManager.default.contents(atPath: folder + "/journal.damaged") == noise)
    }

    @Test func plotterAndLayersAreTold() {
        var reader = NewsReader(known: ["old": "interrupted"])
        func types(_ event: String, _ data: JSONValue) -> [String] {
            reader.read(event, data, now: 0).map(\.type)
        }
        func device(_ state: String) -> JSONValue { .object([("name", .string("p")), ("state", .string(state))]) }
        #expect(types("state", device("absent")) == [])
        #expect(types("state", device("raised")) == ["device.attached"])
        #expect(types("state", device("lowered")) == [])
        #expect(types("state", device("faulted")) == ["device.faulted"])
        #expect(types("state", device("raised")) == ["device.recovered"])
        #expect(types("state", device("absent")) == ["device.detached"])
        #expect(types("layer", .object([("event", .string("start"))])) == ["layer.started"])
        #expect(types("layer", .object([("event", .string("end"))])) == ["layer.finished"])
        #expect(types("job", Self.job("old", "interrupted")) == [])
        #expect(types("job", Self.job("old", "plotting")) == ["job.resumed"])
        #expect(types("job", .null) == [] && types("state", .array([])) == [] && types("queue", .null) == [])
    }

    @Test func aMessageIsShortWhateverIsInIt() throws {
        // Letters, what is escaped to six times its length, and one visible character of a hundred thousand.
        for piece in ["é", "\u{1}", "\u{301}", "😀"] {
            let long = JSONValue.string("a" + String(repeating: piece, count: 100_000))
            let members = (0..<16).map { ("m\($0)", long) }
            let message = OutgoingMessage(type: "t", time: 0, data: members + [("o", .object(members))])
            #expect(message.body.count <= OutgoingMessage.longest)
            let data = try JSONReader.read(message.body)["data"]
            #expect(data?.word("m0").utf8.first == UInt8(ascii: "a"), "\(piece)")
        }
        #expect(
            OutgoingMessage(type: "t", time: 0, key: "k", data: []).id
                == OutgoingMessage(type: "u", time: 5, key: "k", data: []).id)
    }

    @Test(arguments: [
        (#"{"webhooks": 1}"#, "must be an object"), (#"{"webhooks": {"in": []}}"#, "unknown member"),
        (#"{"webhooks": {"out": {}}}"#, "must be a list"), (#"{"webhooks": {"out": [{"name": "a"}]}}"#, "needs a url"),
        (#"{"webhooks": {"out": [{"url": "https://h/"}]}}"#, "needs a name"),
        (#"{"webhooks": {"out": [{"name": "a b", "url": "https://h/"}]}}"#, "letters, digits or hyphens"),
        (#"{"webhooks": {"out": [{"name": "a", "url": "ftp://h/"}]}}"#, "http:// or https://"),
        (#"{"webhooks": {"out": [{"name": "a", "url": "https://u:p@h/"}]}}"#, "http:// or https://"),
        (#"{"webhooks": {"out": [{"name": "a", "url": "https://h/", "events": ["job.finish"]}]}}"#, "job.finished"),
        (#"{"webhooks": {"out": [{"name": "a", "url": "https://h/", "secret": "x"}]}}"#, "unknown member"),
        (
            #"{"webhooks": {"out": [{"name": "a", "url": "https://h/"}, {"name": "a", "url": "https://i/"}]}}"#,
            "two receivers"
        ),
        (#"{"webhooks": {"allow": ["10.0.0.0/33"]}}"#, "no address"),
        (#"{"webhooks": {"drawings": ["https://h"]}}"#, "no beginning"),
    ]) func refusesAConfigurationThatCannotBe(text: String, words: String) throws {
        do throws(ConfigurationFailure) {
            _ = try ServiceConfiguration(Array(text.utf8), path: "f")
            Issue.record("taken: \(text)")
        } catch { #expect(error.reason.contains(words) && error.line == 1, "\(error)") }
    }

    @Test func addressesAreMaskedAndTheirChangeIsSeen() throws {
        func read(_ token: String) throws -> ServiceConfiguration {
            try ServiceConfiguration(
                Array(#"{"webhooks": {"out": [{"name": "a", "url": "https://h/\#(token)"}]}}"#.utf8), path: "f")
        }
        let (one, two) = (try read("token-1"), try read("token-2"))
        #expect(!one.json.text.contains("token") && one.json.text.contains("https://h:443/…"))
        #expect(one.differences(from: two) == ["webhooks"] && one.differences(from: one) == [])
    }

    @Test func secretsAreMadeKeptAndExchanged() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/axidrawd-secrets-" + Identifier.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = WebhookSecretFile(folder: folder)
        let first = try file.secrets(of: "a")
        #expect(first.count == 1 && first[0].hasPrefix("whsec_") && file.keys(of: "a").count == 1)
        #expect(try file.secrets(of: "a") == first && file.secrets(of: "b") != first)
        let both = try file.secrets(of: "a", .add)
        #expect(both.count == 2 && both[1] == first[0])
        #expect(try file.secrets(of: "a", .add).count == 2, "two at most")
        #expect(try file.secrets(of: "a", .keepNewest).count == 1)
        #expect(SpoolDirectory.ownership(ofFile: file.file.path)?.mode == 0o600)
    }
}
