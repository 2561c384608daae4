internal import Foundation
internal import HTTP
internal import TestSupport

/// A fleet before it stands anywhere: every accepted press becomes exactly one drawing, whatever dies meanwhile.
let fleetCampaign = Campaign(
    name: "fleet",
    help: "N plotters in daemons of their own under M presses through doubles of Consul and Nomad, all killed and cut"
) { arguments in
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    for number in 0..<arguments.seeds {
        for row in FleetRow.allCases where arguments.wants(row.rawValue) {
            let plan = row.plan(arguments, seed: arguments.seed + number)
            report.add(try FleetRow.verdict(plan, &report), row: row.rawValue, seed: plan.seed, times: plan.presses)
        }
    }
    #if DEBUG
        if arguments.wants("cycle") { FleetCosts.cycle(&report, quick: arguments.isQuick, consul: arguments.consul) }
    #endif
    return report
}

/// What a fleet goes through.
enum FleetRow: String, CaseIterable {
    /// Daemons die, connections are cut, addresses change: products in the order of the cycle, none twice.
    case presses
    /// Besides, Consul dies, forgets and talks nonsense.
    case consul
    /// Besides, tasks of a Nomad draw, and both die.
    case tasks

    func plan(_ arguments: CampaignArguments, seed: UInt64) -> FleetPlan {
        var plan = FleetPlan(seed: seed)
        plan.plotters = Int(arguments.plotters ?? 2)
        plan.fronts = 2
        plan.perMinute = arguments.perMinute ?? 0
        let presses = Int(arguments.presses ?? 1_000)
        switch self {
        case .presses:
            plan.presses = presses
            plan.consul = arguments.consul
        case .consul:
            plan.presses = max(1, presses / 10)
            plan.hasBadConsul = true
        case .tasks:
            plan.presses = max(1, presses / 40)
            plan.hasBadConsul = true
            plan.dispatching = max(1, plan.plotters / 2)
        }
        plan.patience = 180_000 + Int64(plan.presses) * 600
        return plan
    }

    static func verdict(_ plan: FleetPlan, _ report: inout CampaignReport) throws -> CampaignReport.Verdict {
        let began = HTTPServer.now
        let run = try FleetRun(plan)
        let faults = try run.run()
        let lines = FleetCosts.lines(run, milliseconds: HTTPServer.now - began)
        report.note(lines)
        guard let first = faults.first else { return .held("presses drawn once") }
        return .broken(([first] + faults.dropFirst().prefix(9)).joined(separator: "\n  "))
    }
}
