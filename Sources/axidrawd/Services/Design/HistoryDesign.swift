internal import Motion

extension DesignKind {
    /// The commit history of a repository, laid out in space around a trunk, turned by the seed and projected.
    static let tree = DesignKind(
        name: "tree", summary: "the commit history of a repository as a tree in space",
        parameters: [
            Parameter(
                name: "spread", summary: "how far branches stand off the trunk, 0…1", standard: 0.8, low: 0, high: 1),
            Parameter(name: "caption", summary: "1 = frame and caption, 0 = neither", standard: 1, low: 0, high: 1),
        ],
        make: { context throws(DesignError) in
            let history = context.history ?? .sample
            var scene = HistoryScene(history: history, context: &context)
            scene.draw()
            var layers = [
                DesignDrawing.Layer(name: "branches", colour: "#26364d", strokes: scene.strokes + scene.marks),
                DesignDrawing.Layer(name: "merges", colour: "#c2542d", strokes: scene.merges),
            ]
            if context["caption"] >= 0.5 {
                layers[0].strokes += scene.frameStrokes + scene.caption(history)
            }
            return layers
        })
}

/// A history in space: along the main axis goes the order of commits; each branch leaves its parent in a direction of its
/// own around that axis and comes back where it is merged.
private struct HistoryScene {
    /// Commits that continue each other by their first parents.
    private struct Branch {
        /// Branch it left, −1 for a root.
        var parent: Int
        /// Branch it was merged into, −1 while it is open.
        var target: Int
        var start: Double
        var end: Double
        /// How far it stands off at its widest, and where around the axis.
        var reach: Double
        var around: Double
        var commits: [Int]
    }

    /// Distance from the main axis, across the page and towards the viewer.
    private struct Offset {
        var across = 0.0
        var depth = 0.0
    }

    private let commits: [CommitHistory.Commit]
    private var offsets: [[Offset]] = []
    private var branches: [Branch] = []
    private var branchOf: [Int] = []
    private let angle: Double
    private let spread: Double
    private let frame: (left: Double, top: Double, right: Double, bottom: Double)
    private let inset: Double
    private var scale = 1.0
    private(set) var strokes: [[Point]] = []
    private(set) var merges: [[Point]] = []

    init(history: CommitHistory, context: inout DesignKind.Context) {
        // On paper about 900 commits can be told apart; of longer histories the newest are drawn.
        let shown = history.commits.suffix(900)
        let first = shown.startIndex
        commits = shown.map { commit in
            CommitHistory.Commit(parents: commit.parents.filter { $0 >= first }.map { $0 - first }, time: commit.time)
        }
        angle = context.random.between(0, DesignMath.turn)
        spread = context["spread"]
        frame = context.frame
        inset = context["caption"] >= 0.5 ? min(8, (frame.bottom - frame.top) / 8) : 0
        findBranches()
        shape(using: &context.random)
    }

    private func along(_ commit: Int) -> Double {
        commits.count > 1 ? Double(commit) / Double(commits.count - 1) : 0.5
    }

    private mutating func findBranches() {
        for (place, commit) in commits.enumerated() {
            if let parent = commit.parents.first, branches[branchOf[parent]].commits.last == parent,
                branches[branchOf[parent]].target < 0
            {
                branchOf.append(branchOf[parent])
                branches[branchOf[parent]].commits.append(place)
                branches[branchOf[parent]].end = along(place)
            } else {
                let parent = commit.parents.first
                branchOf.append(branches.count)
                branches.append(
                    Branch(
                        parent: parent.map { branchOf[$0] } ?? -1, target: -1, start: along(parent ?? place),
                        end: along(place), reach: 0, around: 0, commits: [place]))
            }
            for parent in commit.parents.dropFirst() {
                let merged = branchOf[parent]
                guard merged != branchOf[place], branches[merged].commits.last == parent, branches[merged].target < 0
                else { continue }
                branches[merged].target = branchOf[place]
                branches[merged].end = along(place)
            }
        }
    }

    /// Long branches reach far; the golden angle keeps neighbours apart. The first root is the trunk itself.
    private mutating func shape(using random: inout DesignRandom) {
        for place in branches.indices.dropFirst() {
            let length = max(0.004, branches[place].end - branches[place].start)
            branches[place].reach = length.squareRoot() * random.between(0.55, 1)
            branches[place].around = angle + Double(place) * 2.399_963_229_728_653
        }
        for branch in branches.indices { offsets.append(centreLine(of: branch)) }
        let widest = offsets.joined().reduce(0.05) { max($0, abs($1.across)) }
        scale = 1 / widest
    }

    /// Samples along the main axis; every branch has its offsets at all of them.
    private static let samples = 400

    /// Offsets of a branch from the axis. Needs those of its parent, which always comes before it, and of the branch that
    /// took it in where that comes before it too; a later one is reached by a straight link.
    private func centreLine(of branch: Int) -> [Offset] {
        guard branch > 0 else { return Array(repeating: Offset(), count: Self.samples + 1) }
        let own = branches[branch]
        let length = max(1e-9, own.end - own.start)
        let isMerged = own.target >= 0
        return (0...Self.samples).map { sample in
            let share = min(1, max(0, (Double(sample) / Double(Self.samples) - own.start) / length))
            let base = own.parent >= 0 ? offsets[own.parent][sample] : Offset()
            let goal = isMerged && own.target < branch ? offsets[own.target][sample] : base
            let ease = share * share * (3 - 2 * share)
            let hump = own.reach * DesignMath.sine(share * DesignMath.turn / (isMerged ? 2 : 4))
            return Offset(
                across: DesignMath.mix(base.across, goal.across, ease) + hump * DesignMath.cosine(own.around),
                depth: DesignMath.mix(base.depth, goal.depth, ease) + hump * DesignMath.sine(own.around))
        }
    }

    /// Offset of a branch from the axis at a place along it.
    private func position(branch: Int, at t: Double) -> Offset {
        let place = min(Double(Self.samples), max(0, t * Double(Self.samples)))
        let low = min(Self.samples - 1, Int(place))
        let (a, b) = (offsets[branch][low], offsets[branch][low + 1])
        let share = place - Double(low)
        return Offset(across: DesignMath.mix(a.across, b.across, share), depth: DesignMath.mix(a.depth, b.depth, share))
    }

    private func project(branch: Int, at t: Double) -> Point {
        let place = position(branch: branch, at: t)
        // A mild perspective: what is nearer is larger.
        let near = 1 + 0.12 * min(1.5, max(-1.5, place.depth))
        let (left, right) = (frame.left + 1.5 * inset, frame.right - 1.5 * inset)
        let (top, bottom) = (frame.top + inset, frame.bottom - 2.2 * inset)
        let half = (bottom - top) / 2 / 1.18
        let x = (left + right) / 2 + (t - 0.5) * (right - left) * (0.9 + 0.5 * (near - 1))
        return Point(x, (top + bottom) / 2 + place.across * scale * spread * half * near)
    }

    mutating func draw() {
        for branch in branches.indices {
            let own = branches[branch]
            guard own.end > own.start else { continue }
            // Fine enough that a chord is under a millimetre on a page of 300 mm.
            let count = max(6, min(160, Int((own.end - own.start) * 320)))
            let line = (0...count).map {
                project(branch: branch, at: DesignMath.mix(own.start, own.end, Double($0) / Double(count)))
            }
            if own.target >= 0 { merges.append(line) } else { strokes.append(line) }
        }
        for (place, commit) in commits.enumerated() {
            let at = project(branch: branchOf[place], at: along(place))
            if commit.parents.count > 1 { strokes.append(circle(at: at, radius: 0.8)) }
        }
    }

    /// Short marks across the branches, one a commit that is no merge.
    var marks: [[Point]] {
        commits.indices.filter { commits[$0].parents.count < 2 }.map { place in
            let (branch, t) = (branchOf[place], along(place))
            let (a, b) = (project(branch: branch, at: t - 0.001), project(branch: branch, at: t + 0.001))
            let length = max(1e-9, a.distance(to: b))
            let (nx, ny) = (-(b.y - a.y) / length * 0.6, (b.x - a.x) / length * 0.6)
            let middle = project(branch: branch, at: t)
            return [Point(middle.x - nx, middle.y - ny), Point(middle.x + nx, middle.y + ny)]
        }
    }

    private func circle(at middle: Point, radius: Double) -> [Point] {
        (0...12).map {
            let angle = DesignMath.turn * Double($0 % 12) / 12
            return Point(middle.x + radius * DesignMath.cosine(angle), middle.y + radius * DesignMath.sine(angle))
        }
    }

    var frameStrokes: [[Point]] {
        let corners = [
            Point(frame.left, frame.top), Point(frame.right, frame.top), Point(frame.right, frame.bottom),
            Point(frame.left, frame.bottom),
        ]
        return [corners + [corners[0]]]
    }

    func caption(_ history: CommitHistory) -> [[Point]] {
        let height = inset * 0.4
        let base = frame.bottom - inset * 0.8
        let name = String(history.name.prefix(40))
        let count = "\(history.commits.count) commits"
        let right = frame.right - inset - StrokeFont.width(count, height: height)
        return StrokeFont.strokes(name, at: Point(frame.left + inset, base), height: height)
            + StrokeFont.strokes(count, at: Point(right, base), height: height)
    }
}
