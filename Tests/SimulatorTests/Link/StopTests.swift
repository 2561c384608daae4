internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import EBB
@testable import Simulator

/// A stop while the board is moved by hand, asked, or being connected to.
struct StopTests {
    static let firmwares = [FirmwareVersion.v281, .v303]

    private static func connected(_ firmware: FirmwareVersion) async throws -> (Loopback, Driver) {
        var configuration = BoardConfiguration(firmware: firmware)
        configuration.keepsRecords = true
        let loopback = Loopback(configuration, speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        _ = loopback.withBoard { $0.takeRecords() }
        return (loopback, driver)
    }

    @Test(
        "a long move by hand ends where the stop finds it, and what waits behind it is not sent", arguments: firmwares)
    func byHand(_ firmware: FirmwareVersion) async throws {
        for share in [0.1, 0.5, 0.9] {
            let (loopback, driver) = try await Self.connected(firmware)
            _ = try await driver.ask(.enableMotors(1, 1))
            let stopAt = Mutex(Int64(0))
            let words = await driver.walkTwice {
                let at = loopback.now + Int64(share * 125_000)
                stopAt.withLock { $0 = at }
                loopback.perform(at: at) { driver.stop() }
            }
            #expect(words == ["stopped"], "\(share)")
            let records = loopback.withBoard { $0.takeRecords() }
            let stop = try #require(records.firstIndex { $0.command.starts(with: "ES".utf8) })
            #expect(records[stop].tick - stopAt.withLock { $0 } <= 1)
            #expect(!records[stop...].contains { $0.command.starts(with: "SM".utf8) })
            let place = loopback.withBoard { Double($0.position.motor1) }
            #expect(abs(place - share * 10_000) < 20, "\(share): \(place)")
        }
    }

    @Test("a stop while the board is being connected to is sent, at the latest when its syntax is known")
    func whileConnecting() async throws {
        for tick in stride(from: Int64(1), to: 5_000, by: 500) {
            let (loopback, driver) = try await Self.connected(.v303)
            _ = try await driver.ask(.enableMotors(1, 1))
            _ = try await driver.ask(.move(milliseconds: 60_000, 100_000, 0))
            await driver.close()
            let now = loopback.now
            loopback.perform(at: now + tick) { driver.stop() }
            _ = try await driver.connect()
            #expect(try await driver.standstill(after: 0), "\(tick)")
            #expect(loopback.withBoard { $0.position.motor1 } < 2_000, "\(tick)")
        }
    }

    @Test(
        "a link that is out is no reason to forget a stop: the board hears of it when it is back", arguments: firmwares)
    func whileOut(_ firmware: FirmwareVersion) async throws {
        let (loopback, driver) = try await Self.connected(firmware)
        _ = try await driver.ask(.enableMotors(1, 1))
        _ = try await driver.ask(.move(milliseconds: 60_000, 100_000, 0))
        loopback.pullCable()
        while (try? await driver.ask(.counters)) != nil {}
        driver.stop()
        loopback.plugCable()
        _ = try await driver.connect()
        #expect(try await driver.standstill(after: 0))
        #expect(loopback.withBoard { $0.position.motor1 } < 5_000)
    }
}

extension Driver {
    /// Two long moves by hand, one after the other, without leaving the driver's queue: time passes for nothing else.
    fileprivate func walkTwice(_ arrange: @Sendable () -> Void) async -> [String] {
        do throws(DriverError) {
            try await onQueue { () throws(DriverError) in
                arrange()
                for _ in 0..<2 {
                    try await link.send(.move(milliseconds: 5_000, 10_000, 10_000))
                    try await link.settle()
                }
            }
            return ["stood"]
        } catch {
            return ["\(error)"]
        }
    }
}
