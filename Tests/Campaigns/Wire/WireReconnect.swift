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
    let fault = faults.randomElement(using: &generator) ?? faults[0]
    run.arrange(at: tick) { run.loopback.pullCable() }
    run.arrange(at: tick + out) {
        run.loopback.plugCable()
        run.tap.onAnswer(answer) { run.loopback.add(FaultScript(rules: [FaultRule(.now, fault)])) }
    }
    return run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: false)
}

private let foreignLines: [[UInt8]] = [
    "EBBv13_and_above EB Firmware Version 2.0.3\r\n", "EBBv13_and_above EB Firmware Version 3.0.2\r\n",
    "V,EBBv13_and_above EB Firmware Version 2.8.1\n", "Other\r\nOK\r\n", "QT,Other\n", "0\r\nOK\r\n", "QL,0\n",
    "0394,0000\r\nOK\r\n", "QC,394,0\n", "0,0\n\rOK\r\n", "QS,0,0\n", "OK\r\n", "OK\r\nOK\r\n", "CU\n", "3E\r\n",
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
    if isCancelled { return end == .cancelled ? .held("told, cancelled") : .broken("cancel ended \(end)") }
    guard end == .done else { return .broken("ended \(end)") }
    guard run.summary.recoveries == 1 else { return .broken("recovered \(run.summary.recoveries) times") }
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

/// A whole command line comes twice over the wire: found, and nothing but the stroke in hand is beside the plot.
let doubledRow = WireRow(name: "doubled") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    run.tap.doubleCommand(Int.random(in: 20..<max(21, plot.sent.count - 10), using: &generator))
    return run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: true)
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
    let motions = run.loopback.withBoard { $0.takeRecords() }.map { String(decoding: $0.command, as: UTF8.self) }
        .filter { $0.hasPrefix("SM") || $0.hasPrefix("LM") }
    let hasInk = run.vertices.contains(where: \.isTouching)
    switch request {
    case .cancel, .stop:
        guard end == .cancelled else { return .broken("\(request) at message \(message): ended \(end)") }
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
