internal import Foundation
internal import Synchronization
internal import Testing

@testable internal import axidrawd

struct SignalsTests {
    /// From the moment in which watching begins none is lost, however late dispatch gets a thread.
    @Test func aSignalThatComesAtOnceIsHeard() async throws {
        let heard = Mutex<Set<Int32>>([])
        let signals = Signals([SIGUSR1, SIGUSR2]) { number in heard.withLock { _ = $0.insert(number) } }
        kill(getpid(), SIGUSR1)
        kill(getpid(), SIGUSR2)
        let end = Date().addingTimeInterval(180)
        while heard.withLock({ $0.count < 2 }), Date() < end { try await Task.sleep(for: .milliseconds(1)) }
        #expect(heard.withLock { $0 } == [SIGUSR1, SIGUSR2])
        withExtendedLifetime(signals) {}
    }
}
