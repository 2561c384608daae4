internal import EBB
internal import Motion
internal import TestSupport

/// A driver with one thing broken, made by the wrapper round its link or its mailbox: what the rows must notice.
enum WireBreak: String, CaseIterable, Sendable {
    case stopWaits = "a stop that waits for the queue"
    case strangerBelieved = "another board taken for the right one"
    case surplusUnseen = "a reply too many that is not noticed"
    case lostRequest = "a request before the first byte that is lost"
    case firstAnswerBelieved = "an answer of a reconnect that is believed at once"
    case lateBelieved = "a late answer taken for that to a later question"
    case damageUnseen = "counters and pen that nobody looks at"
    case stopsPassed = "stops for pens that nobody stands at"
    case deadUnseen = "motors without power that are not noticed"

    @TaskLocal static var present: WireBreak?

    /// The row that is meant for it.
    private var row: WireRow {
        switch self {
        case .stopWaits: controlRow
        case .strangerBelieved: foreignRow
        case .surplusUnseen: doubledRow
        case .lostRequest: beginRow
        case .firstAnswerBelieved: reconnectRow
        case .lateBelieved: overdueRow
        case .damageUnseen: sendsRow
        case .deadUnseen: powerRow
        case .stopsPassed: stopsRow
        }
    }

    /// Where it does most harm.
    private var firmware: FirmwareVersion {
        switch self {
        case .lateBelieved, .damageUnseen: .v281
        case .stopWaits, .strangerBelieved, .surplusUnseen, .lostRequest, .firstAnswerBelieved, .deadUnseen,
            .stopsPassed:
            .v303
        }
    }

    /// One answer of some twenty decides, and most faults of it are noticed at once.
    private var mostSeeds: UInt64 { self == .firstAnswerBelieved ? 60 : 12 }

    /// Which row notices each break, and that none does when nothing is broken.
    static func prove(seed: UInt64, only: String?, _ report: inout CampaignReport) async throws {
        var plots: [String: WirePlot] = [:]
        for broken in allCases where only == nil || only == broken.rawValue {
            let row = broken.row
            let name = "\(row.subject) \(broken.firmware)"
            let plot =
                // The counters that a mistake makes up are those of step-limited moves.
                if let made = plots[name] { made } else {
                    try await WirePlot(row.subject, firmware: broken.firmware, motion: .junction)
                }
            plots[name] = plot
            let without = try await $present.withValue(nil) { try await verdict(row, plot, seed, most: 2) }
            if let without {
                report.add(.broken("noticed without a mistake: \(without.words)"), row: broken.rawValue, seed: seed)
                continue
            }
            let found = try await $present.withValue(broken) {
                try await verdict(row, plot, seed, most: broken.mostSeeds)
            }
            let caught = found.map { CampaignReport.Verdict.held("caught by wire \(row.name) in run \($0.run)") }
            report.add(caught ?? .broken("no row notices"), row: broken.rawValue, seed: seed)
        }
    }

    /// What the row says first against a run, and which one it was.
    private static func verdict(_ row: WireRow, _ plot: WirePlot, _ seed: UInt64, most: UInt64) async throws
        -> (words: String, run: UInt64)?
    {
        for number in seed..<(seed &+ most) {
            var generator = SeededGenerator(seed: number &* 0x9E37_79B9 &+ 7)
            if case .broken(let words) = try await row.run(plot, number, &generator) {
                return (words, number - seed + 1)
            }
        }
        return nil
    }
}
