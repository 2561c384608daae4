internal import EBB
internal import Foundation
internal import Simulator
internal import TestSupport
internal import Testing

/// The published command streams with the state after every queued command and every step of the first forty.
struct VectorTests {
    static let folder = packageDirectory.appendingPathComponent("fixtures/ebb")
    static let names = [
        "home-2.8.1", "home-3.0.3", "jerk-3.0.3", "lm-planned-2.8.1", "lm-planned-3.0.3", "mixed-2.8.1", "mixed-3.0.3",
        "slow-moves-2.8.1", "slow-moves-3.0.3", "with-errors-2.8.1", "with-errors-3.0.3",
    ]

    @Test(arguments: names) func rows(_ name: String) throws {
        let stream = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("\(name).ebb")))
        let expected = try String(
            contentsOf: Self.folder.appendingPathComponent("\(name).rows.csv"), encoding: .utf8)
        let firmware = try #require(FirmwareVersion(String(name.suffix(5))))
        var text = "index,command,ticks,motor1,motor2,penUp\n"
        _ = Replay(BoardConfiguration(firmware: firmware)).run(
            stream,
            row: { row in
                let command = String(decoding: stream[row.text], as: UTF8.self)
                text += "\(row.index),\"\(command)\",\(row.ticks),\(row.motor1),\(row.motor2),\(row.penUp ? 1 : 0)\n"
            })
        #expect(text == expected, "line \(firstDifference(text, expected))")
    }

    @Test(arguments: ["mixed-2.8.1", "mixed-3.0.3", "lm-planned-2.8.1", "lm-planned-3.0.3", "jerk-3.0.3"])
    func steps(_ name: String) throws {
        let stream = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("\(name).first40.ebb")))
        let expected = try String(
            contentsOf: Self.folder.appendingPathComponent("\(name).first40.steps.csv"), encoding: .utf8)
        let firmware = try #require(FirmwareVersion(String(name.suffix(5))))
        var text = "tick,axis,direction\n"
        _ = Replay(BoardConfiguration(firmware: firmware)).run(
            stream, step: { text += "\($0.tick),\($0.axis),\($0.direction)\n" })
        #expect(text == expected, "line \(firstDifference(text, expected))")
    }
}
