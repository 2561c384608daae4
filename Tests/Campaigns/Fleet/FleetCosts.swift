internal import Foundation
internal import HTTP

/// What a press costs a fleet, measured while it is pressed, and what follows from that.
enum FleetCosts {
    /// A plotter that draws without rest takes a press in so many seconds.
    static let secondsBetweenPresses = 600.0

    static func lines(_ run: FleetRun, milliseconds: Int64) -> [String] {
        let plan = run.plan
        let presses = Double(plan.presses)
        let counts = run.presses.counts
        let relayed = run.plotters.map(\.relay.counts)
        let toPlotters = relayed.reduce((0, 0, 0)) {
            ($0.0 + $1.connections, $0.1 + $1.bytesUp, $0.2 + $1.bytesDown)
        }
        let asked = run.double?.requests ?? []
        let watching = asked.count { $0.query("index") != nil }
        let changing = asked.count { $0.method == "PUT" && $0.path.hasPrefix("/v1/kv/") }
        let front = run.fronts.reduce(0) { $0 + $1.processorSeconds }
        let plotter = run.plotters.reduce(0) { $0 + $1.processorSeconds }
        let memory = run.plotters.map(\.residentBytes).max() ?? 0
        let seconds = Double(milliseconds) / 1_000
        func each(_ number: Int) -> String { String(format: "%.1f", Double(number) / presses) }
        let happened = run.events.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return [
            "seed \(plan.seed): \(plan.plotters) plotters, \(plan.fronts) fronts, \(plan.presses) presses in "
                + String(format: "%.0f s, %.0f a minute", seconds, presses / seconds * 60),
            "  " + (happened.isEmpty ? "nothing else happened" : happened.joined(separator: ", ")),
            "  sent again: \(counts.unanswered) unanswered, \(counts.full) at a full line, \(counts.away) while the "
                + "plotter was away; \(counts.repeated) had counted already",
            "  a press: \(each(toPlotters.0)) requests from fronts to plotters with \(each(toPlotters.1)) bytes up and "
                + "\(each(toPlotters.2)) down"
                + (run.double == nil
                    ? ""
                    : "; \(each(asked.count)) requests to Consul, \(each(watching)) of them watches, "
                        + "\(each(changing)) changes") + (run.nomad.map { "; \(each($0.taskCount)) tasks" } ?? ""),
            String(
                format: "  a press: %.1f ms of CPU at a front, %.1f ms at a plotter, starts included; "
                    + "%.0f MB of its own at most",
                front / presses * 1_000, plotter / presses * 1_000, Double(memory) / 1e6),
        ]
            + (plan.presses < 200
                ? []
                : [
                    String(
                        format: "  saturated at one core by: %.0f plotters for webhooks, %.0f for plotters' daemons",
                        secondsBetweenPresses / max(front / presses, 1e-6),
                        secondsBetweenPresses / max(plotter / presses, 1e-6))
                ])
    }
}
