/// The stages from the bytes of a drawing to what the pen draws, in order.
///
/// Steps and commands follow in `EBB/Emit`, which knows the board.
public enum Pipeline {
    /// Why a drawing could not be made ready.
    public enum Failure: Error, Sendable {
        case unreadable(SVG.ParseError)
        case unplannable(PlanError)
    }

    /// Bytes → styled outlines → polylines: page coordinates, document order, nothing lost but what diagnostics tell.
    ///
    /// - Parameters:
    ///   - options: of them only what belongs to the drawing: dpi, outline, dashes, page number, layers.
    ///   - tolerance: largest distance from curve to polyline, mm.
    ///   - keepsOrigins: whether each point is to know the curve it came from; 8 bytes a point.
    ///   - budget: what reading may cost in memory and work; beyond it the drawing is refused with its place.
    ///   - execution: asked every few milliseconds whether it is cancelled, while reading too.
    public static func flatDrawing(
        of bytes: [UInt8], options: PlotOptions, tolerance: Double, keepsOrigins: Bool = false,
        budget: DrawingBudget = .standard, execution: PlanExecution = .serial
    ) throws(Failure) -> FlatDrawing {
        do { try PlanError.require("tolerance", tolerance, PlanRange.flatness) } catch { throw .unplannable(error) }
        execution.progress("parse", 0)
        do throws(SVG.ParseError) {
            let drawing = try SVG.read(bytes, options: options, budget: budget, isCancelled: execution.isCancelled)
            execution.progress("flatten", 0)
            return try drawing.flattened(
                tolerance: tolerance, keepsOrigins: keepsOrigins, isCancelled: execution.isCancelled)
        } catch {
            throw error.reason == .cancelled ? .unplannable(.cancelled) : .unreadable(error)
        }
    }

    /// Bytes → … → strokes: placed, cut at page and machine, simplified, joined and ordered, in machine coordinates.
    public static func strokes(
        of bytes: [UInt8], options: PlotOptions, profile: MachineProfile, budget: DrawingBudget = .standard,
        execution: PlanExecution = .serial
    ) throws(Failure) -> PlannedStrokes {
        let flat = try flatDrawing(
            of: bytes, options: options, tolerance: options.tolerance * ToleranceShare.chords, budget: budget,
            execution: execution)
        do {
            return try (consume flat).planned(options: options, profile: profile, execution: execution)
        } catch {
            throw .unplannable(error)
        }
    }
}
