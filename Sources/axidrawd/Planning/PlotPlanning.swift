internal import EBB
internal import HTTP
internal import Motion

/// A drawing made into commands, with what people want to know of it.
struct PlannedPlot: Sendable {
    var program: Program
    var summary: JobSummary
    var diagnostics: [Diagnostic]
    var strokes: PlannedStrokes
}

/// How much of what drawings may cost one of them may use.
enum DrawingShare: Sendable {
    /// An eighth of the memory and a sixty-fourth of the work: two of them may be read beside a big one.
    case small
    /// All; one at a time.
    case whole
    /// What bytes that are held by plans of other jobs leave of it.
    case rest(beside: Int)
}

/// The machine that a plan is for.
struct TargetMachine: Sendable {
    var profile: MachineProfile
    /// By whose speeds the order of strokes is priced: what may be changed while a plot is drawn must not change that.
    var ordering: MachineProfile
    var firmware: FirmwareVersion
}

/// The way from a file to a program, in the two steps that a submission has.
struct PlotPlanning: Sendable {
    /// Reads a drawing; what cannot be read is refused before anything is promised (422 with line and column).
    ///
    /// The last argument is asked every few milliseconds whether anybody still wants it.
    var read:
        @Sendable (_ bytes: [UInt8], PlotOptions, DrawingShare, @escaping @Sendable () -> Bool) throws(PlanningError) ->
            FlatDrawing
    /// Orders it and plans its motion from a stroke on (0 = all), with a share of what drawings may cost; may take seconds.
    ///
    /// The drawing is handed over: where no copy is kept, its memory is free for the plan.
    var plan:
        @Sendable (
            consuming FlatDrawing, PlotOptions, TargetMachine, _ firstStroke: Int, DrawingShare, PlanExecution
        ) throws(PlanningError) -> PlannedPlot
}
