internal import EBB
internal import Picture
internal import Simulator
internal import TestSupport

let wireRows = [
    lateRow, keptRow, silentRow, resetRow, powerRow, readsRow, sendsRow, controlRow, pairsRow,
    linesRow, stallRow,
    driftRow, coresRow, reconnectRow, foreignRow, overdueRow, doubledRow,
    digitsRow, beginRow, stopsRow, tilesRow, streamRow,
]

/// Reads cut and joined anywhere, replies up to 200 ms late: the same bytes sent, the same image.
private let lateRow = WireRow(name: "late") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    var rules: [FaultRule] = []
    let share = generator.unit() * 0.2
    for _ in 0..<4 {
        rules.append(
            FaultRule(.random(share), .delay(ticks: Int64.random(in: 1...5_000, using: &generator))))
        rules.append(FaultRule(.random(share), .split(bytes: Int.random(in: 1...4, using: &generator))))
        rules.append(
            FaultRule(.random(share / 4), .join(ticks: Int64.random(in: 1...5_000, using: &generator))))
    }
    for rule in rules { run.arrange(rule) }
    let end = await run.draw()
    guard end == .done else { return .broken("ended \(end)") }
    if let first = run.summary.stood.first { return .broken("stood: \(first.reason)") }
    if let broken = run.unlessSame(as: plot) { return broken }
    let sent = run.programCommands
    if sent == plot.sent { return .held("same bytes and image") }
    let place = zip(sent, plot.sent).prefix { $0 == $1 }.count
    let other = sent.indices.contains(place) ? sent[place] : "no more"
    return .broken("\(sent.count) commands for \(plot.sent.count); number \(place) is \(other)")
}

/// The link is lost and the board keeps its power: the plot goes on by itself.
private let keptRow = WireRow(name: "kept") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let ticks = Int64(2_500 * (1 + generator.unit() * generator.unit() * 599))
    run.arrange(plot.rule(.unplug(ticks: ticks, resets: false), &generator))
    return run.verdictOfLinkLoss(await run.draw(), plot)
}

/// The board says nothing any more: stood in time, what is asked for meanwhile is done, and if it speaks again the plot
/// goes on.
private let silentRow = WireRow(name: "silent") { plot, _, generator in
    let isForEver = generator.unit() < 0.5
    let ticks = isForEver ? 1 << 40 : Int64(generator.unit() * 500_000)
    let run = try await WireRun(plot: plot, seed: generator.next())
    let tick = plot.tick(&generator)
    run.arrange(FaultRule(.at(tick: tick), .silence(ticks: ticks)))
    if generator.unit() < 0.5 { run.arrange(FaultRule(.at(tick: tick), .deafness(ticks: ticks))) }
    let moment = tick + Int64(generator.unit() * Double(isForEver ? 500_000 : ticks))
    let requests: [Request?] = [.pauseNow, .pauseAtPenUp, .cancel, nil]
    let request = isForEver ? .cancel : requests.randomElement(using: &generator) ?? nil
    let isPausedBefore = isForEver && generator.unit() < 0.3
    if isPausedBefore { run.arrange(at: (tick + moment) / 2) { run.perform(.pauseNow) } }
    if let request { run.arrange(at: moment) { run.perform(request) } }
    let end = await run.draw()
    return run.verdictOfSilence(end, plot, at: tick, ticks: ticks, request.map { ($0, moment) })
}

/// The link is lost and the board reset at that moment: paused, not one motion, and after homing nothing is missing.
private let resetRow = WireRow(name: "reset") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let ticks = Int64(1 + generator.unit() * 250_000)
    let tick = plot.tick(&generator)
    run.arrange(at: tick) {
        run.loopback.pullCable()
        run.loopback.withBoard { $0.powerCycle() }
    }
    run.arrange(at: tick + ticks) { run.loopback.plugCable() }
    return run.verdictOfHoming(await run.draw(), plot)
}

/// The motors lose their power; on 3.x also for a moment only, and while the link is out.
let powerRow = WireRow(name: "power") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let tick = plot.tick(&generator)
    run.arrange(at: tick) {
        run.note { $0.dead = tick..<Int64.max }
        run.loopback.withBoard { $0.setSupply(counts: 0) }
    }
    if plot.firmware.major >= 3, generator.unit() < 0.5 {
        let short = Int64(1 + generator.unit() * 25_000)
        run.arrange(at: tick + short) { run.loopback.withBoard { $0.setSupply(counts: 300) } }
    }
    if generator.unit() < 0.4 {
        let out = tick - Int64(generator.unit() * 2_000)
        run.arrange(at: out) { run.loopback.pullCable() }
        run.arrange(at: tick + Int64(1 + generator.unit() * 100_000)) { run.loopback.plugCable() }
    }
    return run.verdictOfHoming(await run.draw(), plot)
}

/// What the host reads is damaged: never a motion twice or left out; the same image, or paused with the bytes quoted.
private let readsRow = WireRow(name: "reads", leastSame: 0.99) { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    var rules: [FaultRule] = []
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let few = Int.random(in: 1...4, using: &generator)
        let faults: [Fault] = [
            .garbage(bytes: few * 8), .flip(bytes: few, .toHost), .lose(bytes: few, .toHost),
            .double(bytes: few, .toHost), .say(unaskedLines.randomElement(using: &generator) ?? []),
        ]
        rules.append(plot.rule(faults.randomElement(using: &generator) ?? faults[0], &generator))
    }
    for rule in rules { run.arrange(rule) }
    return run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: false)
}

private let unaskedLines: [[UInt8]] = [
    "Limit switch triggered. PortB=00\r\n", "OK\r\n", "!8 Err: Unknown command 'AT:4154'\r\n", "\r\n",
    "SM\n", "LM\n",
    "QS,0,0\n", "0,0\n\rOK\r\n", "!2 Err: TX Buffer overrun\r\n", "QG,3E\n", "3E\r\n", "SP\n",
    "LM,OK\n",
    "OK\r\nOK\r\n", "QG,2E\n", "QG,5E\n",
].map { Array($0.utf8) }

/// The same in what the host sends.
let sendsRow = WireRow(name: "sends") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    var rules: [FaultRule] = []
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let few = Int.random(in: 1...3, using: &generator)
        let faults: [Fault] = [
            .flip(bytes: few, .toBoard), .lose(bytes: few, .toBoard), .double(bytes: few, .toBoard),
        ]
        rules.append(plot.rule(faults.randomElement(using: &generator) ?? faults[0], &generator))
    }
    for rule in rules { run.arrange(rule) }
    return run.verdictOfDamage(await run.draw(), plot, isWrongInkAllowed: true)
}

/// Pause, resume, cancel and stop at random moments, one after the other.
let controlRow = WireRow(name: "control") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    var tick = plot.tick(&generator)
    var asked: [Request] = []
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let request = Request.allCases.randomElement(using: &generator) ?? .pauseNow
        asked.append(request)
        run.arrange(at: tick) { run.perform(request) }
        tick += Int64(generator.unit() * generator.unit() * 50_000)
    }
    let end = await run.draw()
    return run.verdict(of: asked, end, plot)
}

/// Every request, and every ordered pair, at every one of 1,000 points of the plot, by the seed: 30,000 seeds have all.
private let pairsRow = WireRow(name: "pairs") { plot, seed, generator in
    let requests: [Request] = [.pauseNow, .pauseAtPenUp, .resume, .cancel, .stop]
    let choice = Int(seed % 30)
    let asked = choice < 5 ? [requests[choice]] : [requests[choice / 5 - 1], requests[choice % 5]]
    // Not one after the other, so that a few seeds already are spread over the plot.
    let point = Int64(seed / 30 % 1_000 * 619 % 1_000)
    let run = try await WireRun(plot: plot, seed: generator.next())
    let first =
        plot.ticks.lowerBound + 2_500 + (plot.ticks.upperBound - plot.ticks.lowerBound - 2_500) * point
        / 1_000
    // At the same moment, while the first is under way, or when it is done with.
    let gaps = [0, Int64(generator.unit() * 2_500), Int64(generator.unit() * 75_000)]
    let second = first + (gaps.randomElement(using: &generator) ?? 0)
    for (tick, request) in zip([first, second], asked) {
        run.arrange(at: tick) { run.perform(request) }
    }
    let end = await run.draw()
    return run.verdict(of: asked, end, plot)
}

/// A pause in the midst of a long line, which is cut for it: every step is the same, and the picture but for a shade.
private let linesRow = WireRow(name: "lines", subject: .lines) { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    run.arrange(at: plot.tick(&generator)) { run.perform(.pauseNow) }
    let end = await run.draw()
    guard end == .done else { return .broken("ended \(end)") }
    guard run.summary.stood.allSatisfy({ $0.reason == .asked }) else {
        return .broken("stood: \(run.summary.stood)")
    }
    let vertices = run.vertices
    guard Ink(vertices).isSame(as: plot.ink) else {
        return run.unlessSame(as: plot) ?? .broken("other ink")
    }
    let difference = try WirePlot.shades(WirePlot.picture(of: vertices), plot.picture)
    guard difference <= WirePlot.mostShades else {
        return .broken("a pixel differs by \(difference) of 255 shades")
    }
    return .held(difference == 0 ? sameImage : "\(difference) of 255 shades beside")
}

/// The host gets no processor for a while, often, where commands are shortest: the board must not notice.
private let stallRow = WireRow(name: "stalls", subject: .densest) { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    // 50 ms; 2.x has one command in reserve.
    let longest = plot.firmware.major >= 3 ? 1_250 : plot.shortestMotion
    var tick = plot.ticks.lowerBound
    var count = 0
    while tick < plot.ticks.upperBound {
        tick += Int64(1_250 + generator.unit() * 2_500)
        let ticks = Int64.random(in: 1...longest, using: &generator)
        run.arrange(at: tick) { run.loopback.stall(ticks: ticks) }
        tick += ticks
        count += 1
    }
    let end = await run.draw()
    guard end == .done else { return .broken("ended \(end)") }
    if let first = run.summary.stood.first { return .broken("stood: \(first.reason)") }
    let starved = run.loopback.withBoard { $0.incidents.count { $0.kind == .starved } }
    return starved == 0
        ? run.unlessSame(as: plot) ?? .held("never starved")
        : .broken("starved \(starved) times in \(count) stalls")
}

/// The board's clock differs from ours by up to 0.3 %: it must not starve, nor its parser be blocked for long.
private let driftRow = WireRow(name: "drift") { plot, _, generator in
    let drift = 1 + (generator.unit() * 2 - 1) * 0.003
    let run = try await WireRun(plot: plot, seed: generator.next(), drift: drift)
    let stop = plot.tick(&generator)
    let isStopped = generator.unit() < 0.3
    if isStopped { run.arrange(at: stop) { run.perform(.stop) } }
    let end = await run.draw()
    if isStopped { return run.verdict(of: [.stop], end, plot) }
    guard end == .done else { return .broken("ended \(end)") }
    if let first = run.summary.stood.first { return .broken("stood: \(first.reason)") }
    let starved = run.loopback.withBoard { $0.incidents.count { $0.kind == .starved } }
    guard starved == 0 else { return .broken("starved \(starved) times with a drift of \(drift)") }
    return run.unlessSame(as: plot) ?? .held("never starved")
}
