internal import EBB

/// Stands between a host and its board and lets go wrong what a script says.
///
/// A pure value: bytes and board time in, bytes, actions and the next time of interest out. Without rules it passes
/// everything on at once. The owner calls, at each moment: `fromHost` with what the host sent (the result goes to the
/// board), `fromBoard` with what the board sent, then `takeReads` (to the host) and `takeActions` (for it to perform).
public struct FaultInjector: Sendable {
    /// Faults only happen while this is set; held bytes still arrive.
    public var isEnabled = true
    /// Faults that have happened.
    public private(set) var faultCount = 0
    /// Commands whose last byte has arrived from the host, before losses.
    public private(set) var commandCount = 0

    private var rules: [FaultRule]
    private var generator: FaultGenerator
    private var actions: [(tick: Int64, action: FaultAction)] = []
    /// What is on its way to the host; ticks never fall.
    private var reads: [(tick: Int64, bytes: [UInt8])] = []
    private var isInsideCommand = false
    private var lastTick = Int64.min
    /// Commands that the board has in full.
    private var deliveredCommands = 0
    private var heardCommands = 0

    private var pendingDelay: Int64?
    private var pendingSplit: Int?
    private var joinEnd: Int64?
    private var silenceEnd = Int64.min
    private var deafnessEnd = Int64.min
    private var unplugEnd: Int64?
    private var toHost = Damage()
    private var toBoard = Damage()

    /// How many of the next bytes suffer what.
    private struct Damage: Sendable {
        var lost = 0
        var doubled = 0
        var flipped = 0

        mutating func apply(_ bytes: [UInt8], _ generator: inout FaultGenerator) -> [UInt8] {
            if lost == 0 && doubled == 0 && flipped == 0 { return bytes }
            var result: [UInt8] = []
            for var byte in bytes {
                if lost > 0 {
                    lost -= 1
                    continue
                }
                if flipped > 0 {
                    flipped -= 1
                    byte ^= 1 << UInt8(truncatingIfNeeded: generator.next() >> 61)
                }
                result.append(byte)
                if doubled > 0 {
                    doubled -= 1
                    result.append(byte)
                }
            }
            return result
        }
    }

    /// - Parameter seed: for all that is random; a seed in the script wins.
    public init(_ script: FaultScript = FaultScript(), seed: UInt64 = 1) {
        rules = script.rules
        generator = FaultGenerator(state: script.seed ?? seed)
    }

    /// Adds rules while running; `now` rules happen at the next call of anything.
    public mutating func add(_ script: FaultScript) {
        rules += script.rules
        if let seed = script.seed { generator = FaultGenerator(state: seed) }
    }

    /// Forgets all rules, and what the past ones still had in store, but for bytes and cables on their way back.
    public mutating func removeRules() {
        rules = []
        (pendingDelay, pendingSplit, joinEnd) = (nil, nil, nil)
        (silenceEnd, deafnessEnd) = (.min, .min)
        (toHost, toBoard) = (Damage(), Damage())
    }

    /// Whether anything can still go wrong: the owner may bypass an idle injector.
    public var isIdle: Bool { rules.isEmpty && actions.isEmpty && reads.isEmpty && joinEnd == nil && unplugEnd == nil }

    /// What reaches the board of these bytes from the host.
    public mutating func fromHost(_ bytes: [UInt8], at tick: Int64) -> [UInt8] {
        runClock(tick)
        var delivered: [UInt8] = []
        for byte in bytes {
            let isEnd = byte == 13 || byte == 10
            if !isEnd && !isInsideCommand {
                isInsideCommand = true
                fire(tick) { trigger, generator, index in
                    switch trigger {
                    case .commands(let indices): indices.contains(index)
                    case .every(let step): index % step == step - 1
                    case .random(let probability): Double(generator.next() >> 11) * 0x1p-53 < probability
                    case .now, .at, .replies: false
                    }
                }
            }
            if isEnd && isInsideCommand {
                isInsideCommand = false
                commandCount += 1
            }
            if tick < deafnessEnd || unplugEnd != nil { continue }
            delivered += toBoard.apply([byte], &generator)
            if isEnd { deliveredCommands = commandCount }
        }
        return delivered
    }

    /// Takes what the board has sent.
    public mutating func fromBoard(_ bytes: [UInt8], at tick: Int64) {
        runClock(tick)
        guard !bytes.isEmpty else { return }
        while heardCommands < deliveredCommands {
            let heard = heardCommands
            heardCommands += 1
            fire(tick) { trigger, _, _ in
                if case .replies(let indices) = trigger { indices.contains(heard) } else { false }
            }
        }
        if tick < silenceEnd || unplugEnd != nil { return }
        send(toHost.apply(bytes, &generator), at: tick)
    }

    /// What the host reads by this tick; each element arrives as a read of its own.
    public mutating func takeReads(at tick: Int64) -> [[UInt8]] {
        runClock(tick)
        guard let first = reads.first, first.tick <= tick else { return [] }
        let due = reads.prefix { $0.tick <= tick }
        reads.removeFirst(due.count)
        return due.map(\.bytes)
    }

    /// What the owner has to do by this tick, in order.
    public mutating func takeActions(at tick: Int64) -> [FaultAction] {
        runClock(tick)
        guard !actions.isEmpty else { return [] }
        let due = actions.filter { $0.tick <= tick }.map(\.action)
        actions.removeAll { $0.tick <= tick }
        return due
    }

    /// When something is due by itself; nil = never.
    public var nextTick: Int64? {
        var next = reads.first?.tick
        func consider(_ tick: Int64?) { if let tick { next = min(next ?? tick, tick) } }
        consider(actions.map(\.tick).min())
        consider(joinEnd)
        for rule in rules where isEnabled {
            switch rule.trigger {
            case .at(let tick): consider(tick)
            case .now: consider(0)
            case .commands, .replies, .every, .random: break
            }
        }
        return next
    }

    /// Fires what time alone fires.
    private mutating func runClock(_ tick: Int64) {
        if let end = unplugEnd, end <= tick { unplugEnd = nil }
        if let end = joinEnd, end <= tick { joinEnd = nil }
        defer { lastTick = max(lastTick, tick) }
        if rules.isEmpty || !isEnabled { return }
        var due: [(tick: Int64, fault: Fault)] = []
        rules.removeAll { rule in
            switch rule.trigger {
            case .now: due.append((tick, rule.fault))
            // On its own tick even if this call comes later, unless the rule itself came later.
            case .at(let time) where time <= tick: due.append((time > lastTick ? time : tick, rule.fault))
            case .at, .commands, .replies, .every, .random: return false
            }
            return true
        }
        for (tick, fault) in due { begin(fault, at: tick) }
    }

    private mutating func fire(_ tick: Int64, if isDue: (FaultTrigger, inout FaultGenerator, Int) -> Bool) {
        guard isEnabled else { return }
        for rule in rules where isDue(rule.trigger, &generator, commandCount) { begin(rule.fault, at: tick) }
    }

    private mutating func begin(_ fault: Fault, at tick: Int64) {
        faultCount += 1
        switch fault {
        case .delay(let ticks): pendingDelay = max(pendingDelay ?? 0, ticks)
        case .split(let bytes): pendingSplit = bytes
        case .join(let ticks): joinEnd = tick &+ ticks
        case .silence(let ticks): silenceEnd = max(silenceEnd, tick &+ ticks)
        case .deafness(let ticks): deafnessEnd = max(deafnessEnd, tick &+ ticks)
        case .garbage(let bytes):
            send((0..<bytes).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 56) }, at: tick)
        case .say(let bytes): send(bytes, at: tick)
        case .lose(let bytes, .toHost): toHost.lost += bytes
        case .lose(let bytes, .toBoard): toBoard.lost += bytes
        case .double(let bytes, .toHost): toHost.doubled += bytes
        case .double(let bytes, .toBoard): toBoard.doubled += bytes
        case .flip(let bytes, .toHost): toHost.flipped += bytes
        case .flip(let bytes, .toBoard): toBoard.flipped += bytes
        case .unplug(let ticks, let resets): unplug(ticks, resets: resets, at: tick)
        case .supply(let counts): actions.append((tick, .supply(counts: counts)))
        case .press(let times): for _ in 0..<min(times, 1000) { actions.append((tick, .pressButton)) }
        }
    }

    private mutating func unplug(_ ticks: Int64?, resets: Bool, at tick: Int64) {
        guard unplugEnd == nil else { return }
        unplugEnd = ticks.map { tick &+ $0 } ?? .max
        reads = []
        isInsideCommand = false
        actions.append((tick, .unplug))
        if let ticks { actions.append((tick &+ ticks, .replug(resets: resets))) }
    }

    private mutating func send(_ bytes: [UInt8], at tick: Int64) {
        guard !bytes.isEmpty else { return }
        // In order: nothing overtakes what is held back.
        var due = max(tick, reads.last?.tick ?? tick)
        if let joinEnd, joinEnd > tick {
            due = max(due, joinEnd)
            if let last = reads.indices.last, reads[last].tick == due {
                reads[last].bytes += bytes
            } else {
                reads.append((due, bytes))
            }
            return
        }
        if let delay = pendingDelay {
            due = max(due, tick &+ delay)
            pendingDelay = nil
        }
        guard let piece = pendingSplit else {
            reads.append((due, bytes))
            return
        }
        pendingSplit = nil
        for start in stride(from: 0, to: bytes.count, by: piece) {
            reads.append((due, Array(bytes[start..<min(start + piece, bytes.count)])))
            due += Int64(BoardClock.ticksPerMillisecond)
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same faults for the same seed everywhere.
struct FaultGenerator: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
