internal import EBB
internal import Simulator
internal import Synchronization
internal import TestSupport

/// After a lost link one answer of the reconnect is late, doubled, changed, lost, or somebody else's: the plot goes on by
/// itself all the same, whichever question it was.
let reconnectRow = WireRow(name: "reconnect") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let tick = plot.tick(&generator)
    let out = Int64(1 + generator.unit() * 50_000)
    // Some twenty answers; one more than there are does nothing.
    let answer = Int.random(in: 1...22, using: &generator)
    let few = Int.random(in: 1...3, using: &generator)
    let faults: [Fault] = [
        .delay(ticks: Int64(30_000 + generator.unit() * 40_000)),
        .double(bytes: Int(4 + generator.unit() * 40), .toHost),
        .flip(bytes: few, .toHost), .lose(bytes: few * 3, .toHost),
        .say(foreignLines.randomElement(using: &generator) ?? []),
    ]
    // One more: the whole answer twice.
    let choice = Int.random(in: 0...faults.count, using: &generator)
    run.arrange(at: tick) { run.loopback.pullCable() }
    run.arrange(at: tick + out) {
        run.loopback.plugCable()
        if choice == faults.count { return run.tap.doubleAnswer(answer - 1) }
        run.tap.onAnswer(answer) {
            run.loopback.add(FaultScript(rules: [FaultRule(.now, faults[choice])]))
        }
    }
    let verdict = run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: false)
    // One answer alone costs time and nothing else.
    if case .held(WireRun.pausedForBytes) = verdict { return .broken("stood: \(run.summary.stood)") }
    return verdict
}

private let foreignLines: [[UInt8]] = [
    "EBBv13_and_above EB Firmware Version 2.0.3\r\n",
    "EBBv13_and_above EB Firmware Version 3.0.2\r\n",
    "V,EBBv13_and_above EB Firmware Version 2.8.1\n", "Other\r\nOK\r\n", "QT,Other\n", "0\r\nOK\r\n",
    "QL,0\n",
    "0394,0000\r\nOK\r\n", "QC,394,0\n", "0,0\n\rOK\r\n", "QS,0,0\n", "OK\r\n", "OK\r\nOK\r\n",
    "CU\n", "3E\r\n",
].map { Array($0.utf8) }

/// At the place of the board another one answers for a while, with another name or firmware: told in words and waited out.
let foreignRow = WireRow(name: "foreign") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let tick = plot.tick(&generator)
    let times = Int.random(in: 1...3, using: &generator)
    let isNamed = Bool.random(using: &generator)
    let isCancelled = generator.unit() < 0.3
    run.arrange(at: tick) {
        run.loopback.pullCable()
        run.tap.answerAsAnother(times: isCancelled ? .max : times, name: isNamed ? "Other" : nil)
        run.loopback.plugCable()
    }
    if isCancelled { run.arrange(at: tick + 100_000) { run.perform(.cancel) } }
    let end = await run.draw()
    let told = run.summary.stood.contains { stood in
        if case .linkLost(.otherBoard) = stood.reason { true } else { false }
    }
    guard told else { return .broken("the other board was not told: \(run.summary.stood)") }
    if isCancelled {
        return end == .cancelled ? .held("told, cancelled") : .broken("cancel ended \(end)")
    }
    guard end == .done else { return .broken("ended \(end)") }
    guard run.summary.recoveries == 1 else {
        return .broken("recovered \(run.summary.recoveries) times")
    }
    return run.unlessSame(as: plot) ?? .held("told, then same image")
}

/// Answers come seconds late for a while, and nothing is lost: no answer is taken for another's, no position is lost.
let overdueRow = WireRow(name: "overdue") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        run.arrange(plot.rule(.delay(ticks: Int64(25_000 + generator.unit() * 40_000)), &generator))
    }
    return run.verdictOfLinkLoss(await run.draw(), plot)
}

/// A whole line comes twice over the wire, a command of the plot, any other message or an answer: found, and nothing but the
/// stroke in hand is beside the plot.
let doubledRow = WireRow(name: "doubled") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let message = Int.random(in: 0..<plot.runCommands, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: run.tap.doubleMessage(message)
    case 1: run.tap.doubleAnswer(message)
    default:
        run.tap.doubleCommand(Int.random(in: 20..<max(21, plot.sent.count - 10), using: &generator))
    }
    return run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: true)
}

/// One digit of one command is another: found, or the same steps are on the paper.
let digitsRow = WireRow(name: "digits") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let kinds = [["LM", "LT", "SM"], ["LM", "LT", "SM"], ["SP"], ["EM"]].randomElement(using: &generator) ?? []
    let count = plot.sent.count { text in kinds.contains { text.hasPrefix($0) } }
    run.tap.changeDigit(
        of: kinds, Int.random(in: 0..<max(1, count), using: &generator), share: generator.unit(),
        by: UInt8.random(in: 1...9, using: &generator))
    let end = await run.draw()
    let ink = Ink(run.vertices)
    // Below 3.0 a move may be a little beside its way and not be noticed (docs/board.md §6.3).
    let beside = ink.cellsBeside(plot.ink) + plot.ink.cellsBeside(ink)
    let steps = ink.difference(to: plot.ink)
    if end == .done, run.summary.stood.isEmpty, beside <= 8 {
        if steps == (0, 0) { return .held("the same steps") }
        if plot.firmware < .v303, max(steps.more, steps.less) < 5 { return .held("less than 5 steps beside") }
        // Nor every lift that was cut short: the pen still leaves the paper while the carriage goes on.
        if plot.firmware < .v303, kinds == ["SP"], steps.less == 0, steps.more < 150 {
            return .held("a lift cut short, less than 1 mm more")
        }
    }
    return run.verdictOfDamage(end, plot, isWrongInkAllowed: true)
}

/// Cancel, stop or pause at every message between the start of a run and its first motion.
let beginRow = WireRow(name: "begin") { plot, seed, generator in
    let requests: [Request] = [.cancel, .stop, .pauseNow, .pauseAtPenUp]
    let request = requests[Int(seed % UInt64(requests.count))]
    let message = Int(seed / UInt64(requests.count) % 12)
    let run = try await WireRun(plot: plot, seed: generator.next())
    let asks: @Sendable () -> Void = {
        if WireBreak.present == .lostRequest { return }
        run.perform(request)
    }
    if message == 0 { asks() } else { run.tap.onMessage(message, asks) }
    let end = await run.draw()
    let motions = run.loopback.withBoard { $0.takeRecords() }.map {
        String(decoding: $0.command, as: UTF8.self)
    }
    .filter { text in ["SM", "LM", "LT"].contains { text.hasPrefix($0) } }
    let hasInk = run.vertices.contains(where: \.isTouching)
    switch request {
    case .cancel, .stop:
        guard end == .cancelled else {
            return .broken("\(request) at message \(message): ended \(end)")
        }
        // Once the first commands go out, no time passes on this link between a request and the way to the first stroke.
        guard message >= 6 || motions.isEmpty, !hasInk else {
            return .broken("\(request) at message \(message): \(motions.count) moves, ink: \(hasInk)")
        }
        return .held("not begun")
    case .pauseNow, .pauseAtPenUp, .button, .resume:
        guard end == .done, run.summary.stood.map(\.reason) == [.asked] else {
            return .broken("\(request) at message \(message): ended \(end), stood \(run.summary.stood)")
        }
        return run.unlessSame(as: plot) ?? .held("paused, then same image")
    }
}
