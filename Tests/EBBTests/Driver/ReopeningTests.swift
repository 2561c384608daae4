import Synchronization
import Testing

@testable import EBB

struct ReopeningTests {
    /// A link that takes everything and never answers.
    private final class Mute: Transport {
        let written = Mutex(0)
        var now: Int64 { 0 }
        func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {}
        func write(_ bytes: [UInt8]) { written.withLock { $0 += 1 } }
        func wake(at tick: Int64?) {}
        func close() {}
    }

    @Test("what was asked over a link that is opened anew ends with an error instead of waiting for ever")
    func asked() async throws {
        let link = Mute()
        let driver = Driver(transport: link)
        try await driver.openAgain()
        let first = Task { () -> String in
            do throws(DriverError) { return try await driver.ask(.raw("QG")) } catch { return "\(error)" }
        }
        while link.written.withLock({ $0 }) == 0 { await Task.yield() }
        try await driver.openAgain()
        #expect(await first.value.contains("opened anew"))
        // The next question is sent: nothing old is in its way.
        let second = Task { () -> String in
            do throws(DriverError) { return try await driver.ask(.raw("QG")) } catch { return "\(error)" }
        }
        while link.written.withLock({ $0 }) == 1 { await Task.yield() }
        await driver.close()
        _ = await second.value
    }
}

extension Driver {
    fileprivate func openAgain() throws {
        listen()
        try link.open()
    }
}
