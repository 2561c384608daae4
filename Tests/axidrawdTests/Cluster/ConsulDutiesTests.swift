internal import Testing

@testable import Text
@testable import axidrawd

/// What is asked of Consul when, told what came of it: no server, no clock.
struct ConsulDutiesTests {
    private typealias Duty = ConsulDuties.Duty

    private static func service(_ id: String) -> ConsulService {
        ConsulService(
            id: id, name: "axidrawd", checks: [.told(id: id + ":works", name: "takes work", seconds: 30)])
    }

    private static func wish(
        _ ids: [String] = ["a"], status: ConsulHealth.Status = .passing, keys: [(String, String)] = []
    ) -> ConsulWish {
        var wish = ConsulWish(services: ids.map(service))
        for id in ids { wish.health[id + ":works"] = ConsulHealth(status: status, words: "x") }
        wish.keys = keys
        return wish
    }

    /// Does what is due until nothing is; everything goes well.
    private static func settle(_ duties: inout ConsulDuties, _ wish: ConsulWish, now: Int) -> [Duty] {
        var done: [Duty] = []
        while let duty = duties.next(wish, now: now), done.count < 50 {
            done.append(duty)
            _ = duties.done(duty, now: now)
        }
        return done
    }

    @Test func registersThenTellsThenPublishesAndBeatsAtAThird() {
        var duties = ConsulDuties(ttlSeconds: 30)
        let wish = Self.wish(["a", "b"], keys: [("axidraw_address", "http://h"), ("axidraw_plot1_state", "raised")])
        let done = Self.settle(&duties, wish, now: 1000)
        #expect(done.count == 6 && duties.isLinked)
        #expect(done[0] == .register(Self.service("a")) && done[1] == .register(Self.service("b")))
        #expect(done[2] == .tell(check: "a:works", ConsulHealth(status: .passing, words: "x")))
        #expect(done[4] == .write(key: "axidraw_address", value: "http://h", at: 1000))
        #expect(duties.next(wish, now: 10_999) == nil)
        #expect(duties.pause(wish, now: 10_999) == 1)
        #expect(Self.settle(&duties, wish, now: 11_000).count == 2)
    }

    /// A change is told at once, and once; what has been overtaken is never written.
    @Test func theNewestStateIsWrittenWithTheTimeOfItsChange() {
        var duties = ConsulDuties(ttlSeconds: 30)
        _ = Self.settle(&duties, Self.wish(keys: [("s", "raised")]), now: 0)
        #expect(
            Self.settle(&duties, Self.wish(status: .critical, keys: [("s", "absent")]), now: 500) == [
                .tell(check: "a:works", ConsulHealth(status: .critical, words: "x")),
                .write(key: "s", value: "absent", at: 500),
            ])
        // Consul is away while the state changes twice: the last one is written, with its own time.
        let lowered = Self.wish(status: .critical, keys: [("s", "lowered")])
        let duty = duties.next(lowered, now: 600)
        #expect(duty == .write(key: "s", value: "lowered", at: 600))
        _ = duties.failed(.write(key: "s", value: "lowered", at: 600), .silent(.late), now: 700, chance: 0)
        let raised = Self.wish(status: .critical, keys: [("s", "raised")])
        #expect(duties.next(raised, now: 800) == nil)
        let done = Self.settle(&duties, raised, now: 5000)
        #expect(done.last == .write(key: "s", value: "raised", at: 800))
    }

    @Test func anAgentThatHasForgottenIsToldAllAgainAtOnce() {
        var duties = ConsulDuties(ttlSeconds: 30)
        let wish = Self.wish(keys: [("k", "v")])
        _ = Self.settle(&duties, wish, now: 0)
        let tell = Duty.tell(check: "a:works", ConsulHealth(status: .passing, words: "x"))
        #expect(duties.next(wish, now: 10_000) == tell)
        let news = duties.failed(
            tell, .refused(status: 500, "does not have associated TTL"), now: 10_000, chance: 0)
        // That happens and is no trouble.
        #expect(news == [])
        #expect(
            Self.settle(&duties, wish, now: 10_000) == [
                .register(Self.service("a")), tell, .write(key: "k", value: "v", at: 0),
            ])
    }

    /// It takes the registration and does not know its check: no storm of requests.
    @Test func anAgentThatForgetsAtOnceIsTroubleAndIsGivenTime() {
        var duties = ConsulDuties(ttlSeconds: 30)
        let wish = Self.wish()
        var (now, requests, told) = (0, 0, 0)
        while now < 600_000 {
            guard let duty = duties.next(wish, now: now) else {
                now += max(1, duties.pause(wish, now: now))
                continue
            }
            requests += 1
            if case .tell = duty {
                let news = duties.failed(duty, .refused(status: 500, "no"), now: now, chance: 0)
                told += news.count
            } else {
                _ = duties.done(duty, now: now)
            }
        }
        // At most one round of two every ten seconds, a third of 30 s, once the pauses have grown.
        #expect(requests < 140 && told == 1 && !duties.isLinked)
    }

    @Test func pausesDoubleToABoundAndPeopleHearOnce() {
        var duties = ConsulDuties(ttlSeconds: 300)
        let wish = Self.wish()
        var pauses: [Int] = []
        var news: [ConsulDuties.News] = []
        var now = 0
        for _ in 0..<9 {
            guard let duty = duties.next(wish, now: now) else { break }
            news += duties.failed(duty, .silent(.unreachable("x")), now: now, chance: 0)
            let pause = duties.pause(wish, now: now)
            // Never before its time, whatever changes meanwhile.
            #expect(duties.next(Self.wish(status: .critical), now: now + 1) == nil)
            pauses.append(pause >= 60_000 ? 60_000 : pause)
            now += 60_000
        }
        #expect(news == [.trouble(.silent(.unreachable("x")))])
        #expect(duties.troubleSince == 0)
        let end = Self.settle(&duties, wish, now: now)
        #expect(end.count == 2 && duties.isLinked && duties.trouble == nil)
        // Another kind of trouble is told, the same kind again only once all was well.
        let tell = Duty.tell(check: "a:works", ConsulHealth(status: .passing, words: "x"))
        #expect(duties.failed(tell, .silent(.late), now: now, chance: 1).count == 1)
        #expect(duties.failed(tell, .silent(.late), now: now, chance: 1) == [])
        #expect(duties.failed(tell, .nonsense("x"), now: now, chance: -1).count == 1)
    }

    @Test func firstPausesAreOneTwoFourSeconds() {
        var duties = ConsulDuties(ttlSeconds: 3600)
        let wish = Self.wish()
        var now = 0
        for expected in [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] {
            let duty = duties.next(wish, now: now)
            #expect(duty != nil, "after \(now)")
            guard let duty else { return }
            _ = duties.failed(duty, .silent(.late), now: now, chance: 0)
            #expect(duties.next(wish, now: now + expected - 1) == nil)
            now += expected
        }
    }

    @Test func aPlotterThatIsNoMoreIsTakenOut() {
        var duties = ConsulDuties(ttlSeconds: 30)
        _ = Self.settle(&duties, Self.wish(["a", "b"]), now: 0)
        #expect(Self.settle(&duties, Self.wish(["a"]), now: 1) == [.deregister(id: "b")])
    }
}
