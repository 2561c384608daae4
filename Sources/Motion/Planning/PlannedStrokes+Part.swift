extension PlannedStrokes {
    /// The same plot without its first strokes, for going on with one that was cut off.
    ///
    /// - Parameter stroke: the first that is drawn; beyond the last, nothing is left.
    /// - Complexity: O(points).
    public func beginning(atStroke stroke: Int) -> PlannedStrokes {
        var part = self
        part.polylines = Polylines()
        part.layers = []
        part.isExact = []
        part.colours = []
        part.stops = stops(fromStroke: stroke)
        let first = max(0, stroke)
        part.tiles = tiles.filter { $0.strokes.upperBound > first }.map { tile in
            var tile = tile
            tile.strokes = max(0, tile.strokes.lowerBound - first)..<tile.strokes.upperBound - first
            return tile
        }
        for layer in layers where layer.strokes.upperBound > first {
            let kept = max(first, layer.strokes.lowerBound)..<layer.strokes.upperBound
            var shown = layer
            shown.strokes = part.polylines.count..<part.polylines.count + kept.count
            for index in kept {
                part.polylines.append(polylines[index])
                if !isExact.isEmpty { part.isExact.append(isExact[index]) }
                if !colours.isEmpty { part.colours.append(colours[index]) }
            }
            part.layers.append(shown)
        }
        return part
    }
}
