/// What hides lines in one drawing: the rule, the index, the account.
///
/// A shape hides what lies under it where its fill paints, if nothing shines through: no opacity below 1 of the fill, its
/// colour, the shape or a group around it, no pattern, no blending, no mask that is more than a clip. Shapes of layers that
/// `--layers` leaves out hide all the same, so that sheets drawn layer by layer fit together; those of layers that are never
/// drawn do not.
struct Cover {
    private var tree: CoverTree
    /// Lines that were hidden, wholly or in part.
    private(set) var hiddenCount = 0
    /// Shapes that let through what is under them.
    private let clearCount: Int
    private let execution: PlanExecution

    /// Comparisons beyond which hiding is refused: about ten seconds.
    private static let mostSteps = 3_000_000_000

    init(_ drawing: FlatDrawing, execution: PlanExecution) throws(PlanError) {
        self.execution = execution
        let areas = drawing.areas ?? PaintedAreas()
        func isDrawn(_ k: Int) -> Bool {
            let layer = drawing.styles[Int(areas.areas[k].style)].layer
            return !drawing.layers.indices.contains(layer) || !drawing.layers[layer].codes.isDocumentation
        }
        clearCount = areas.areas.indices.count { isDrawn($0) && !areas.areas[$0].isOpaque }
        tree = try CoverTree(
            areas, hides: { isDrawn($0) && areas.areas[$0].isOpaque },
            check: { steps throws(PlanError) in try Self.check(steps, execution) })
    }

    /// Throws when hiding has cost too much, or nobody waits for it.
    func check() throws(PlanError) { try Self.check(tree.steps, execution) }

    private static func check(_ steps: Int, _ execution: PlanExecution) throws(PlanError) {
        try execution.checkCancellation()
        guard steps > mostSteps else { return }
        throw .tooLarge(
            "hidden lines cost too much to work out: too many shapes lie on top of each other; leave some out or do without"
                + " --occlude")
    }

    /// The parts of a straight line that no area from `rank` on hides.
    mutating func seen(_ p: Point, _ q: Point, rank: Int) -> [CoverTree.Part] { tree.seen(p, q, rank: rank) }

    /// What is seen of a line under the areas from `rank` on.
    mutating func cut(_ line: TracedLine, rank: Int) -> [TracedLine] {
        if line.points.count == 1 {
            guard tree.hides(line.points[0], rank: rank) else { return [line] }
            hiddenCount += 1
            return []
        }
        guard let parts = line.parts({ tree.seen($0, $1, rank: rank) }) else { return [line] }
        hiddenCount += 1
        return parts
    }

    /// What is told of it.
    var notes: [Diagnostic] {
        var notes: [Diagnostic] = []
        if hiddenCount > 0 {
            notes.append(
                Diagnostic(
                    .info, code: "hidden", message: "lines under opaque fills are hidden, wholly or in part",
                    count: hiddenCount))
        }
        if clearCount > 0 {
            notes.append(
                Diagnostic(
                    .info, code: "see-through", message: "fills that are not wholly opaque hide nothing",
                    count: clearCount))
        }
        return notes
    }
}

extension TracedLine {
    /// Shorter remains leave no line, mm.
    private static let crumb = 0.02

    /// What is left of a line when parts of its pieces are not seen; nil when all is.
    ///
    /// A closed line that is cut does not keep its seam.
    func parts(_ seen: (Point, Point) -> [(from: Double, to: Double)]) -> [TracedLine]? {
        var pieces: [TracedLine] = []
        var piece = TracedLine()
        var wasCut = false
        func end() {
            if !piece.points.isEmpty { pieces.append(piece) }
            piece = TracedLine()
        }
        for i in points.indices.dropLast() {
            var place = 0.0
            for part in seen(points[i], points[i + 1]) {
                if part.from > place {
                    wasCut = true
                    end()
                }
                if piece.points.isEmpty { piece.append(self, i, part.from) }
                piece.append(self, i, part.to)
                place = part.to
            }
            if place < 1 {
                wasCut = true
                end()
            }
        }
        end()
        guard wasCut else { return nil }
        if isClosed, pieces.count > 1, let first = pieces.first, let last = pieces.last,
            first.points.first == points.first, last.points.last == points.last
        {
            pieces[0] = last
            pieces[0].points += first.points.dropFirst()
            pieces[0].origins += first.origins.dropFirst()
            pieces.removeLast()
        }
        return pieces.filter { piece in
            zip(piece.points, piece.points.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) } > Self.crumb
        }
    }
}
