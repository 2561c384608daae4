internal import Testing

@testable import Simulator

struct FaultScriptTests {
    @Test func readsEveryTriggerAndFault() throws {
        let script = try FaultScript(
            """
            # a comment
            seed 42

            now delay 20ms
            at 2.5s unplug 300ms reset
            command 17 lose 3 to-board   # and why
            command 10-20 split
            reply 4 unplug 1s
            every 100 garbage 5
            random 0.25 double 2
            now join 1200t
            now silence 1s
            now deafness 2s
            now flip 1 to-host
            now unplug
            now unplug forever keep
            now power off
            now power on
            now power 120
            now button
            now button 3
            now say OK\\r\\n
            now say !8\\sErr: a b
            """)
        #expect(script.seed == 42)
        #expect(
            script.rules == [
                FaultRule(.now, .delay(ticks: 500)),
                FaultRule(.at(tick: 62_500), .unplug(ticks: 7500, resets: true)),
                FaultRule(.commands(17...17), .lose(bytes: 3, .toBoard)),
                FaultRule(.commands(10...20), .split(bytes: 1)),
                FaultRule(.replies(4...4), .unplug(ticks: 25_000, resets: false)),
                FaultRule(.every(100), .garbage(bytes: 5)),
                FaultRule(.random(0.25), .double(bytes: 2, .toHost)),
                FaultRule(.now, .join(ticks: 1200)),
                FaultRule(.now, .silence(ticks: 25_000)),
                FaultRule(.now, .deafness(ticks: 50_000)),
                FaultRule(.now, .flip(bytes: 1, .toHost)),
                FaultRule(.now, .unplug(ticks: nil, resets: false)),
                FaultRule(.now, .unplug(ticks: nil, resets: false)),
                FaultRule(.now, .supply(counts: 0)),
                FaultRule(.now, .supply(counts: 300)),
                FaultRule(.now, .supply(counts: 120)),
                FaultRule(.now, .press(times: 1)),
                FaultRule(.now, .press(times: 3)),
                FaultRule(.now, .say(Array("OK\r\n".utf8))),
                FaultRule(.now, .say(Array("!8 Err: a b".utf8))),
            ])
    }

    @Test(arguments: [
        "often delay 1s", "now", "now explode", "at", "at 3", "at -1s", "at 1e300s", "at nans", "command x delay 1s",
        "command 5-3 button", "command", "every 0 button", "every -1 button", "random 2 button", "random button",
        "now delay 5", "now lose", "now lose 3 sideways", "now lose 99999999999999999999", "now power",
        "now power 5000",
        "now say", "now button 1 2", "seed", "seed -1", "seed 1 2", "now unplug 1s maybe",
    ])
    func refusesWithTheLine(text: String) {
        #expect(throws: FaultScript.ParseError.self) { try FaultScript("# first\n" + text) }
        do {
            _ = try FaultScript("# first\n" + text)
        } catch {
            #expect(error.line == 2)
            #expect(!error.reason.isEmpty)
        }
    }
}

struct FaultInjectorTests {
    private func injector(_ text: String, seed: UInt64 = 1) throws -> FaultInjector {
        FaultInjector(try FaultScript(text), seed: seed)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func text(_ reads: [[UInt8]]) -> [String] { reads.map { String(decoding: $0, as: UTF8.self) } }

    @Test func passesEverythingOnWithoutRules() throws {
        var injector = FaultInjector()
        #expect(injector.fromHost(bytes("V\rQM\r\n"), at: 5) == bytes("V\rQM\r\n"))
        injector.fromBoard(bytes("OK\r\n"), at: 5)
        #expect(text(injector.takeReads(at: 5)) == ["OK\r\n"])
        #expect(injector.takeReads(at: 5).isEmpty)
        #expect(injector.nextTick == nil)
        #expect(injector.isIdle)
        #expect(injector.commandCount == 2)
    }

    @Test func delayHoldsTheNextReplyAndWhatFollowsIt() throws {
        var injector = try injector("command 1 delay 4ms")
        _ = injector.fromHost(bytes("A\r"), at: 0)
        injector.fromBoard(bytes("1"), at: 1)
        _ = injector.fromHost(bytes("B\r"), at: 2)
        injector.fromBoard(bytes("2"), at: 3)
        injector.fromBoard(bytes("3"), at: 10)
        #expect(text(injector.takeReads(at: 50)) == ["1"])
        #expect(injector.nextTick == 103)
        #expect(injector.takeReads(at: 102).isEmpty)
        #expect(text(injector.takeReads(at: 103)) == ["2", "3"])
    }

    @Test func splitMakesReadsAMillisecondApart() throws {
        var injector = try injector("now split 2")
        injector.fromBoard(bytes("OK\r\n!"), at: 100)
        #expect(text(injector.takeReads(at: 100)) == ["OK"])
        #expect(text(injector.takeReads(at: 125)) == ["\r\n"])
        injector.fromBoard(bytes("next"), at: 130)
        #expect(text(injector.takeReads(at: 150)) == ["!", "next"])
    }

    @Test func joinMakesOneRead() throws {
        var injector = try injector("now join 10ms")
        injector.fromBoard(bytes("OK\r\n"), at: 10)
        injector.fromBoard(bytes("OK\r\n"), at: 90)
        #expect(injector.takeReads(at: 259).isEmpty)
        #expect(text(injector.takeReads(at: 260)) == ["OK\r\nOK\r\n"])
        injector.fromBoard(bytes("V"), at: 300)
        #expect(text(injector.takeReads(at: 300)) == ["V"])
    }

    @Test func silenceAndDeafnessLoseWhatFallsIntoThem() throws {
        var injector = try injector("at 100t silence 100t\nat 300t deafness 100t")
        injector.fromBoard(bytes("1"), at: 99)
        injector.fromBoard(bytes("2"), at: 100)
        injector.fromBoard(bytes("3"), at: 199)
        injector.fromBoard(bytes("4"), at: 200)
        #expect(text(injector.takeReads(at: 200)) == ["1", "4"])
        #expect(injector.fromHost(bytes("V\r"), at: 299) == bytes("V\r"))
        #expect(injector.fromHost(bytes("V\r"), at: 399).isEmpty)
        #expect(injector.fromHost(bytes("V\r"), at: 400) == bytes("V\r"))
    }

    @Test func bytesAreLostDoubledAndTurnedInTheDirectionAsked() throws {
        var injector = try injector("command 1 lose 2 to-board\ncommand 2 double 2 to-board\nreply 2 lose 1")
        #expect(injector.fromHost(bytes("AB\rCDE\rFG\r"), at: 0) == bytes("AB\rE\rFFGG\r"))
        injector.fromBoard(bytes("xyz"), at: 0)
        #expect(text(injector.takeReads(at: 0)) == ["yz"])
        injector = try self.injector("now flip 1 to-board")
        let flipped = injector.fromHost(bytes("AAA"), at: 0)
        #expect((flipped[0] ^ 65).nonzeroBitCount == 1)
        #expect(flipped[1...] == [65, 65])
    }

    @Test func repliesFireAfterTheBoardHasTheCommand() throws {
        var injector = try injector("reply 1 unplug 10t")
        _ = injector.fromHost(bytes("A\r"), at: 0)
        injector.fromBoard(bytes("a"), at: 0)
        #expect(injector.takeActions(at: 0).isEmpty)
        #expect(injector.fromHost(bytes("B\r"), at: 5) == bytes("B\r"))
        injector.fromBoard(bytes("b"), at: 6)
        #expect(injector.takeActions(at: 6) == [.unplug])
        #expect(text(injector.takeReads(at: 6)) == [], "what was under way is lost with the cable")
        #expect(injector.fromHost(bytes("C\r"), at: 10).isEmpty)
        #expect(injector.nextTick == 16)
        #expect(injector.takeActions(at: 16) == [.replug(resets: false)])
        #expect(injector.fromHost(bytes("D\r"), at: 16) == bytes("D\r"))
    }

    @Test func randomIsTheSameForASeedAndOthersForAnother() throws {
        func faults(_ seed: UInt64) throws -> (Int, [UInt8]) {
            var injector = try injector("random 0.1 garbage 2", seed: seed)
            for i in 0..<1000 { _ = injector.fromHost(bytes("QM\r"), at: Int64(i)) }
            return (injector.faultCount, injector.takeReads(at: 1000).flatMap { $0 })
        }
        let (count, garbage) = try faults(3)
        #expect((60...140).contains(count))
        #expect(garbage.count == 2 * count)
        #expect(try faults(3).1 == garbage)
        #expect(try faults(4).1 != garbage)
    }

    @Test func everyCountsCommandsHoweverTheyAreCut() throws {
        var whole = try injector("every 3 button")
        var cut = whole
        let stream = bytes("A\r\nB\r\n\r\nCC\rD\nE\rF\r")
        _ = whole.fromHost(stream, at: 0)
        for byte in stream { _ = cut.fromHost([byte], at: 0) }
        #expect(whole.takeActions(at: 0) == [.pressButton, .pressButton])
        #expect(cut.takeActions(at: 0) == [.pressButton, .pressButton])
    }

    @Test func rulesCanBeAddedSwitchedOffAndRemovedWhileRunning() throws {
        var injector = try injector("every 1 button")
        injector.isEnabled = false
        _ = injector.fromHost(bytes("A\r"), at: 0)
        #expect(injector.takeActions(at: 0).isEmpty)
        injector.isEnabled = true
        _ = injector.fromHost(bytes("A\r"), at: 0)
        #expect(injector.takeActions(at: 0) == [.pressButton])
        injector.add(try FaultScript("now power off"))
        #expect(injector.takeActions(at: 1) == [.supply(counts: 0)])
        injector.removeRules()
        _ = injector.fromHost(bytes("A\r"), at: 2)
        #expect(injector.takeActions(at: 2).isEmpty)
        #expect(injector.isIdle)
    }
}
