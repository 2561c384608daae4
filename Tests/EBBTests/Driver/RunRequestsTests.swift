import Synchronization
import TestSupport
import Testing

@testable import EBB

struct RunRequestsTests {
    private static let program = SampleProgram.strokes(2, seed: 1)

    @Test("what ends a job stays said, and a stop is more than a cancel")
    func endings() {
        let requests = RunRequests()
        #expect(requests.ending == nil)
        requests.cancel()
        #expect(requests.ending == .cancel)
        requests.stop()
        requests.cancel()
        requests.resume()
        #expect(requests.ending == .stop)
    }

    @Test("a pause waits until it comes into effect or is taken back")
    func pauses() {
        let requests = RunRequests()
        requests.pause(.now)
        requests.resume()
        #expect(requests.standForPause() == nil)
        requests.pause(.atPenUp)
        #expect(requests.pause?.kind == .atPenUp && requests.isPausePending)
        #expect(requests.standForPause()?.isByButton == false)
        #expect(!requests.isPausePending && requests.takeResumption() == nil)
        // A second pause of a standing run is none; the resumption is taken once.
        requests.pause(.now)
        requests.resume(.stroke(3))
        #expect(requests.takeResumption() == .stroke(3))
        #expect(requests.takeResumption() == nil && requests.pause == nil)
        // Where nothing stands there is nothing to go on with.
        requests.resume()
        requests.stand()
        #expect(requests.takeResumption() == nil)
    }

    @Test("a press from before the run is forgotten, a pause that somebody asked for is not")
    func button() {
        let requests = RunRequests()
        requests.pauseByButton()
        requests.forgetButton()
        #expect(requests.pause == nil)
        requests.pause(.now)
        requests.forgetButton()
        #expect(requests.pause?.kind == .now)
    }

    @Test("the newest plan counts, the others are named; every request wakes the listener")
    func changes() {
        let requests = RunRequests()
        let wakes = Mutex(0)
        requests.listen { @Sendable in wakes.withLock { $0 += 1 } }
        for mark in 1...3 { requests.change(to: Self.program, mark: mark) }
        requests.pause(.now)
        requests.cancel()
        requests.listen(nil)
        requests.stop()
        #expect(wakes.withLock { $0 } == 5)
        let taken = requests.takeChange()
        #expect(taken?.change.mark == 3 && taken?.superseded == [1, 2])
        #expect(requests.takeChange() == nil)
    }
}
