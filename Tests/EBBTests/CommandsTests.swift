internal import EBB
internal import TestSupport
internal import Testing

/// Commands held in few bytes are the same commands.
struct CommandsTests {
    @Test(arguments: UInt64(1)...8) func holdWhatWasPutIn(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var plain: [Command] = []
        var held = Commands()
        for step in 0..<4_000 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0 where !plain.isEmpty:
                let i = plain.indices.randomElement(using: &generator) ?? 0
                let command = Self.command(&generator)
                (plain[i], held[i]) = (command, command)
            case 1:
                let first = Int.random(in: 0...plain.count, using: &generator)
                let range = first..<Int.random(in: first...min(plain.count, first + 9), using: &generator)
                let new = (0..<Int.random(in: 0..<9, using: &generator)).map { _ in Self.command(&generator) }
                plain.replaceSubrange(range, with: new)
                held.replaceSubrange(range, with: new)
            default:
                let command = Self.command(&generator)
                plain.append(command)
                held.append(command)
            }
            if step % 200 == 0 { #expect(Array(held) == plain, "seed \(seed)") }
        }
        #expect(Array(held) == plain && held == Commands(plain), "seed \(seed)")
        let cut = plain.count / 3
        #expect(Array(held[cut...]) == Array(plain[cut...]) && Commands(held[..<cut]) + held[cut...] == held)
        held[cut] = held[cut] == .clearSteps ? .raw("V") : .clearSteps
        #expect(held != Commands(plain), "seed \(seed)")
    }

    /// Any command with any numbers, small ones and the ends of their ranges among them.
    private static func command(_ generator: inout SeededGenerator) -> Command {
        func number() -> Int32 {
            let mosts: [Int32] = [0, 9, 32_767, 32_768, 40_000, .max]
            let most = mosts.randomElement(using: &generator) ?? 0
            return Int32.random(in: -most...most, using: &generator)
        }
        func byte() -> UInt8 { UInt8.random(in: 0...255, using: &generator) }
        func natural() -> UInt32 { number().magnitude }
        func motor() -> AxisMove { AxisMove(rate: number(), steps: number(), acceleration: number()) }
        func rate(hasJerk: Bool) -> AxisRate {
            AxisRate(
                rate: number(), acceleration: number(), jerk: hasJerk ? Int16(truncatingIfNeeded: number()) : 0,
                steps: number(), phase: number())
        }
        switch Int.random(in: 0..<11, using: &generator) {
        case 0:
            return .pen(isUp: Bool.random(using: &generator), milliseconds: UInt16(clamping: natural()), pin: nil)
        case 1: return .pen(isUp: Bool.random(using: &generator), milliseconds: .max, pin: byte())
        case 2: return .move(milliseconds: natural(), number(), number())
        case 3, 4: return .acceleratedMove(motor(), motor(), clear: byte())
        case 5, 6:
            return .timedMove(
                ticks: natural(), rate(hasJerk: false), rate(hasJerk: false), clear: byte())
        case 7: return .timedMove(ticks: natural(), rate(hasJerk: true), rate(hasJerk: true), clear: byte())
        case 8: return .enableMotors(byte(), byte())
        case 9: return .raw("QS \(number())")
        default: return .home(rate: natural(), number(), number())
        }
    }
}
