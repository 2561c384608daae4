internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport

/// The cable is pulled in a plot of several pens, between its stops or at one of them, and the board keeps its power or is
/// reset: every stop is stood at before its first stroke, none is asked for twice but where its layer is begun again, and the
/// ink is as ever.
let stopsRow = WireRow(name: "stops", subject: .pens) { plot, _, generator in
    try await cutPlot(plot, &generator)
}

/// The same where the paper is moved between tiles.
let tilesRow = WireRow(name: "tiles", subject: .tiles) { plot, _, generator in
    try await cutPlot(plot, &generator)
}

private func cutPlot(
    _ plot: WirePlot, _ generator: inout SeededGenerator
) async throws -> CampaignReport.Verdict {
    let run = try await WireRun(plot: plot, seed: generator.next())
    let isReset = generator.unit() < 0.5
    let tick = plot.tick(&generator)
    let ticks = Int64(1 + generator.unit() * 250_000)
    run.arrange(at: tick) {
        run.loopback.pullCable()
        if isReset { run.loopback.withBoard { $0.powerCycle() } }
    }
    run.arrange(at: tick + ticks) { run.loopback.plugCable() }
    let end = await run.draw()
    guard end == .done else { return .broken("ended \(end)") }
    let summary = run.summary
    if let first = summary.complaints.first { return .broken(first) }
    return stopsFault(summary.stood.map(\.reason), of: plot).map { .broken($0) }
        ?? inkVerdict(summary.stood.map(\.reason), run.vertices, plot)
}

/// What is wrong with the stops that were stood at; nil if nothing is.
private func stopsFault(_ stood: [PauseReason], of plot: WirePlot) -> String? {
    let asked = stood.compactMap { reason -> PlotStop? in
        if case .planned(let stop) = reason { stop } else { nil }
    }
    let wanted = plot.program.stops
    guard wanted.count >= 2 else { return "the plot has \(wanted.count) stops" }
    let isHomed = stood.contains(where: \.isPositionUnknown)
    if !isHomed, asked != wanted { return "stood at \(asked.map(\.stroke)), not at \(wanted.map(\.stroke))" }
    // After homing the pen of the stroke that is begun again may be asked for once more.
    if asked.count > wanted.count + (isHomed ? 1 : 0) { return "stood \(asked.count) times for \(wanted.count) stops" }
    for stop in wanted where !asked.contains(where: { $0.prompt == stop.prompt && $0.kind == stop.kind }) {
        return "never asked: \(stop.prompt)"
    }
    return nil
}

private func inkVerdict(
    _ stood: [PauseReason], _ vertices: [Trace.Vertex], _ plot: WirePlot
) -> CampaignReport.Verdict {
    if stood.contains(where: \.isPositionUnknown) { return WireRun.inkWithin(Ink(vertices), plot, reasons: stood) }
    return WireRun.unlessSame(vertices, as: plot) ?? .held(sameImage)
}
