/// How the tolerance of a plot is shared out between the stages; together they use no more than all of it.
///
/// Most goes to the moves: there it buys longer commands and fewer of them, while chords and dropped points only make
/// the line between coarser.
public enum ToleranceShare {
    /// From a curve to its chords.
    public static let chords = 0.25
    /// Points dropped from the chords of curves.
    public static let points = 0.05
    /// Points dropped from a line that needed no chords, and has their share for this, too; one that would keep most of
    /// its points even so (noise of a scan) drops them by the share of a curve, and moves have the rest.
    public static let linePoints = chords + points
    /// What whole steps of two motors together may be off beyond the one step that comes on top of the tolerance, mm.
    private static let steps = 0.0025

    /// How far moves may lie beside the line, mm, where chords and dropped points had `used` of the tolerance.
    ///
    /// Whole steps have their part of it, up to where so little would be left that moves could not be merged.
    public static func moves(of tolerance: Double, used: Double = linePoints) -> Double {
        max(tolerance / 4, tolerance * (1 - used) - steps)
    }
}
