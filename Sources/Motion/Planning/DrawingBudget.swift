/// What reading and flattening one drawing may cost, handed in by who knows the machine.
///
/// A drawing that needs more is refused with `SVG.ParseError` (`.memory`, `.work`), with its place and what to do; none
/// is drawn in part.
public struct DrawingBudget: Equatable, Sendable {
    /// Bytes held at once: the file, all that is made of it, and the polylines that come out.
    public var bytes: Int
    /// Steps of style matching, copying, cutting and clipping. A step is one comparison or one crossing looked at: about
    /// ten nanoseconds on an idle core.
    public var steps: Int

    /// - Precondition: both are positive.
    public init(bytes: Int, steps: Int) {
        precondition(bytes > 0 && steps > 0, "a budget must be positive")
        self.bytes = bytes
        self.steps = steps
    }

    /// Of a program that has a whole machine for itself: 4 GiB, and some twenty seconds of work.
    public static let standard = DrawingBudget(bytes: 4 << 30, steps: 2_000_000_000)
}
