internal import EBB
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import axidrawd

/// Whole runs on a virtual board in simulated time.
struct PlotRunTests {
    static let firmwares = [FirmwareVersion.v281, .v303]

    private static func connected(_ firmware: FirmwareVersion) async throws -> (Loopback, Driver) {
        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        return (loopback, driver)
    }

    @Test(arguments: firmwares) func connects(_ firmware: FirmwareVersion) async throws {
        let loopback = Loopback(BoardConfiguration(firmware: firmware, name: "East EBB"), speed: .maximum)
        let driver = Driver(transport: loopback)
        let identity = try await driver.connect()
        #expect(identity.firmware == firmware)
        #expect(identity.name == "East EBB")
        #expect(identity.queueDepth == (firmware.major >= 3 ? 32 : 1))
        #expect(identity.motorVolts > 8.5 && identity.motorVolts < 10)
        #expect(!identity.keptSession)
    }

    @Test(arguments: firmwares) func drawsToTheEndWithoutStarving(_ firmware: FirmwareVersion) async throws {
        let (loopback, driver) = try await Self.connected(firmware)
        let program = SampleProgram.strokes(40, seed: 1)
        let last = Mutex(PlotProgress())
        let end = await driver.run(RunStart(program)) { event in
            if case .progressed(let progress) = event { last.withLock { $0 = progress } }
        }
        #expect(end == .done)
        let progress = last.withLock { $0 }
        #expect(progress.strokes == 40 && progress.strokeCount == 40)
        #expect(progress.commands == progress.commandCount)
        #expect(progress.ticks == progress.tickCount)
        let (incidents, position, isPenUp) = loopback.withBoard { board in
            (board.incidents, MotorPosition(board.position.motor1, board.position.motor2), board.isPenUp)
        }
        #expect(incidents == [])
        #expect(position == .zero)
        #expect(isPenUp)
        #expect(loopback.snapshot(since: 0).penLifts == 40)
    }
}
