internal import Motion

/// A history in space: along the main axis goes the order of commits. Around it winds the trunk, the first parents of the
/// newest commit; every other line of work leaves it in a direction of its own and comes back where it was merged.
struct HistoryLayout {
    /// Commits that continue each other by their first parents.
    private struct Branch {
        /// Branch it left and, if it was merged, the one that took it in; both come before it in the list. −1 is none.
        var parent: Int
        var target: Int
        /// From the commit it left to the one that merged it, or its own last.
        var start: Double
        var end: Double
        /// How far it stands off at its widest, in which direction.
        var reach = 0.0
        var around = 0.0
    }

    /// Distance from the main axis; the widest of all is 1.
    private struct Offset {
        var y = 0.0
        var z = 0.0
    }

    /// On paper about so many commits can be told apart; of longer histories the newest are drawn.
    private static let mostCommits = 900
    /// Samples along the main axis; every branch has its offsets at all of them.
    private static let samples = 600

    private let commits: [CommitHistory.Commit]
    private var branches: [Branch] = []
    private var branchOf: [Int]
    private var offsets: [[Offset]] = []
    private let turned: Double

    init(_ history: CommitHistory, using random: inout DesignRandom) {
        let shown = history.commits.suffix(Self.mostCommits)
        let first = shown.startIndex
        commits = shown.map { commit in
            CommitHistory.Commit(parents: commit.parents.filter { $0 >= first }.map { $0 - first }, time: commit.time)
        }
        turned = random.between(0, DesignMath.turn)
        branchOf = Array(repeating: -1, count: commits.count)
        findBranches()
        shape(using: &random)
    }

    private func along(_ commit: Int) -> Double {
        commits.count > 1 ? Double(commit) / Double(commits.count - 1) : 0.5
    }

    /// Newest first, so that the branch a line of work left and the one that merged it are always there before it.
    private mutating func findBranches() {
        var merger = Array(repeating: -1, count: commits.count)
        for (place, commit) in commits.enumerated() {
            for parent in commit.parents.dropFirst() where merger[parent] < 0 { merger[parent] = place }
        }
        for tip in commits.indices.reversed() where branchOf[tip] < 0 {
            var first = tip
            branchOf[tip] = branches.count
            while let parent = commits[first].parents.first, branchOf[parent] < 0 {
                branchOf[parent] = branches.count
                first = parent
            }
            let base = commits[first].parents.first
            branches.append(
                Branch(
                    parent: base.map { branchOf[$0] } ?? -1, target: merger[tip] < 0 ? -1 : branchOf[merger[tip]],
                    start: along(base ?? first), end: along(merger[tip] < 0 ? tip : merger[tip])))
        }
    }

    /// Long branches reach far; the golden angle keeps neighbours apart.
    private mutating func shape(using random: inout DesignRandom) {
        var depth = Array(repeating: 0, count: branches.count)
        for place in branches.indices {
            let parent = branches[place].parent
            depth[place] = parent >= 0 ? depth[parent] + 1 : 0
            let length = max(0, branches[place].end - branches[place].start)
            let thinner = Double(max(1, depth[place])).squareRoot()
            branches[place].reach = (0.10 + 0.9 * length.squareRoot()) * random.between(0.75, 1.1) / thinner
            branches[place].around = turned + Double(place) * 2.399_963_229_728_653 + random.between(-0.3, 0.3)
        }
        for branch in branches.indices { offsets.append(centreLine(of: branch)) }
        let widest = offsets.joined().reduce(0.3) { max($0, ($1.y * $1.y + $1.z * $1.z).squareRoot()) }
        for branch in offsets.indices {
            for sample in offsets[branch].indices {
                offsets[branch][sample].y /= widest
                offsets[branch][sample].z /= widest
            }
        }
    }

    private func centreLine(of branch: Int) -> [Offset] {
        let own = branches[branch]
        if branch == 0 {
            // The trunk winds, so that it has depth wherever it is looked at from.
            return (0...Self.samples).map { sample in
                let angle = turned + DesignMath.turn * 1.5 * Double(sample) / Double(Self.samples)
                return Offset(y: 0.09 * DesignMath.sine(angle), z: 0.09 * DesignMath.cosine(angle))
            }
        }
        let length = max(1e-9, own.end - own.start)
        let base = offsets[max(0, own.parent)]
        let goal = own.target >= 0 ? offsets[own.target] : base
        return (0...Self.samples).map { sample in
            let share = min(1, max(0, (Double(sample) / Double(Self.samples) - own.start) / length))
            let ease = share * share * (3 - 2 * share)
            // Merged: out and back. Open: out, and more and more along the axis.
            let swing = own.target >= 0 ? DesignMath.sine(share * DesignMath.turn / 2) : 1 - (1 - share) * (1 - share)
            let hump = own.reach * swing
            return Offset(
                y: DesignMath.mix(base[sample].y, goal[sample].y, ease) + hump * DesignMath.sine(own.around),
                z: DesignMath.mix(base[sample].z, goal[sample].z, ease) + hump * DesignMath.cosine(own.around))
        }
    }

    private func offset(_ branch: Int, at t: Double) -> Offset {
        let place = min(Double(Self.samples), max(0, t * Double(Self.samples)))
        let low = min(Self.samples - 1, Int(place))
        let (a, b) = (offsets[branch][low], offsets[branch][low + 1])
        let share = place - Double(low)
        return Offset(y: DesignMath.mix(a.y, b.y, share), z: DesignMath.mix(a.z, b.z, share))
    }

    // MARK: Strokes

    /// Lines of work, merges, and a thorn for every commit.
    func scene(_ place: HistoryPlace) -> DesignScene {
        let eye = max(1, place.radius) * DesignScene.distance
        func spot(_ t: Double, _ offset: Offset) -> DesignScene.Spot {
            DesignScene.Spot(
                x: place.middle.x + (t - 0.5) * place.length * (1 - 1 / DesignScene.distance),
                y: offset.y * place.radius, z: offset.z * place.radius, middle: place.middle, eye: eye)
        }
        var work = DesignScene.Layer(name: "branches", colour: "#26364d")
        var merged = DesignScene.Layer(name: "merged", colour: "#c2542d")
        for (branch, own) in branches.enumerated() where own.end > own.start {
            let count = max(8, min(260, Int((own.end - own.start) * 400)))
            let line = (0...count).map { step in
                let t = DesignMath.mix(own.start, own.end, Double(step) / Double(count))
                return spot(t, offset(branch, at: t))
            }
            if own.target >= 0 { merged.strokes.append(line) } else { work.strokes.append(line) }
        }
        for commit in commits.indices {
            let branch = branchOf[commit]
            let strokes = mark(commit, millimetre: 1 / max(1, place.radius)).map { mark in
                mark.map { spot(along(commit) + $0.along, $0.offset) }
            }
            if branches[branch].target >= 0 { merged.strokes += strokes } else { work.strokes += strokes }
        }
        var scene = DesignScene(
            width: 2 * place.middle.x, height: 2 * place.middle.y, middle: place.middle, eye: eye,
            layers: [work, merged])
        scene.fill(place.radius / (1 - 1 / DesignScene.distance))
        return scene
    }

    /// A thorn as long as the time since the parent tells; a ring around the line for a merge.
    private func mark(_ commit: Int, millimetre: Double) -> [[(along: Double, offset: Offset)]] {
        let here = offset(branchOf[commit], at: along(commit))
        if commits[commit].parents.count > 1 {
            let radius = 0.9 * millimetre
            return [
                (0...10).map { step in
                    let angle = DesignMath.turn * Double(step % 10) / 10
                    return (
                        0,
                        Offset(
                            y: here.y + radius * DesignMath.sine(angle), z: here.z + radius * DesignMath.cosine(angle))
                    )
                }
            ]
        }
        let parent = commits[commit].parents.first
        let hours = Double(max(0, commits[commit].time - (parent.map { commits[$0].time } ?? 0))) / 3600
        // Short for minutes, six times as long for weeks; the more commits, the shorter all of them.
        let room = min(1.3, max(0.45, (150 / Double(commits.count)).squareRoot()))
        let length = room * (2 + 10 * DesignMath.smooth(hours.squareRoot(), from: 0, to: 16)) * millimetre
        let angle = turned + Double(commit) * 2.399_963_229_728_653
        return [
            [
                (0, here),
                (
                    0,
                    Offset(y: here.y + length * DesignMath.sine(angle), z: here.z + length * DesignMath.cosine(angle))
                ),
            ]
        ]
    }
}
