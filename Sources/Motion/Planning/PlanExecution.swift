/// What a caller lends to planning: cores, a way to stop it, and a sink for its progress.
///
/// Motion has no threads and no clock of its own; the same input gives the same output however many cores are lent.
public struct PlanExecution: Sendable {
    /// Runs the body for every index below the count, in any order, and returns when all are done.
    public var concurrently: @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void
    /// Bytes that planning may hold at once, the drawing among them; beyond it `PlanError.memory` is thrown.
    public var bytes = Int.max
    /// Asked often; once it says yes, planning throws `PlanError.cancelled` soon after.
    public var isCancelled: @Sendable () -> Bool
    /// What a plot of strokes takes by the commands of the board it is planned for, s; nil where nobody knows the board, or it
    /// would refuse them. Small drawings are compared by it (decision 0491).
    public var seconds: @Sendable (PlannedStrokes) -> Double? = { _ in nil }
    /// Told the stage (`parse`, `flatten`, `join`, `order`, `plan`, `emit`) and how much of it is done, 0…1.
    public var progress: @Sendable (_ stage: StaticString, _ fraction: Double) -> Void

    public init(
        concurrently: @escaping @Sendable (Int, @Sendable (Int) -> Void) -> Void,
        isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (StaticString, Double) -> Void = { _, _ in }
    ) {
        self.concurrently = concurrently
        self.isCancelled = isCancelled
        self.progress = progress
    }

    /// One core, never cancelled, silent.
    public static let serial = PlanExecution(concurrently: { count, body in for i in 0..<count { body(i) } })
}
