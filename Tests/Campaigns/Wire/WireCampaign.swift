internal import EBB
internal import Foundation
internal import TestSupport

/// One kind of fault, and what must come of it.
struct WireRow: Sendable {
    var name: String
    /// One run with a fault at a random moment, or at one that the seed says.
    var run: @Sendable (WirePlot, UInt64, inout SeededGenerator) async throws -> CampaignReport.Verdict
}

let wireCampaign = Campaign(
    name: "wire", help: "faults between driver and board: \(wireRows.map(\.name).joined(separator: ", "))"
) { arguments in
    let versions = arguments.firmware.map { [$0] } ?? ["2.8.1", "3.0.3"]
    let rows = wireRows.filter { arguments.row == nil || $0.name == arguments.row }
    guard !rows.isEmpty else { throw CampaignArguments.Misuse(reason: "no row of wire is called so") }
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    let end = arguments.minutes.map { Date().addingTimeInterval($0 * 60) } ?? .distantFuture
    var plots: [WirePlot] = []
    for version in versions {
        guard let firmware = FirmwareVersion(version) else {
            throw CampaignArguments.Misuse(reason: "\(version) is no firmware")
        }
        plots.append(try await WirePlot(firmware: firmware))
    }
    for seed in arguments.seed..<(arguments.seed &+ arguments.seeds) where Date() < end {
        for plot in plots {
            for row in rows where Date() < end {
                // Each row has its own numbers, so that one of them alone can be run again.
                let salt = row.name.utf8.reduce(UInt64(plot.firmware.major)) { $0 &* 31 &+ UInt64($1) }
                var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ salt)
                let watchdog = Watchdog(seconds: 30, "\(row.name) \(plot.firmware), seed \(seed): hangs")
                let verdict = try await row.run(plot, seed, &generator)
                watchdog.end()
                report.add(verdict, row: "\(row.name) \(plot.firmware)", seed: seed)
            }
        }
    }
    return report
}
