internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport

/// A kind of fault between driver and board on a true serial path: a pseudo-terminal, in real time.
struct SerialRow: Sendable {
    var name: String
    /// Lets something go wrong, and says what must come of it.
    var run: @Sendable (SerialRun, inout SeededGenerator) async throws -> CampaignReport.Verdict
}

/// The rows of `wire` that a port, its opening and its hanging up have a part in.
private let serialRows = [
    SerialRow(name: "serial kept") { run, generator in
        let ticks = Int64(2_500 + generator.unit() * generator.unit() * 72_500)
        run.arrange(FaultRule(.now, .unplug(ticks: ticks, resets: false)), &generator)
        return await run.verdictOfLinkLoss()
    },
    SerialRow(name: "serial reset") { run, generator in
        let ticks = Int64(2_500 + generator.unit() * 47_500)
        // The cable carries the board's own power: without it nothing is drawn from its queue.
        run.arrange(&generator) { board, injector in
            board.powerCycle()
            injector.add(FaultScript(rules: [FaultRule(.now, .unplug(ticks: ticks, resets: false))]))
        }
        return await run.verdictOfHoming()
    },
    SerialRow(name: "serial reconnect") { run, generator in
        let ticks = Int64(1_250 + generator.unit() * 23_750)
        let answer = Int.random(in: 1...22, using: &generator)
        let few = Int.random(in: 1...3, using: &generator)
        let faults: [Fault] = [
            .delay(ticks: Int64(30_000 + generator.unit() * 40_000)), .flip(bytes: few, .toHost),
            .double(bytes: Int(4 + generator.unit() * 40), .toHost), .lose(bytes: few * 3, .toHost),
        ]
        let fault = faults.randomElement(using: &generator) ?? faults[0]
        run.arrange(&generator) { _, injector in
            let number = injector.commandCount + answer
            injector.add(
                FaultScript(rules: [
                    FaultRule(.now, .unplug(ticks: ticks, resets: false)),
                    FaultRule(.replies(number...number), fault),
                ]))
        }
        return await run.verdictOfLinkLoss()
    },
    SerialRow(name: "serial foreign") { run, generator in
        let times = Int.random(in: 1...3, using: &generator)
        run.arrange(&generator) { _, injector in
            run.port.answerAsAnother(times: times)
            injector.add(FaultScript(rules: [FaultRule(.now, .unplug(ticks: 5_000, resets: false))]))
        }
        let verdict = await run.verdictOfLinkLoss()
        // Pulled after the plot's last word, the cable is back before anybody asks.
        guard case .held = verdict, !run.summary.stood.isEmpty else { return verdict }
        let isTold = run.summary.stood.contains { if case .linkLost(.otherBoard) = $0 { true } else { false } }
        return isTold ? .held("told, then same image") : .broken("the other board was not told: \(run.summary.stood)")
    },
    SerialRow(name: "serial overdue") { run, generator in
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            run.arrange(FaultRule(.now, .delay(ticks: Int64(25_000 + generator.unit() * 40_000))), &generator)
        }
        return await run.verdictOfLinkLoss()
    },
    SerialRow(name: "serial doubled") { run, generator in
        run.port.doubleCommand(Int.random(in: 12..<max(13, run.plot.sent.count - 10), using: &generator))
        return await run.verdictOfDamage(isWrongInkAllowed: true)
    },
    SerialRow(name: "serial sends") { run, generator in
        let few = Int.random(in: 1...3, using: &generator)
        let faults: [Fault] = [.flip(bytes: few, .toBoard), .lose(bytes: few, .toBoard), .double(bytes: few, .toBoard)]
        run.arrange(FaultRule(.now, faults.randomElement(using: &generator) ?? faults[0]), &generator)
        return await run.verdictOfDamage(isWrongInkAllowed: true)
    },
    SerialRow(name: "serial power") { run, generator in
        run.arrange(&generator) { board, _ in
            let now = board.now
            run.note { $0.dead = now..<Int64.max }
            board.setSupply(counts: 0)
        }
        return await run.verdictOfHoming()
    },
]

extension SerialRow {
    static var names: [String] { serialRows.map(\.name) }

    /// Plots at the same time: they wait for their boards nearly all the time.
    private static let together = 8

    /// Every row on every firmware with every seed.
    static func runAll(_ arguments: CampaignArguments, _ firmwares: [FirmwareVersion]) async throws -> CampaignReport {
        let rows = serialRows.filter { arguments.wants($0.name) }
        guard !rows.isEmpty else { throw CampaignArguments.Misuse(reason: "no row of wire --serial is called so") }
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        let end = arguments.minutes.map { Date().addingTimeInterval($0 * 60) } ?? .distantFuture
        var jobs: [(row: SerialRow, plot: WirePlot, seed: UInt64)] = []
        let plots = try await firmwares.asyncMap { firmware in
            try await PlotOptions.Motion.allCases.asyncMap { motion in
                var options = PlotOptions()
                if motion == .physical { options.jerk = arguments.jerk }
                return try await WirePlot(
                    drawing: Array(drawing.utf8), firmware: firmware, motion: motion, options: options)
            }
        }
        for seed in arguments.seed..<(arguments.seed &+ arguments.seeds) {
            for plot in plots.joined() where plot.motion == arguments.motion(ofSeed: seed) {
                jobs += rows.map { ($0, plot, seed) }
            }
        }
        for start in stride(from: 0, to: jobs.count, by: together) where Date() < end {
            let part = jobs[start..<min(jobs.count, start + together)]
            let verdicts = await withTaskGroup(of: (Int, CampaignReport.Verdict).self) { group in
                for (place, job) in zip(part.indices, part) {
                    group.addTask { (place, await job.row.verdict(on: job.plot, seed: job.seed)) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for place in part.indices {
                let job = jobs[place]
                let verdict = verdicts[place] ?? .broken("no verdict")
                report.add(verdict, row: "\(job.row.name) \(job.plot.firmware)", seed: job.seed)
            }
        }
        return report
    }

    private func verdict(on plot: WirePlot, seed: UInt64) async -> CampaignReport.Verdict {
        let salt = name.utf8.reduce(UInt64(plot.firmware.major)) { $0 &* 31 &+ UInt64($1) }
        var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ salt)
        let watchdog = Watchdog(seconds: 240, "\(name) \(plot.firmware), seed \(seed): hangs")
        defer { watchdog.end() }
        do {
            let serial = try await SerialRun(plot: plot, seed: generator.next())
            return try await run(serial, &generator)
        } catch {
            return .broken("\(error)")
        }
    }

    /// Short lines and rings, some seconds in all.
    private static var drawing: String {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='80mm' height='60mm' viewBox='0 0 80 60' "
        text += "fill='none' stroke='black'>"
        for i in 0..<8 {
            let (x, y) = (8 + i % 4 * 14, 10 + i / 4 * 16)
            text += i % 2 == 0 ? "<circle cx='\(x)' cy='\(y)' r='4'/>" : "<path d='M\(x - 4) \(y - 3)l8 2l-3 5'/>"
        }
        return text + "</svg>"
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
        var result: [T] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
