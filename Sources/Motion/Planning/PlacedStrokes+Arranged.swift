extension PlacedStrokes {
    /// Joins and orders the strokes of each group and writes them in drawing order.
    func arranged(
        options: PlotOptions, execution: PlanExecution, notes: inout [Diagnostic]
    ) throws(PlanError) -> (polylines: Polylines, layers: [PlannedStrokes.Layer]) {
        var output = Polylines()
        output.reserve(points: lines.points.count, polylines: lines.count)
        var layers: [PlannedStrokes.Layer] = []
        for group in groups {
            let first = output.count
            for member in group.members {
                for k in lines.range(Int(member)) { output.append(lines.points[k]) }
                output.finish()
            }
            layers.append(
                PlannedStrokes.Layer(
                    name: group.about.name, strokes: first..<output.count, colour: group.about.colour,
                    codes: group.about.codes))
        }
        return (output, layers)
    }
}
