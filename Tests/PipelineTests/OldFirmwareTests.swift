internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable import axidrawd

/// Boards from 2.5.0 on, which have no `LM` as we use it, draw in slices of constant rate.
struct OldFirmwareTests {
    private static let drawing = Array(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="120mm" height="80mm" viewBox="0 0 120 80" fill="none" \
        stroke="black"><circle cx="40" cy="40" r="25"/><path d="M10 10H110V70"/><path d="M70 20l3 2 2 4-6 1"/>\
        <path d="M80 60C90 20 95 70 105 40"/></svg>
        """.utf8)

    private static func prepared(_ firmware: FirmwareVersion) throws -> PreparedPlot {
        var request = PlotRequest()
        request.firmware = firmware
        return try PreparedPlot(drawing: drawing, request: request, execution: .serial)
    }

    @Test(arguments: [FirmwareVersion(2, 5, 0), FirmwareVersion(2, 5, 3), FirmwareVersion(2, 6, 5)])
    func drawsWithConstantRatesOnly(_ firmware: FirmwareVersion) async throws {
        let plot = try Self.prepared(firmware)
        let new = try Self.prepared(.v281)
        for command in plot.stream.commands {
            switch command {
            case .move(let milliseconds, let steps1, let steps2):
                #expect(milliseconds >= 10)
                #expect(max(steps1.magnitude, steps2.magnitude) <= 25 * milliseconds)
            case .acceleratedMove, .timedMove, .home: Issue.record("\(command.text)")
            default: break
            }
        }
        #expect(plot.strokes.diagnostics.contains { $0.code == "old-firmware" && $0.message.contains("2.8.1") })
        #expect(!new.strokes.diagnostics.contains { $0.code == "old-firmware" })

        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let driver = Driver(transport: loopback)
        #expect(try await driver.connect().firmware == firmware)
        let program = Program(
            commands: plot.stream.commands, ticks: plot.stream.ticks, strokes: plot.stream.strokes)
        #expect(await driver.run(RunStart(program)) == .done)
        let (position, incidents) = loopback.withBoard { ($0.position, $0.incidents) }
        #expect(position == (0, 0))
        #expect(!incidents.contains { [.starved, .outOfBounds, .motorsOff].contains($0.kind) }, "\(incidents)")
        let shot = loopback.snapshot(since: 0)
        #expect(abs(shot.penDownMillimetres - new.stream.penDownMillimetres) < new.stream.penDownMillimetres / 50)
        #expect(shot.penLifts == 4)
    }

    /// Rates are whole numbers and phases are kept from move to move: both are in the estimate.
    @Test(
        arguments: [FirmwareVersion(2, 5, 0), FirmwareVersion(2, 6, 5), FirmwareVersion(2, 7, 0)],
        SeededDrawing.allCases)
    func theEstimateIsExact(_ firmware: FirmwareVersion, _ kind: SeededDrawing) throws {
        var request = PlotRequest()
        request.firmware = firmware
        let plot = try PreparedPlot(
            drawing: kind.svg(size: 40, seed: 77), request: request, execution: .serial)
        let executed = plot.replayed(request)
        #expect(executed.ticks == plot.stream.durationTicks)
        #expect(executed.motor1 == 0 && executed.motor2 == 0)
    }

    @Test func tooOldAFirmwareIsRefusedWithTheWayOut() async throws {
        #expect(throws: (any Error).self) { try Self.prepared(FirmwareVersion(2, 4, 9)) }
        let driver = Driver(
            transport: Loopback(BoardConfiguration(firmware: FirmwareVersion(2, 4, 9)), speed: .maximum))
        do {
            _ = try await driver.connect()
            Issue.record("2.4.9 is taken")
        } catch {
            #expect(error == .tooOld(FirmwareVersion(2, 4, 9)))
            #expect(error.description.contains("updater"))
        }
    }

    /// Curves need accelerated moves: asked for by name they are an error of the input, by themselves the other rule is taken.
    @Test(arguments: ["2.5.3", "2.6.2", "2.7.0"]) func curvesAreRefusedOrLeftOut(_ firmware: String) throws {
        let isOld = firmware != "2.7.0"
        let path = packageDirectory.appendingPathComponent("fixtures/plots/logo/input.svg").path
        let asked = try Executable.run(["plan", path, "--firmware", firmware, "--motion", "physical"])
        #expect(asked.code == (isOld ? 65 : 0), "\(asked.errors)")
        let words = "firmware \(firmware) has no accelerated moves, --motion physical needs"
        #expect(asked.errors.contains(words) == isOld)
        let plain = try Executable.run(["plan", path, "--firmware", firmware])
        #expect(plain.code == 0 && plain.errors.components(separatedBy: "--motion junction").count == (isOld ? 2 : 1))
    }

    /// What the firmware lacks is said before anything is read or searched: the drawing need not even be there.
    @Test(arguments: [("2.8.1", ["--jerk", "20000"]), ("2.6.2", ["--motion", "physical"])])
    func whatTheFirmwareLacksIsSaidBeforeTheDrawingIsRead(_ firmware: String, _ flags: [String]) throws {
        for verb in [["plan"], ["plot", "--simulate"]] {
            let asked = try Executable.run(verb + ["/nowhere/drawing.svg", "--firmware", firmware] + flags)
            #expect(asked.code == 65 && asked.errors.contains("firmware \(firmware) has no"), "\(asked.errors)")
        }
        let drawn = try Executable.run(["draw", "--simulate", "/nowhere/strokes", "--firmware", firmware] + flags)
        #expect(drawn.code == 65 && drawn.errors.contains("firmware \(firmware) has no"), "\(drawn.errors)")
    }

    /// The virtual board of such a version refuses what it lacks, so that the tests above mean something.
    @Test func theOldBoardHasNoNewCommands() async throws {
        let driver = Driver(
            transport: Loopback(BoardConfiguration(firmware: FirmwareVersion(2, 5, 0)), speed: .maximum))
        _ = try await driver.connect()
        for text in ["LM,1000000,10,0,1000000,10,0,3", "LT,100,1000000,0,1000000,0", "QG", "QT", "SR,60000", "QE"] {
            await #expect(throws: DriverError.self, "\(text)") { try await driver.ask(.raw(text)) }
        }
    }
}
