/// How the tolerance of a plot is shared out between the stages; together they use no more than all of it.
///
/// Most goes to the moves: there it buys longer commands and fewer of them, while chords and dropped points only make
/// the line between coarser.
public enum ToleranceShare {
    /// From a curve to its chords.
    public static let chords = 0.25
    /// Points dropped from the chords of curves. A line that needed no chords has their share for this, too.
    static let points = 0.05
    /// Runs of pieces that one move stands for.
    private static let moves = 0.7
    /// What whole steps of two motors together may be off beyond the one step that comes on top of the tolerance, mm.
    private static let steps = 0.0025

    /// How far moves may lie beside the line, mm.
    ///
    /// Whole steps have their part of it, up to where so little would be left that moves could not be merged.
    public static func moves(of tolerance: Double) -> Double {
        max(tolerance / 4, tolerance * moves - steps)
    }
}
