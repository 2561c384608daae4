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
    public static func flatDrawing(
        of bytes: [UInt8], options: PlotOptions, tolerance: Double, keepsOrigins: Bool = false,
        execution: PlanExecution = .serial
    ) throws(Failure) -> FlatDrawing {
        do { try PlanError.require("tolerance", tolerance, PlanRange.flatness) } catch { throw .unplannable(error) }
        execution.progress("parse", 0)
        let drawing: SVG.Drawing
        do { drawing = try SVG.read(bytes, options: options) } catch { throw .unreadable(error) }
        if execution.isCancelled() { throw .unplannable(.cancelled) }
        execution.progress("flatten", 0)
        return drawing.flattened(tolerance: tolerance, keepsOrigins: keepsOrigins)
    }

    /// Bytes → … → strokes: placed, cut at page and machine, simplified, joined and ordered, in machine coordinates.
    public static func strokes(
        of bytes: [UInt8], options: PlotOptions, profile: MachineProfile, execution: PlanExecution = .serial
    ) throws(Failure) -> PlannedStrokes {
        let flat = try flatDrawing(
            of: bytes, options: options, tolerance: options.tolerance * ToleranceShare.chords,
            execution: execution)
        do {
            return try flat.planned(options: options, profile: profile, execution: execution)
        } catch {
            throw .unplannable(error)
        }
    }
}
