/// A part of the whole that a daemon can be by itself; several at once, or all of them.
enum DaemonRole: String, CaseIterable, Sendable {
    /// Takes presses of buttons and hands them to the plotters.
    case webhooks
    /// Makes the drawings of products.
    case design
    /// Shows on screens what is drawn.
    case preview
    /// Drives the machines.
    case plotter
}
