/// A straight piece of a planned path at constant acceleration along it, in microsteps and ticks.
///
/// Lengths along the path are in microsteps of x + y: 1 mm is `stepsPerMillimetre` of them.
struct MotionPiece {
    /// Planned duration, > 0.
    var ticks: Double
    /// Speed along the path at both ends, microsteps/tick.
    var entrySpeed: Double
    var exitSpeed: Double
    /// Motor microsteps for one microstep of path: cosine plus and minus sine of its direction.
    var direction1: Double
    var direction2: Double
    /// Where the piece ends, in motor microsteps.
    var end1: Double
    var end2: Double
    /// Segment of the path that it lies on.
    var segment: Int32
}

extension MotionPiece {
    /// Length along the path.
    var length: Double { (entrySpeed + exitSpeed) / 2 * ticks }

    /// Cuts the piece after `first` ticks; 0 < `first` < `ticks`.
    func cut(after first: Double) -> (MotionPiece, MotionPiece) {
        let speed = entrySpeed + (exitSpeed - entrySpeed) * (first / ticks)
        let rest = (speed + exitSpeed) / 2 * (ticks - first)
        var a = self
        var b = self
        a.ticks = first
        a.exitSpeed = speed
        a.end1 -= direction1 * rest
        a.end2 -= direction2 * rest
        b.ticks = ticks - first
        b.entrySpeed = speed
        return (a, b)
    }
}
