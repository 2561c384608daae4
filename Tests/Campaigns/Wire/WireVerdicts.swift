internal import EBB
internal import Picture
internal import Simulator
internal import TestSupport

/// What a person may ask for at any moment.
enum Request: CaseIterable, Sendable {
    case pauseNow, pauseAtPenUp, button, resume, cancel, stop
}

extension WirePlot {
    /// A moment of the undisturbed run.
    func tick(_ generator: inout SeededGenerator) -> Int64 {
        Int64.random(in: (ticks.lowerBound + 2_500)..<ticks.upperBound, using: &generator)
    }

    /// A fault at a random moment: of time, at a command's first byte, or between its execution and its reply.
    func rule(_ fault: Fault, _ generator: inout SeededGenerator) -> FaultRule {
        let index = connectCommands + 20 + Int.random(in: 0..<(runCommands - 20), using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return FaultRule(.at(tick: tick(&generator)), fault)
        case 1: return FaultRule(.commands(index...index), fault)
        default: return FaultRule(.replies(index...index), fault)
        }
    }
}

extension WireRun {
    func perform(_ request: Request) {
        switch request {
        case .pauseNow: requests.pause(.now)
        case .pauseAtPenUp: requests.pause(.atPenUp)
        case .button: loopback.withBoard { $0.pressButton() }
        case .resume: requests.resume()
        case .cancel: requests.cancel()
        case .stop:
            let now = now
            note { $0.stopAsked = ($0.stopAsked ?? []) + [now] }
            driver.stop(requests)
        }
    }

    /// What is wrong with a finished run that should have left the undisturbed plot's image: every step with the pen down
    /// as often as there, and the same bytes of the picture.
    func unlessSame(as plot: WirePlot) -> CampaignReport.Verdict? {
        if let first = summary.complaints.first { return .broken(first) }
        return Self.unlessSame(vertices, as: plot)
    }

    static func unlessSame(_ vertices: [Trace.Vertex], as plot: WirePlot) -> CampaignReport.Verdict? {
        // The same path has the same ink and picture; these are made only where it is another.
        if WirePlot.path(of: vertices) == plot.path { return nil }
        let ink = Ink(vertices)
        if ink.isSame(as: plot.ink) {
            // Old boards round the rates of `SM`: at another pace the motors' steps mingle otherwise, within a step.
            // A curve is brought to rest in straight parts, which lie within a step of it.
            let most =
                !plot.firmware.hasAcceleratedMoves
                ? WirePlot.mostShades : plot.motion == .physical ? WirePlot.shadesOfStep : 0
            let shades = (try? WirePlot.shades(WirePlot.picture(of: vertices), plot.picture)) ?? 255
            return shades <= most ? nil : .broken("the same steps, but a picture that is \(shades) shades beside")
        }
        let steps = ink.difference(to: plot.ink)
        let cells = (ink.cellsBeside(plot.ink), plot.ink.cellsBeside(ink))
        return .broken(
            "ink: \(steps.more) steps more, \(steps.less) less, \(cells.0) places beside, \(cells.1) left out")
    }

    /// After a lost link or silence: it may have stood for that alone, and has gone on by itself.
    func verdictOfLinkLoss(_ end: RunEnd, _ plot: WirePlot) -> CampaignReport.Verdict {
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        for stood in summary.stood {
            guard case .linkLost = stood.reason else { return .broken("stood: \(stood.reason)") }
        }
        guard summary.recoveries == summary.stood.count else {
            return .broken("stood \(summary.stood.count) times, recovered \(summary.recoveries) times")
        }
        if let different = unlessSame(as: plot) {
            return isSameButForATouch(plot) ? .held("the same steps, a touch in a travel") : different
        }
        return .held(summary.stood.isEmpty ? "not noticed, same image" : sameImage)
    }

    /// Whether every step is as it should be, and the pen has touched one other place: the rest of a travel goes out in one piece
    /// with the pen-down beside it, and a link may be cut within a piece. Nothing that is sent can prevent that.
    private func isSameButForATouch(_ plot: WirePlot) -> Bool {
        guard summary.complaints.isEmpty, !summary.stood.isEmpty else { return false }
        let ink = Ink(vertices)
        return ink.difference(to: plot.ink) == (0, 0) && plot.ink.cellsBeside(ink) == 0
            && ink.cellsBeside(plot.ink) == 1
    }

    /// After silence: stood no later than 2 s after what was queued, and what was asked for meanwhile was done.
    func verdictOfSilence(
        _ end: RunEnd, _ plot: WirePlot, at tick: Int64, ticks: Int64, _ asked: (request: Request, tick: Int64)?
    ) -> CampaignReport.Verdict {
        let summary = summary
        if let first = summary.complaints.first { return .broken(first) }
        let second = Int64(BoardClock.ticksPerSecond)
        let losses = summary.stood.filter { if case .linkLost = $0.reason { true } else { false } }
        // What was queued was drawn; nothing else is begun before it stands.
        let due = max(tick, lastMotionEnd(before: min(losses.first?.tick ?? .max, tick + ticks))) + 2 * second
        guard losses.count == summary.recoveries || end == .cancelled else {
            return .broken("stood \(summary.stood), recovered \(summary.recoveries) times")
        }
        if let first = losses.first, first.tick > due { return .broken("stood \(first.tick - due) ticks too late") }
        let isCancelled = asked?.request == .cancel
        // A run that was cancelled by then need not stand.
        if losses.isEmpty, tick + ticks > due, !isCancelled || (asked?.tick ?? 0) > due {
            let words = asked.map { "\($0.request) at \($0.tick)" } ?? "nothing"
            return .broken(
                "never stood; ended \(end) at \(now), silent from \(tick) for \(ticks), asked \(words), stood \(summary.stood)"
            )
        }
        if let asked, isCancelled {
            if end == .done, asked.tick + second >= plot.ticks.upperBound, unlessSame(as: plot) == nil {
                return .held("over before")
            }
            guard end == .cancelled else { return .broken("cancel ended \(end)") }
            let late = now - max(asked.tick, due)
            return late <= 2 * second
                ? .held(losses.isEmpty ? "cancelled" : "stood, cancelled")
                : .broken("cancel took \(late) ticks too long")
        }
        guard end == .done else { return .broken("ended \(end)") }
        if let asked, asked.tick + 4 * second < plot.ticks.upperBound {
            guard summary.stood.last?.reason == .asked else { return .broken("not paused: \(summary.stood)") }
        }
        if let broken = unlessSame(as: plot) { return broken }
        return .held(asked == nil ? sameImage : "paused, then same image")
    }

    /// After a reset or a loss of motor power: it has stood and said why; at most one stroke is drawn twice.
    func verdictOfHoming(_ end: RunEnd, _ plot: WirePlot) -> CampaignReport.Verdict {
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        if let first = summary.complaints.first { return .broken(first) }
        let homings = summary.stood.count { if case .linkLost = $0.reason { false } else { true } }
        let ink = Ink(vertices, dead: summary.dead)
        if homings == 0 {
            // What motors without power should have drawn is not on the paper.
            if ink.difference(to: plot.ink).less > 0 { return .broken("drawn without power, and not noticed") }
            return unlessSame(as: plot) ?? .held("not noticed, same image")
        }
        guard homings == 1 else { return .broken("stood \(homings) times: \(summary.stood)") }
        return Self.inkWithin(ink, plot, reasons: summary.stood.map(\.reason))
    }

    /// Nothing is missing or beside, and at most one stroke is there twice.
    static func inkWithin(_ ink: Ink, _ plot: WirePlot, reasons: [PauseReason]) -> CampaignReport.Verdict {
        let steps = ink.difference(to: plot.ink)
        if steps.less > 0 {
            return .broken("\(steps.less) steps are missing, \(ink.missing(from: plot.ink)); \(reasons)")
        }
        if ink.cellsBeside(plot.ink) > 0 { return .broken("ink beside the plot; \(reasons)") }
        if steps.more == 0 { return .held("nothing twice") }
        var most = plot.ink
        for stroke in plot.strokeInk {
            let before = most
            most.add(stroke)
            if ink.difference(to: most).more == 0 { return .held("one stroke twice") }
            most = before
        }
        let each = plot.strokeInk.enumerated().compactMap { number, stroke -> String? in
            var rest = plot.ink
            rest.add(stroke)
            let left = steps.more - ink.difference(to: rest).more
            return left == 0 ? nil : "\(left) of stroke \(number)"
        }.joined(separator: ", ")
        return .broken("\(steps.more) steps twice, more than one stroke: \(each); \(reasons)")
    }

    /// After requests: a state of the table, and the whole plot if none of them ended it.
    func verdict(of asked: [Request], _ end: RunEnd, _ plot: WirePlot) -> CampaignReport.Verdict {
        let summary = summary
        if let first = summary.complaints.first { return .broken("\(asked): \(first)") }
        let (isPenUp, isIdle) = loopback.withBoard { ($0.isPenUp, $0.isIdle) }
        guard isPenUp, isIdle else { return .broken("\(asked): pen up \(isPenUp), at rest \(isIdle)") }
        for stood in summary.stood where stood.reason != .asked && stood.reason != .button {
            return .broken("\(asked): stood \(stood.reason)")
        }
        let isStopped = asked.contains(.stop)
        if !isStopped, let first = incidents.subtracting(plot.incidents).first { return .broken("\(asked): \(first)") }
        if let late = stopLateness, late > 500 { return .broken("\(asked): ES came \(late) ticks late") }
        if asked.contains(.cancel) || isStopped {
            guard end == .cancelled || end == .done else { return .broken("\(asked): ended \(end)") }
            return .held(isStopped ? "stopped" : "cancelled")
        }
        guard end == .done else { return .broken("\(asked): ended \(end)") }
        return unlessSame(as: plot) ?? .held(sameImage)
    }

    /// When the last motion ended that the board had begun by `tick`.
    func lastMotionEnd(before tick: Int64) -> Int64 {
        let records = loopback.withBoard { $0.takeRecords() }.filter { $0.ticks > 0 && $0.startTick <= tick }
        return records.map { $0.startTick + $0.ticks }.max() ?? 0
    }

    /// Ticks from a request to stop to the board's `ES`, the longest; nil without one.
    private var stopLateness: Int64? {
        guard let asked = summary.stopAsked else { return nil }
        let stops = loopback.withBoard { $0.takeRecords() }.filter { $0.command.starts(with: "ES".utf8) }.map(\.tick)
        return zip(asked, stops).map { $1 - $0 }.max() ?? .max
    }
}
