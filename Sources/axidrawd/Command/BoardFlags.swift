internal import EBB
internal import Motion
internal import Simulator

/// Flags that say what a virtual board is made of.
enum BoardFlags {
    static let group = FlagGroup(
        "Board",
        [
            Flag("firmware", .firmware, "firmware whose answers and arithmetic it has", standard: "3.0.3"),
            Flag(
                "profile", .suggested("NAME|FILE", MachineProfile.builtIn.map(\.name)),
                "machine: travel, steps per mm, play, paper", standard: "axidraw-v3"),
            Flag("backlash", .pair(0...2), "play in the belts along x and y, mm", standard: "the profile's"),
            Flag(
                "paper-height", .integer(1...65_535), "servo pulse at which the pen meets the paper",
                standard: "the profile's; else 16500, 8000 on RB2"),
        ])

    static let oldestFirmware = FirmwareVersion(2, 5, 0)

    /// The board that the flags describe, and its machine.
    static func configuration(
        _ invocation: Invocation
    ) throws -> (board: BoardConfiguration, profile: MachineProfile) {
        let firmware = invocation.firmware("firmware") ?? .v303
        guard (oldestFirmware ... .v303).contains(firmware) else {
            throw UsageError.badValue(
                name: "--firmware", value: "\(firmware)", expected: "a version from \(oldestFirmware) to 3.0.3")
        }
        let profile = try invocation.text("profile").map { try ProfileFile.profile(named: $0) } ?? .standard
        var board = profile.board(firmware: firmware)
        if let play = invocation.point("backlash") { (board.backlashX, board.backlashY) = (play.x, play.y) }
        if let height = invocation.integer("paper-height") { board.paperHeight = height }
        return (board, profile)
    }
}

extension MachineProfile {
    /// The virtual board that this machine would be. A paper where the maker has it is left to the board.
    func board(firmware: FirmwareVersion) -> BoardConfiguration {
        var board = BoardConfiguration(firmware: firmware)
        board.travelX = travel.width
        board.travelY = travel.height
        board.stepsPerMillimetre = finestStepsPerMillimetre
        (board.backlashX, board.backlashY) = (backlash.width, backlash.height)
        if paperHeight != Self.standardPaperHeight {
            let range = Double(servo.highestPulse) - Double(servo.lowestPulse)
            board.paperHeight = Int((Double(servo.lowestPulse) + paperHeight / 100 * range).rounded())
        }
        return board
    }

    /// Steps of 1/16 per mm, in which boards and traces count, whatever the profile's resolution.
    var finestStepsPerMillimetre: Double {
        var steps = stepsPerMillimetre
        for _ in 1..<max(1, min(microstepMode, 5)) { steps *= 2 }
        return steps
    }
}
