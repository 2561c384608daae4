/// Commands in order, each held in as few bytes as it needs.
///
/// A plot of a million strokes has millions of commands, and an array has 40 bytes for each. Here a pen command takes 4, a
/// step-limited move 24, a time-limited one 32 (28 and 40 where their numbers are large), and 4 more for where it lies. What
/// is rare lies in an array beside them. Reading and appending are O(1); what is replaced leaves its words behind.
public struct Commands: Sendable {
    /// What most commands take at most, bytes.
    static let bytesPerCommand = (wordsPerCommand + 1) * MemoryLayout<UInt32>.stride
    private static let wordsPerCommand = 8

    private enum Kind: UInt32 {
        case rare
        case pen
        case move
        /// Steps within 16 bits.
        case acceleratedMove
        case longAcceleratedMove
        /// Ticks within 16 bits, without jerk.
        case timedMove
        case longTimedMove
    }

    /// A word with the kind in its lowest bits, and what the kind has behind it.
    private var words: [UInt32] = []
    /// Index of each command's first word.
    private var places: [UInt32] = []
    private var rare: [Command] = []

    public init() {}

    /// What they take, bytes.
    var bytes: Int {
        (words.count + places.count) * MemoryLayout<UInt32>.stride + rare.count * MemoryLayout<Command>.stride
    }

    /// Appends the words of a command; gives the index of the first.
    private mutating func write(_ command: Command) -> UInt32 {
        let first = UInt32(words.count)
        switch command {
        case .pen(let isUp, let milliseconds, let pin):
            let bits = (isUp ? 1 << 3 : 0) | (pin == nil ? 0 : 1 << 4) | UInt32(pin ?? 0) << 8
            begin(.pen, bits | UInt32(milliseconds) << 16)
        case .move(let milliseconds, let steps1, let steps2):
            begin(.move)
            words.append(milliseconds)
            pair(steps1, steps2)
        case .acceleratedMove(let a, let b, let clear):
            let steps = Self.packed(a.steps, b.steps)
            begin(steps == nil ? .longAcceleratedMove : .acceleratedMove, UInt32(clear) << 8)
            pair(a.rate, b.rate)
            pair(a.acceleration, b.acceleration)
            if let steps { words.append(steps) } else { pair(a.steps, b.steps) }
        case .timedMove(let ticks, let a, let b, let clear):
            guard let steps = Self.packed(a.steps, b.steps) else { return writeRare(command) }
            let isShort = ticks <= UInt16.max && a.jerk == 0 && b.jerk == 0
            begin(isShort ? .timedMove : .longTimedMove, UInt32(clear) << 8 | (isShort ? ticks << 16 : 0))
            pair(a.rate, b.rate)
            pair(a.acceleration, b.acceleration)
            pair(a.phase, b.phase)
            words.append(steps)
            if !isShort {
                words.append(ticks)
                words.append(Self.packed(a.jerk, b.jerk))
            }
        case .enableMotors, .home, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop, .clearSteps, .raw:
            return writeRare(command)
        }
        return first
    }

    private mutating func writeRare(_ command: Command) -> UInt32 {
        let first = UInt32(words.count)
        begin(.rare, UInt32(rare.count) << 3)
        rare.append(command)
        return first
    }

    private mutating func begin(_ kind: Kind, _ bits: UInt32 = 0) { words.append(kind.rawValue | bits) }

    private mutating func pair(_ first: Int32, _ second: Int32) {
        words.append(UInt32(bitPattern: first))
        words.append(UInt32(bitPattern: second))
    }

    private static func packed(_ first: Int32, _ second: Int32) -> UInt32? {
        guard let first = Int16(exactly: first), let second = Int16(exactly: second) else { return nil }
        return packed(first, second)
    }

    private static func packed(_ first: Int16, _ second: Int16) -> UInt32 {
        UInt32(UInt16(bitPattern: first)) | UInt32(UInt16(bitPattern: second)) << 16
    }

    private static func unpacked(_ word: UInt32) -> (Int16, Int16) {
        (Int16(truncatingIfNeeded: word), Int16(truncatingIfNeeded: word >> 16))
    }

    private func number(_ index: Int) -> Int32 { Int32(bitPattern: words[index]) }

    /// The command whose words begin at `first`.
    private func command(at first: Int) -> Command {
        let bits = words[first]
        switch Kind(rawValue: bits & 7) {
        case .pen:
            return .pen(
                isUp: bits & 1 << 3 != 0, milliseconds: UInt16(bits >> 16),
                pin: bits & 1 << 4 != 0 ? UInt8(truncatingIfNeeded: bits >> 8) : nil)
        case .move: return .move(milliseconds: words[first + 1], number(first + 2), number(first + 3))
        case .acceleratedMove:
            let (steps1, steps2) = Self.unpacked(words[first + 5])
            return acceleratedMove(at: first, Int32(steps1), Int32(steps2))
        case .longAcceleratedMove: return acceleratedMove(at: first, number(first + 5), number(first + 6))
        case .timedMove: return timedMove(at: first, ticks: bits >> 16, jerk: (0, 0))
        case .longTimedMove:
            return timedMove(at: first, ticks: words[first + 8], jerk: Self.unpacked(words[first + 9]))
        case .rare, nil: return rare[Int(bits >> 3)]
        }
    }

    private func acceleratedMove(at first: Int, _ steps1: Int32, _ steps2: Int32) -> Command {
        .acceleratedMove(
            AxisMove(rate: number(first + 1), steps: steps1, acceleration: number(first + 3)),
            AxisMove(rate: number(first + 2), steps: steps2, acceleration: number(first + 4)),
            clear: UInt8(truncatingIfNeeded: words[first] >> 8))
    }

    private func timedMove(at first: Int, ticks: UInt32, jerk: (Int16, Int16)) -> Command {
        let steps = Self.unpacked(words[first + 7])
        return .timedMove(
            ticks: ticks,
            AxisRate(
                rate: number(first + 1), acceleration: number(first + 3), jerk: jerk.0, steps: Int32(steps.0),
                phase: number(first + 5)),
            AxisRate(
                rate: number(first + 2), acceleration: number(first + 4), jerk: jerk.1, steps: Int32(steps.1),
                phase: number(first + 6)),
            clear: UInt8(truncatingIfNeeded: words[first] >> 8))
    }
}

extension Commands: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }

    public subscript(index: Int) -> Command {
        get { command(at: Int(places[index])) }
        set { places[index] = write(newValue) }
    }

    public init(_ commands: some Sequence<Command>) {
        if let commands = commands as? Commands {
            self = commands
        } else {
            append(contentsOf: commands)
        }
    }

    /// Adds a command at the end.
    public mutating func append(_ command: Command) { places.append(write(command)) }

    /// What is not used of the room is never touched, and costs no memory.
    public mutating func reserveCapacity(_ count: Int) {
        places.reserveCapacity(count)
        let (most, isOver) = count.multipliedReportingOverflow(by: Self.wordsPerCommand)
        if !isOver { words.reserveCapacity(most) }
    }

    /// - Complexity: O(commands behind the range and in `commands`); words that were there are left behind.
    public mutating func replaceSubrange(_ range: Range<Int>, with commands: some Collection<Command>) {
        places.replaceSubrange(range, with: commands.map { write($0) })
    }
}

extension Commands: Equatable {
    public static func == (a: Self, b: Self) -> Bool { a.elementsEqual(b) }
}

extension Commands: ExpressibleByArrayLiteral {
    public init(arrayLiteral commands: Command...) { self.init(commands) }
}
