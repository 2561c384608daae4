/// What planning holds at once, stage by stage, in bytes: known before a stage begins, so that no drawing ends the process.
///
/// Constants of strokes were measured as the peak of a release build with 200,000 circles and 100,000 lines.
enum PlanMemory {
    private static let point = MemoryLayout<Point>.stride

    /// Strokes placed beside the drawing, and the simplified ones beside the placed.
    static func placing(_ drawing: borrowing FlatDrawing) -> Int {
        2 * drawing.polylines.points.count * point + drawing.polylines.count * 80
    }

    /// Strokes that stay while they are joined and ordered, because their own order may be the quickest.
    static func held(_ lines: Polylines) -> Int { lines.points.count * point }

    /// Joined strokes beside the placed, with the grid of their ends.
    static func joining(_ lines: Polylines) -> Int { 2 * lines.points.count * point + lines.count * 184 }

    /// Neighbours of each end, and what a stop costs at each vertex; then the strokes in their order beside the joined.
    static func ordering(_ lines: Polylines) -> Int {
        let points = lines.points.count * point
        return points + max(points / 4 + lines.count * 400, points + lines.count * 80)
    }
}
