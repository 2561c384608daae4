internal import EBB
internal import Simulator
internal import TestSupport

let wireRows = [lateRow]

/// Reads cut and joined anywhere, replies up to 200 ms late: the same bytes sent, the same image.
private let lateRow = WireRow(name: "late") { plot, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    var rules: [FaultRule] = []
    let share = generator.unit() * 0.2
    for _ in 0..<4 {
        rules.append(FaultRule(.random(share), .delay(ticks: Int64.random(in: 1...5_000, using: &generator))))
        rules.append(FaultRule(.random(share), .split(bytes: Int.random(in: 1...4, using: &generator))))
        rules.append(FaultRule(.random(share / 4), .join(ticks: Int64.random(in: 1...5_000, using: &generator))))
    }
    run.loopback.add(FaultScript(rules: rules))
    let end = await run.draw()
    if let broken = run.unlessUndisturbed(end, plot) { return broken }
    let sent = run.programCommands
    if sent == plot.sent { return .held("same bytes and image") }
    let place = zip(sent, plot.sent).prefix { $0 == $1 }.count
    let other = sent.indices.contains(place) ? sent[place] : "no more"
    return .broken("\(sent.count) commands for \(plot.sent.count); number \(place) is \(other)")
}

extension WireRun {
    /// What is wrong with a run that should have drawn everything without ever standing.
    func unlessUndisturbed(_ end: RunEnd, _ plot: WirePlot) -> CampaignReport.Verdict? {
        guard end == .done else { return .broken("ended \(end)") }
        if let first = summary.stood.first { return .broken("stood: \(first.reason)") }
        return unlessSame(as: plot)
    }

    /// What is wrong with a finished run that should have left the undisturbed plot's ink.
    func unlessSame(as plot: WirePlot) -> CampaignReport.Verdict? {
        if let first = summary.complaints.first { return .broken(first) }
        let ink = Ink(vertices)
        if ink.isSame(as: plot.ink) { return nil }
        let steps = ink.difference(to: plot.ink)
        let cells = (ink.cellsBeside(plot.ink), plot.ink.cellsBeside(ink))
        return .broken(
            "ink: \(steps.more) steps more, \(steps.less) less, \(cells.0) places beside, \(cells.1) left out")
    }
}
