/// What questions to regions work with: a stack that is used again, and an account of what they cost.
struct RegionProbe {
    var stack: [Int] = []
    /// Boxes looked at since it was last set to zero.
    var steps = 0
    /// Steps beyond which answers do not matter any more: whoever asks must look and give up.
    var most = Int.max

    var isSpent: Bool { steps > most }
}

/// A union of areas, each perhaps cut by others; the whole perhaps cut as well. The nesting is bounded by who builds it.
///
/// Call `finish` when all parts are there.
struct Region {
    struct Part {
        var polygon: RegionPolygon
        /// What cuts this part; all of them.
        var within: [Region] = []
        /// Its place among the parts.
        var order = 0
        /// Takes away what the parts before it have added.
        var hides = false
    }

    var parts: [Part] = []
    /// What cuts the union; all of them.
    var within: [Region] = []
    /// The parts by place; nil where they are few.
    private var tree: BoxTree?
    /// Of the parts.
    private var partBounds = Box()

    private var hasHidingParts = false

    private static let fewParts = 6

    /// Indexes the parts.
    mutating func finish() {
        hasHidingParts = parts.contains(where: \.hides)
        partBounds = Box()
        for part in parts { partBounds.include(part.polygon.bounds) }
        tree = parts.count > Self.fewParts ? BoxTree(parts.map(\.polygon.bounds)) : nil
    }

    /// A box outside of which nothing belongs to the region.
    var bounds: Box { within.reduce(partBounds) { $0.intersection($1.bounds) } }

    /// A rectangle that is all the region; nil when it is anything else.
    var rectangle: Box? {
        parts.count == 1 && within.isEmpty && parts[0].within.isEmpty ? parts[0].polygon.rectangle : nil
    }

    /// Corners of what it consists of; what cuts it stands by itself.
    var edgeCount: Int { parts.reduce(0) { $0 + $1.polygon.edgeCount } }

    /// Calls `body` for the parts that come near a box until it answers false.
    private func forEachPart(near box: Box, _ probe: inout RegionProbe, _ body: (Part, inout RegionProbe) -> Bool) {
        guard let tree else {
            for part in parts where !probe.isSpent {
                probe.steps += 1
                if part.polygon.bounds.intersects(box), !body(part, &probe) { return }
            }
            return
        }
        let looked = tree.query(box) { k in !probe.isSpent && body(parts[k], &probe) }
        probe.steps += looked
    }

    /// Whether a point belongs to the region or lies within `margin` of what bounds it.
    func contains(_ p: Point, margin: Double, _ probe: inout RegionProbe) -> Bool {
        for region in within where !region.contains(p, margin: margin, &probe) { return false }
        if hasHidingParts { return isShownByLast(p, margin: margin, &probe) }
        var isInside = false
        forEachPart(near: Box(minimum: p, maximum: p).expanded(by: margin), &probe) { part, probe in
            guard
                part.polygon.contains(p, &probe)
                    || (margin > 0 && part.polygon.isNear(p, within: margin, &probe))
            else { return true }
            for region in part.within where !region.contains(p, margin: margin, &probe) { return true }
            isInside = true
            return false
        }
        return isInside
    }

    /// As `contains`, where the last of the parts that a point lies in decides.
    private func isShownByLast(_ p: Point, margin: Double, _ probe: inout RegionProbe) -> Bool {
        var last = -1
        var isShown = false
        forEachPart(near: Box(minimum: p, maximum: p).expanded(by: margin), &probe) { part, probe in
            guard part.order > last else { return true }
            let isInside = part.polygon.contains(p, &probe)
            let isNear = margin > 0 && part.polygon.isNear(p, within: margin, &probe)
            guard part.hides ? isInside && !isNear : isInside || isNear else { return true }
            for region in part.within where !region.contains(p, margin: margin, &probe) { return true }
            (last, isShown) = (part.order, !part.hides)
            return true
        }
        return isShown
    }

    /// Collects the parameters at which a line may pass from inside to outside; see `RegionPolygon.breaks`.
    func breaks(from p: Point, to q: Point, margin: Double, _ breaks: inout [Double], _ probe: inout RegionProbe) {
        var box = Box()
        box.include(p)
        box.include(q)
        forEachPart(near: box.expanded(by: margin), &probe) { part, probe in
            part.polygon.breaks(from: p, to: q, margin: margin, &breaks, &probe)
            for region in part.within { region.breaks(from: p, to: q, margin: margin, &breaks, &probe) }
            return true
        }
        for region in within { region.breaks(from: p, to: q, margin: margin, &breaks, &probe) }
    }

    /// Adds the edges of all that bounds the region near a box.
    func edges(in box: Box, to list: inout [AreaEdge], _ probe: inout RegionProbe) {
        forEachPart(near: box, &probe) { part, probe in
            part.polygon.edges(in: box, to: &list, &probe)
            for region in part.within { region.edges(in: box, to: &list, &probe) }
            return true
        }
        for region in within { region.edges(in: box, to: &list, &probe) }
    }
}
