internal import Motion

extension DesignKind {
    /// The commit history of a repository, laid out in space around a trunk, turned by the seed and projected.
    static let tree = DesignKind(
        name: "tree", summary: "the commit history of a repository as a tree in space",
        parameters: [
            Parameter(
                name: "spread", summary: "how far branches stand off the trunk, 0…1", standard: 0.9, low: 0, high: 1),
            Parameter(name: "caption", summary: "1 = frame and caption, 0 = neither", standard: 1, low: 0, high: 1),
        ],
        make: { context throws(DesignError) in
            var layers = historyScene(&context).layers.map { layer in
                DesignDrawing.Layer(
                    name: layer.name, colour: layer.colour, strokes: layer.strokes.map { $0.map(\.onPaper) })
            }
            if context["caption"] >= 0.5 {
                let caption = HistoryCaption(context)
                layers[0].strokes += caption.frameStrokes + caption.strokes(context.history ?? .sample)
            }
            return layers
        },
        makeScene: { context in historyScene(&context) })

    private static func historyScene(_ context: inout Context) -> DesignScene {
        let layout = HistoryLayout(context.history ?? .sample, using: &context.random)
        let inset = HistoryCaption(context).inset
        let frame = context.frame
        let (left, right) = (frame.left + 2 * inset, frame.right - 2 * inset)
        let (top, bottom) = (frame.top + 0.7 * inset, frame.bottom - 1.8 * inset)
        let middle = Point((left + right) / 2, (top + bottom) / 2)
        let place = HistoryPlace(
            middle: middle, length: right - left,
            // The nearest point is drawn larger by the perspective and still has to fit.
            radius: (bottom - top) / 2 * context["spread"] * (1 - 1 / DesignScene.distance))
        return layout.scene(place)
    }
}

/// Where a history lies on the page.
struct HistoryPlace {
    var middle: Point
    /// Of the main axis, mm.
    var length: Double
    /// What stands one unit off the axis stands so far off on paper, mm.
    var radius: Double
}

/// Frame and words around a history.
private struct HistoryCaption {
    let frame: (left: Double, top: Double, right: Double, bottom: Double)
    /// Distance of what is inside from the frame, mm.
    let inset: Double

    init(_ context: DesignKind.Context) {
        frame = context.frame
        inset = context["caption"] >= 0.5 ? min(8, (frame.bottom - frame.top) / 8) : 0
    }

    var frameStrokes: [[Point]] {
        let corners = [
            Point(frame.left, frame.top), Point(frame.right, frame.top), Point(frame.right, frame.bottom),
            Point(frame.left, frame.bottom),
        ]
        return [corners + [corners[0]]]
    }

    func strokes(_ history: CommitHistory) -> [[Point]] {
        let height = inset * 0.4
        let base = frame.bottom - inset * 0.8
        let left = frame.left + inset
        let count = "\(history.commits.count) commits"
        let right = frame.right - inset - StrokeFont.width(count, height: height)
        // On a page too narrow for both the name is cut, and neither leaves the frame.
        guard right >= left else { return [] }
        var name = String(history.name.prefix(40))
        while !name.isEmpty, left + StrokeFont.width(name, height: height) + height > right { name.removeLast() }
        return StrokeFont.strokes(name, at: Point(left, base), height: height)
            + StrokeFont.strokes(count, at: Point(right, base), height: height)
    }
}
