internal import EBB
internal import Foundation
internal import TestSupport

/// One kind of fault, and what must come of it.
struct WireRow: Sendable {
    /// What is drawn.
    enum Subject: Sendable {
        /// Some 320 short strokes.
        case scribbles
        /// The fixture with the most commands a second.
        case densest
        /// A few lines of seconds each.
        case lines
        /// Short strokes of three pens, and a layer that asks to be waited for.
        case pens
        /// Short strokes on three tiles of a page that the machine does not reach.
        case tiles
    }

    var name: String
    var subject = Subject.scribbles
    /// In real time, and so but once, with the first seed.
    var isOnce = false
    /// The share of runs that must end with the same image, whatever else would hold, too.
    var leastSame = 0.0
    /// One run with a fault at a random moment, or at one that the seed says.
    var run: @Sendable (WirePlot, UInt64, inout SeededGenerator) async throws -> CampaignReport.Verdict
}

let wireCampaign = Campaign(
    name: "wire",
    help:
        "faults between driver and board: \(wireRows.map(\.name).joined(separator: ", ")); with --serial, in real time "
        + "through a pseudo-terminal: \(SerialRow.names.joined(separator: ", "))"
) { arguments in
    let versions = arguments.firmware.map { [$0] } ?? ["2.8.1", "3.0.3"]
    let firmwares = try versions.map { version throws(CampaignArguments.Misuse) in
        guard let firmware = FirmwareVersion(version) else {
            throw CampaignArguments.Misuse(reason: "\(version) is no firmware")
        }
        return firmware
    }
    if arguments.isSerial { return try await SerialRow.runAll(arguments, firmwares) }
    let rows = wireRows.filter { arguments.row == nil || $0.name == arguments.row }
    guard !rows.isEmpty else { throw CampaignArguments.Misuse(reason: "no row of wire is called so") }
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    let end = arguments.minutes.map { Date().addingTimeInterval($0 * 60) } ?? .distantFuture
    var plots: [String: WirePlot] = [:]
    let motions = Set((0..<min(2, arguments.seeds)).map { arguments.motion(ofSeed: arguments.seed &+ $0) })
    for firmware in firmwares {
        for row in rows {
            for motion in motions where plots["\(row.subject) \(firmware) \(motion)"] == nil {
                plots["\(row.subject) \(firmware) \(motion)"] = try await WirePlot(
                    row.subject, firmware: firmware, motion: motion, jerk: arguments.jerk)
            }
        }
    }
    for seed in arguments.seed..<(arguments.seed &+ arguments.seeds) where Date() < end {
        for firmware in firmwares {
            for row in rows where Date() < end && (!row.isOnce || seed == arguments.seed) {
                let motion = arguments.motion(ofSeed: seed)
                guard let plot = plots["\(row.subject) \(firmware) \(motion)"] else { continue }
                // Each row has its own numbers, so that one of them alone can be run again.
                let salt = row.name.utf8.reduce(UInt64(firmware.major)) { $0 &* 31 &+ UInt64($1) }
                var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ salt)
                let watchdog = Watchdog(
                    seconds: row.isOnce ? 600 : 60, "\(row.name) \(firmware), seed \(seed): hangs")
                let verdict = try await row.run(plot, seed, &generator)
                watchdog.end()
                report.add(verdict, row: "\(row.name) \(firmware)", seed: seed)
            }
        }
    }
    for row in rows where row.leastSame > 0 {
        for firmware in firmwares {
            let name = "\(row.name) \(firmware)"
            let (runs, same) = report.counts(of: sameImage, row: name)
            // Of few runs a single one is more than its share.
            guard Double(runs - same) > max(1, Double(runs) * (1 - row.leastSame)) else { continue }
            report.add(.broken("the same image in \(same) of \(runs) runs"), row: name, seed: arguments.seed)
        }
    }
    return report
}

/// The words for a run that has left the undisturbed plot's image.
let sameImage = "same image"
