internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// What is owed, when it is tried again, and when no more: without clock, disk or network.
struct OutboxStateTests {
    private static let receiver = WebhookReceiver(
        name: "a", location: HTTPLocation(.internet(host: "h", port: 80, isSecure: false), target: "/"))

    private static func message(_ number: Int, bytes: Int = 10) -> OutgoingMessage {
        OutgoingMessage(
            id: "msg_\(number)", type: "t", time: 0, body: [UInt8](repeating: 0x20, count: bytes), key: nil)
    }

    private static func state(_ count: Int, bytes: Int = 10) -> OutboxState {
        var state = OutboxState()
        _ = state.configure([receiver], wakes: false)
        for number in 0..<count { _ = state.add(message(number, bytes: bytes), to: "a", now: 0) }
        return state
    }

    private static func finish(
        _ state: inout OutboxState, _ id: String, _ outcome: DeliveryOutcome, now: Int, chance: Double = 0
    ) -> [OutboxState.Effect] {
        state.finished(id, of: "a", address: "http://h/", outcome, now: now, chance: chance)
    }

    private static let down = DeliveryOutcome.later(after: nil, "down")

    @Test func sendsInOrderOneAtATime() {
        var state = Self.state(3)
        var sent: [String] = []
        while let next = state.take(now: 1).first {
            #expect(state.take(now: 1).isEmpty, "one is in flight")
            sent.append(next.message.id)
            #expect(
                Self.finish(&state, next.message.id, .delivered, now: 1) == [
                    .note(.done(id: next.message.id, receiver: "a"))
                ])
        }
        #expect(sent == ["msg_0", "msg_1", "msg_2"] && state.next(now: 1) == nil)
        #expect(state.counts == ["delivered": 3])
    }

    /// Ten tries over more than three days, then off, and a person hears of it after half an hour and at the end.
    @Test(arguments: [0.0, 1, -1]) func triesByTheScheduleThenSwitchesOff(chance: Double) {
        var state = Self.state(1)
        var (now, waits, told): (Int, [Int], [OutboxState.Incident]) = (1000, [], [])
        for _ in 0..<30 {
            guard let next = state.take(now: now).first else { break }
            let effects = Self.finish(&state, next.message.id, Self.down, now: now, chance: chance)
            for effect in effects { if case .tell(let kind, _, _) = effect { told.append(kind) } }
            guard let due = state.next(now: now) else { break }
            waits.append(due - now)
            now = due
        }
        #expect(waits == OutboxState.schedule.map { $0 + Int(0.2 * chance * Double($0)) })
        #expect(told == [.failing, .off])
        #expect(state.add(Self.message(9), to: "a", now: now).isEmpty, "nothing is owed to who is off")
        #expect(state.configure([Self.receiver], wakes: false).isEmpty)
        #expect(state.configure([Self.receiver], wakes: true) == [.note(.on(receiver: "a"))])
        #expect(!state.add(Self.message(9), to: "a", now: now).isEmpty)
    }

    @Test func obeysRetryAfter() {
        var state = Self.state(2)
        _ = state.take(now: 0)
        _ = Self.finish(&state, "msg_0", .later(after: 90_000, "429"), now: 0)
        #expect(state.next(now: 0) == 90_000 && state.take(now: 89_999).isEmpty)
        #expect(state.take(now: 90_000).map(\.message.id) == ["msg_0"])
    }

    /// New messages do not knock more often at a door that nobody opens; once it opens everything goes.
    @Test func oneThatIsDownIsNotAskedForEveryMessage() {
        var state = Self.state(50)
        var (now, tries) = (0, 0)
        while now < 600_000 {
            if let next = state.take(now: now).first {
                tries += 1
                _ = Self.finish(&state, next.message.id, Self.down, now: now)
            }
            now += 1000
        }
        #expect((2...6).contains(tries), "\(tries)")
        now += OutboxState.longestPause
        var sent = 0
        while let next = state.take(now: now).first {
            sent += 1
            _ = Self.finish(&state, next.message.id, .delivered, now: now)
        }
        #expect(sent == 50)
    }

    /// A message that is refused holds up nobody, and is given up alone.
    @Test func oneThatIsRefusedIsGivenUpAlone() {
        var state = Self.state(2)
        var (now, told, others): (Int, [OutboxState.Incident], Int) = (0, [], 0)
        for number in 2..<5000 {
            for next in state.take(now: now) {
                let isBad = next.message.id == "msg_0"
                if !isBad { others += 1 }
                let effects = Self.finish(
                    &state, next.message.id, isBad ? .refused(after: nil, "400") : .delivered, now: now)
                for effect in effects { if case .tell(let kind, _, _) = effect { told.append(kind) } }
            }
            now += 120_000
            _ = state.add(Self.message(number), to: "a", now: now)
        }
        #expect(others > 4000 && told == [.lost], "\(others) \(told)")
    }

    @Test func goneIsOffAtOnceAndKeepsNothing() {
        var state = Self.state(3)
        _ = state.take(now: 0)
        let effects = Self.finish(&state, "msg_0", .gone, now: 0)
        #expect(effects.first == .note(.off(receiver: "a", address: "http://h/", isEmptied: true)))
        #expect(effects.count == 2 && state.lines["a"]?.owed.isEmpty == true && state.next(now: 0) == nil)
        // Another address is another receiver.
        var moved = Self.receiver
        moved.location = HTTPLocation(.internet(host: "i", port: 80, isSecure: false), target: "/")
        #expect(state.configure([moved], wakes: false) == [.note(.on(receiver: "a"))])
    }

    /// Told for each receiver, whatever else was dropped before.
    @Test func thatTheOldestGoIsToldOnce() {
        var state = Self.state(1)
        var other = Self.receiver
        other.name = "b"
        _ = state.configure([Self.receiver, other], wakes: false)
        _ = state.take(now: 0)
        _ = Self.finish(&state, "msg_0", .gone, now: 0)
        #expect(state.counts["dropped"] == 1)
        var told = 0
        for number in 0..<OutboxState.mostMessages + 5 {
            for case .tell(kind: .full, receiver: "b", reason: _) in state.add(Self.message(number), to: "b", now: 0) {
                told += 1
            }
        }
        #expect(told == 1)
    }

    @Test func whatIsOwedIsBounded() {
        let state = Self.state(OutboxState.mostMessages + 5)
        #expect(state.lines["a"]?.owed.count == OutboxState.mostMessages && state.counts["dropped"] == 5)
        #expect(state.lines["a"]?.owed.first?.message.id == "msg_5")
        let wide = Self.state(500, bytes: 20_000)
        #expect((wide.lines["a"]?.bytes ?? 0) <= OutboxState.mostBytes && (wide.lines["a"]?.owed.count ?? 0) > 400)
    }

    @Test func aClockSetBackPutsNothingOff() {
        var state = OutboxState()
        _ = state.configure([Self.receiver], wakes: false)
        let now = 1_900_000_000_000
        _ = state.add(Self.message(0), to: "a", now: now)
        _ = state.take(now: now)
        _ = Self.finish(&state, "msg_0", Self.down, now: now)
        #expect(state.take(now: 0).count == 1, "1970: what was due in 2030 is due now")
    }

    /// Whatever happens, what was written down says the same.
    @Test(arguments: [1, 2, 3, 4]) func whatIsWrittenDownSaysTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var state = OutboxState()
        _ = state.configure([Self.receiver], wakes: false)
        var written: [OutboxRecord] = []
        var now = 0
        func note(_ effects: [OutboxState.Effect]) {
            for case .note(let record) in effects { written.append(record) }
        }
        for number in 0..<300 {
            now += Int.random(in: 0...4_000_000, using: &generator)
            note(state.add(Self.message(number), to: "a", now: now))
            for next in state.take(now: now) {
                let outcomes: [DeliveryOutcome] = [
                    .delivered, Self.down, .refused(after: nil, "r"), .later(after: 7000, "l"), .forbidden("f"),
                ]
                let outcome = number % 97 == 96 ? .gone : outcomes[Int.random(in: 0..<5, using: &generator)]
                note(Self.finish(&state, next.message.id, outcome, now: now))
            }
            if number % 50 == 49 { note(state.configure([Self.receiver], wakes: true)) }
        }
        var again = OutboxState()
        for record in written {
            let read = try #require(OutboxRecord(try JSONReader.read(record.json.bytes)))
            #expect(read == record)
            again.replay(read)
        }
        func owed(_ state: OutboxState) -> [String] {
            (state.lines["a"]?.owed ?? []).map { "\($0.message.id) \($0.tries)" }
        }
        #expect(owed(again) == owed(state), "seed \(seed)")
        #expect(again.lines["a"]?.offAddress == state.lines["a"]?.offAddress)
        var short = OutboxState()
        for record in state.records { short.replay(record) }
        #expect(owed(short) == owed(state))
    }

    static let answers: [(Int, String, DeliveryOutcome)] = [
        (200, "", .delivered), (204, "", .delivered), (299, "", .delivered), (410, "", .gone),
        (429, "5", .later(after: 5000, "it answers 429")), (503, "", .later(after: nil, "it answers 503")),
        (502, "0", .later(after: 1000, "it answers 502")),
        (504, "99999999", .later(after: 86_400_000, "it answers 504")),
        (503, "Thu, 01 Jan 1970 00:02:00 GMT", .later(after: 60_000, "it answers 503")),
        (503, "soon", .later(after: nil, "it answers 503")), (503, "-1", .later(after: nil, "it answers 503")),
        (500, "", .refused(after: nil, "it answers 500")), (404, "", .refused(after: nil, "it answers 404")),
        (302, "", .refused(after: nil, "it answers 302, and no redirect is followed")),
    ]

    @Test(arguments: answers.indices) func readsAnswers(_ index: Int) {
        let (status, after, wanted) = Self.answers[index]
        let fields = after.isEmpty ? [] : [Response.Field("retry-after", after)]
        #expect(DeliveryOutcome(.success(.init(status: status, fields: fields)), now: 60_000) == wanted)
    }

    @Test func choosesByPatterns() {
        var receiver = Self.receiver
        #expect(receiver.wants("layer.started"))
        receiver.events = ["job.*", "incident.reported"]
        #expect(receiver.wants("job.failed") && receiver.wants("incident.reported") && !receiver.wants("jobs.x"))
        #expect(!receiver.wants("device.attached"))
        for (text, isGood) in [("job.*", true), ("job.done", false), ("*", false), ("job", false), ("x.*", false)] {
            #expect(WebhookReceiver.isPattern(text) == isGood, "\(text)")
        }
    }
}
