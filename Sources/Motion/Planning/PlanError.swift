/// Why a drawing cannot become a plot.
public enum PlanError: Error, Equatable, Sendable {
    /// The drawing has no visible path, or the chosen layers have none.
    case nothingToDraw
    /// The same, with what is in the drawing and is not drawn, for people.
    case nothingVisible(because: String)
    /// Everything lies outside page and machine.
    case nothingInsideMachine
    /// Under `--strict`: what would have been cut, dropped or skipped.
    case strict(Diagnostic)
    /// A figure outside its range: its name as in the profile or the flag, its value, what is allowed.
    case limit(name: String, value: Double, range: ClosedRange<Double>)
    /// The firmware lacks a command that plotting needs.
    case firmware(found: String, needed: String)
    /// The firmware has no moves of limited jerk, which were asked for.
    case noJerk(firmware: String)
    /// The firmware has no accelerated moves, which motion by the acceleration vector consists of; it was asked for by name.
    case noCurves(firmware: String)
    /// The plot passes what 32-bit step counts can hold, or another bound of the board.
    case tooLarge(String)
    /// It would hold more bytes at once than it may.
    case memory(needed: Int, allowed: Int)
    case cancelled
}
