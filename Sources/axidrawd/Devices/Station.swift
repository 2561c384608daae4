internal import EBB
internal import Motion
internal import Simulator

/// A plotter with what belongs to it: the board it drives, its measures.
struct Station: Sendable {
    let plotter: Plotter
    let profile: MachineProfile
    /// The virtual board, where the plotter is one.
    let board: Loopback?
    /// Firmware to plan for.
    let firmware: FirmwareVersion

    /// What passes over its link.
    let link: LinkFigures

    /// Simulated seconds per second, where time is kept.
    var simulatedSpeed: Double?

    var name: String { plotter.name }
}
