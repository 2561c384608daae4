internal import EBB
internal import TestSupport

/// A driver with one thing broken, made by the wrapper round its link or its mailbox: what the rows must notice.
enum WireBreak: String, CaseIterable, Sendable {
    case stopWaits = "a stop that waits for the queue"
    case strangerBelieved = "another board taken for the right one"
    case surplusUnseen = "a reply too many that is not noticed"
    case lostRequest = "a request before the first byte that is lost"

    @TaskLocal static var present: WireBreak?

    /// The row that is meant for it.
    private var row: WireRow {
        switch self {
        case .stopWaits: controlRow
        case .strangerBelieved: foreignRow
        case .surplusUnseen: doubledRow
        case .lostRequest: beginRow
        }
    }

    private static let mostSeeds: UInt64 = 12

    /// Which row notices each break, and that none does when nothing is broken.
    static func prove(seed: UInt64, _ report: inout CampaignReport) async throws {
        let plot = try await WirePlot(.scribbles, firmware: .v303)
        for broken in allCases {
            let row = broken.row
            let without = try await $present.withValue(nil) { try await verdict(row, plot, seed, most: 2) }
            if let without {
                report.add(.broken("noticed without a mistake: \(without)"), row: broken.rawValue, seed: seed)
                continue
            }
            let found = try await $present.withValue(broken) { try await verdict(row, plot, seed, most: mostSeeds) }
            report.add(
                found == nil ? .broken("no row notices") : .held("caught by wire \(row.name)"), row: broken.rawValue,
                seed: seed)
        }
    }

    /// What the row says first against a run.
    private static func verdict(_ row: WireRow, _ plot: WirePlot, _ seed: UInt64, most: UInt64) async throws -> String?
    {
        for number in seed..<(seed &+ most) {
            var generator = SeededGenerator(seed: number &* 0x9E37_79B9 &+ 7)
            if case .broken(let words) = try await row.run(plot, number, &generator) { return words }
        }
        return nil
    }
}
