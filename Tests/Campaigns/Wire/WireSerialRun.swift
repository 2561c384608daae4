internal import EBB
internal import Foundation
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport

/// One plot through the real driver and a real port, in real time, with a person who brings the carriage home when asked.
final class SerialRun: Sendable {
    struct Seen: Sendable {
        /// What has been arranged and waits for the plot to begin.
        var arranged: [@Sendable () -> Void] = []
        var stood: [PauseReason] = []
        var recoveries = 0
        /// Board times at which the carriage was brought home.
        var homes: [Int64] = []
        /// From the moment at which the motors lost their power to that at which the carriage had been brought home.
        var dead: Range<Int64>?
    }

    let plot: WirePlot
    let port: SerialTap
    private let board: ServedBoard
    private let driver: Driver
    private let requests = RunRequests()
    private let seen = Mutex(Seen())

    init(plot: WirePlot, seed: UInt64) async throws {
        self.plot = plot
        board = try ServedBoard(BoardConfiguration(firmware: plot.firmware, name: "Rig"), seed: seed)
        port = try SerialTap(board, other: ServedBoard(BoardConfiguration(firmware: plot.firmware, name: "Other")))
        driver = Driver(transport: port)
        _ = try board.path()
        _ = try await driver.connect()
    }

    var summary: Seen { seen.withLock { $0 } }

    func note(_ change: (inout sending Seen) -> Void) { seen.withLock { change(&$0) } }

    /// Lets a fault happen at a random moment of the plot.
    func arrange(_ rule: FaultRule, _ generator: inout SeededGenerator) {
        arrange(&generator) { _, injector in injector.add(FaultScript(rules: [rule])) }
    }

    /// Does something at a random moment of the plot.
    func arrange(_ generator: inout SeededGenerator, _ errand: @escaping BoardService.Remote.Errand) {
        let length = plot.ticks.upperBound - plot.ticks.lowerBound
        let seconds = 0.2 + generator.unit() * Double(length) / Double(BoardClock.ticksPerSecond)
        note { seen in
            seen.arranged.append { [board] in
                DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { @Sendable in board.perform(errand) }
            }
        }
    }

    /// Draws the plot to whichever end; gives the way of the pen.
    private func draw() async -> (end: RunEnd, vertices: [Trace.Vertex]) {
        let end = await driver.run(RunStart(plot.program), requests: requests) { self.happened($0) }
        await driver.close()
        port.end()
        let final = board.end()
        return (end, (final?.trace.vertices ?? []) + (final.map { [$0.liveVertex] } ?? []))
    }

    private func happened(_ event: RunEvent) {
        let arranged = seen.withLock { seen in
            defer { seen.arranged = [] }
            return seen.arranged
        }
        for arrange in arranged { arrange() }
        switch event {
        case .progressed, .pressed, .changed, .kept, .grew: break
        case .recovered: note { $0.recoveries += 1 }
        case .stood(let reason):
            note { $0.stood.append(reason) }
            switch reason {
            case .linkLost: break
            case .asked, .button, .planned: requests.resume()
            case .positionLost, .motorPowerLost: home()
            }
        }
    }

    /// Waits until all is at rest, brings the carriage home, switches the power on and says so.
    private func home() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { @Sendable [self] in
            board.perform { [self] board, _ in
                let now = board.now
                board.setSupply(counts: 300)
                board.carryHome()
                note { seen in
                    seen.homes.append(now)
                    if let dead = seen.dead { seen.dead = dead.lowerBound..<now }
                }
                requests.resume()
            }
        }
    }

    // MARK: Verdicts

    /// It may have stood for the link alone, and has gone on by itself.
    func verdictOfLinkLoss() async -> CampaignReport.Verdict {
        let (end, vertices) = await draw()
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        guard summary.stood.allSatisfy({ if case .linkLost = $0 { true } else { false } }) else {
            return .broken("stood: \(summary.stood)")
        }
        guard summary.recoveries == 0 || !summary.stood.isEmpty else { return .broken("recovered from nothing") }
        return WireRun.unlessSame(vertices, as: plot)
            ?? .held(summary.stood.isEmpty ? "not noticed, same image" : sameImage)
    }

    /// It has stood once to be brought home, or nothing was left to lose; at most one stroke is drawn twice.
    func verdictOfHoming() async -> CampaignReport.Verdict {
        let (end, vertices) = await draw()
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        let ink = Ink(vertices, dead: summary.dead)
        if summary.homes.isEmpty {
            if ink.difference(to: plot.ink).less > 0 { return .broken("drawn without power, and not noticed") }
            return WireRun.unlessSame(vertices, as: plot) ?? .held("not noticed, same image")
        }
        guard summary.homes.count == 1 else {
            return .broken("brought home \(summary.homes.count) times: \(summary.stood)")
        }
        return WireRun.inkWithin(ink, plot, reasons: summary.stood)
    }

    /// The same image, or paused with the bytes quoted, and nothing but the stroke in hand is beside or twice.
    func verdictOfDamage(isWrongInkAllowed: Bool) async -> CampaignReport.Verdict {
        let (end, vertices) = await draw()
        guard end == .done else { return .broken("ended \(end)") }
        let summary = summary
        for reason in summary.stood {
            switch reason {
            case .linkLost: break
            case .positionLost(let text):
                guard WireTap.quoted(in: text)?.isEmpty == false else { return .broken("no bytes quoted: \(text)") }
            case .asked, .button, .planned, .motorPowerLost: return .broken("stood: \(reason)")
            }
        }
        if summary.homes.isEmpty { return WireRun.unlessSame(vertices, as: plot) ?? .held(sameImage) }
        let fault = WireRun.strokesUnlessWrong(
            vertices, plot, stood: summary.homes, isWrongInkAllowed: isWrongInkAllowed)
        return fault.map { .broken("\($0); \(summary.stood)") } ?? .held(WireRun.pausedForBytes)
    }
}

/// A port that finds another board for a while, or sends a line twice; everything else is the port's.
final class SerialTap: Transport {
    private struct Plans: Sendable {
        /// Commands of the program until one comes twice.
        var doubled: Int?
        /// How often the port is still opened to the other board.
        var others = 0
    }

    /// The port asks for them, too.
    private final class SharedPlans: Sendable {
        let state = Mutex(Plans())
    }

    private let port: SerialPort
    private let other: ServedBoard
    private let shared = SharedPlans()

    init(_ board: ServedBoard, other: ServedBoard) throws {
        self.other = other
        port = SerialPort(name: "Rig") { [shared] in
            let isOther = shared.state.withLock { plans in
                defer { plans.others = max(0, plans.others - 1) }
                return plans.others > 0
            }
            return isOther ? other.present : board.present
        }
        _ = try other.path()
    }

    var now: Int64 { port.now }

    func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
        try port.open(on: executor, events: events)
    }

    func write(_ bytes: [UInt8]) {
        let isTwice = shared.state.withLock { plans in
            guard let left = plans.doubled, ["SM", "LM", "LT", "SP"].contains(where: { bytes.starts(with: $0.utf8) })
            else {
                return false
            }
            plans.doubled = left > 0 ? left - 1 : nil
            return left == 0
        }
        port.write(bytes)
        if isTwice { port.write(bytes) }
    }

    func wake(at tick: Int64?) { port.wake(at: tick) }
    func close() { port.close() }

    /// Sends the line of the n-th command of the program, counted from 0, twice.
    func doubleCommand(_ number: Int) { shared.state.withLock { $0.doubled = number } }

    /// A board of another name is found the next times that the port is opened.
    func answerAsAnother(times: Int) { shared.state.withLock { $0.others = times } }

    func end() { _ = other.end() }
}
