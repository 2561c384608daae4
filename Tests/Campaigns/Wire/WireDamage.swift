internal import EBB
internal import Picture
internal import Simulator

extension WireRun {
    static let pausedForBytes = "paused, bytes quoted"

    /// After damaged bytes: the same image, or paused with the bytes quoted and not one motion twice or left out.
    ///
    /// - Parameter isWrongInkAllowed: the board itself may have had wrong bytes: the stroke that was being drawn when it
    ///   stood may be any ink, found at its end.
    func verdictOfDamage(_ end: RunEnd, _ plot: WirePlot, isWrongInkAllowed: Bool) -> CampaignReport.Verdict {
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        if let first = summary.complaints.first { return .broken(first) }
        var losses: [(tick: Int64, text: String)] = []
        /// What it stood for because a damaged line said what may be true, too: that is told once and must be believed.
        var (presses, powerLosses): (Int, [Int64]) = (0, [])
        for stood in summary.stood {
            switch stood.reason {
            case .positionLost(let text): losses.append((stood.tick, text))
            case .linkLost: break
            case .button where tap.hasHeardPress: presses += 1
            case .motorPowerLost where tap.hasHeardPowerLoss: powerLosses.append(stood.tick)
            default: return .broken("stood: \(stood.reason)")
            }
        }
        guard summary.stood.count - losses.count - presses - powerLosses.count == summary.recoveries else {
            return .broken("stood \(summary.stood), recovered \(summary.recoveries) times")
        }
        guard !losses.isEmpty || !powerLosses.isEmpty else {
            return unlessSame(as: plot) ?? .held(presses == 0 ? sameImage : "paused as by the button, same image")
        }
        for loss in losses {
            guard let bytes = WireTap.quoted(in: loss.text), !bytes.isEmpty else {
                return .broken("no bytes quoted: \(loss.text)")
            }
            guard tap.hasHeard(bytes) else { return .broken("quoted what never came: \(loss.text)") }
        }
        return Self.strokesUnlessWrong(
            vertices, plot, stood: (losses.map(\.tick) + powerLosses).sorted(), isWrongInkAllowed: isWrongInkAllowed
        )
        .map { .broken("\($0); \(losses)") }
            ?? .held(losses.isEmpty ? "paused as without motor power" : Self.pausedForBytes)
    }

    /// What is wrong with the strokes between the moments at which the plot stood to be brought home.
    ///
    /// Each stretch begins with the stroke that was in hand before it, or with the next. In a stretch every stroke is as in
    /// the plot, but for its last one, which breaks off.
    static func strokesUnlessWrong(
        _ vertices: [Trace.Vertex], _ plot: WirePlot, stood: [Int64], isWrongInkAllowed: Bool
    ) -> String? {
        let ends = stood + [Int64.max]
        var begin = Int64.min
        var next = [0]
        for (index, end) in ends.enumerated() {
            let strokes = Ink.strokes(vertices.filter { $0.tick > begin && $0.tick <= end })
            begin = end
            let isLast = index == ends.count - 1
            let whole = isLast ? strokes[...] : strokes.dropLast()
            let starts = isLast ? next.filter { $0 + strokes.count == plot.strokeInk.count } : next
            let matching = starts.filter { start in
                start + whole.count <= plot.strokeInk.count
                    && zip(whole, plot.strokeInk[start...]).allSatisfy { $0.isSame(as: $1) }
            }
            guard let start = matching.first else {
                return "stretch \(index): \(strokes.count) strokes, none as in the plot from \(next) on"
            }
            if !isLast, !isWrongInkAllowed, let broken = strokes.last {
                let same =
                    plot.strokeInk.indices.contains(start + whole.count) ? plot.strokeInk[start + whole.count] : Ink()
                if broken.difference(to: same).more > 0 {
                    return "stretch \(index): ink twice or beside in its last stroke"
                }
            }
            // A stretch without ink leaves open which of them it began with.
            next = matching.flatMap { [$0 + whole.count, $0 + strokes.count] }
        }
        return nil
    }
}
