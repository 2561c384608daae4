internal import Motion

extension DesignKind {
    /// Every other kind, small, on one sheet.
    static let sampler = DesignKind(
        name: "sampler", summary: "every other kind on one sheet", parameters: [],
        make: { context throws(DesignError) in
            let kinds: [(DesignKind, [String: Double])] = [
                (.tree, ["caption": 0]), (.flow, [:]), (.spirograph, ["curves": 3]),
                (.solids, [:]), (.contours, ["levels": 14]), (.curve, ["order": 5]),
            ]
            let (columns, gap) = (3, 8.0)
            let rows = (kinds.count + columns - 1) / columns
            let frame = context.frame
            let width = (frame.right - frame.left - gap * Double(columns - 1)) / Double(columns)
            let height = (frame.bottom - frame.top - gap * Double(rows - 1)) / Double(rows)
            var layers: [DesignDrawing.Layer] = []
            for (place, (kind, values)) in kinds.enumerated() {
                // What is drawn in a cell is drawn for a page twice as large, so that it has its usual detail.
                var inner = try kind.context(
                    seed: context.random.next(), values: values, history: context.history)
                inner.width = width * 2
                inner.height = height * 2
                inner.margin = 0
                let (left, top) = (
                    frame.left + Double(place % columns) * (width + gap),
                    frame.top + Double(place / columns) * (height + gap)
                )
                for layer in try kind.make(&inner) {
                    var layer = layer
                    layer.strokes = layer.strokes.map { stroke in
                        stroke.map { Point(left + $0.x / 2, top + $0.y / 2) }
                    }
                    layers.append(layer)
                }
            }
            return layers
        })
}
