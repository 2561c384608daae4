/// A question to the board, with the one parser of its answer.
public struct Question<Answer: Sendable>: Sendable {
    /// What is sent.
    public let command: Command
    /// What an answer says, without name and line ends; nil = it makes no sense.
    public let parse: @Sendable (String) -> Answer?

    init(_ text: String, _ parse: @escaping @Sendable (String) -> Answer?) {
        command = .raw(text)
        self.parse = parse
    }

    /// As many whole numbers as are asked for, in base 10; nil = anything else.
    static func numbers<Number: FixedWidthInteger>(_ text: String, _ count: Int) -> [Number]? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == count else { return nil }
        let numbers = fields.compactMap { field in field.first == "+" ? nil : Number(field) }
        return numbers.count == count ? numbers : nil
    }

    /// The last of the whole numbers; before 3.0.2 `QU` repeats its argument before the value.
    static func lastNumber(_ text: String) -> Int? { text.split(separator: ",").last.flatMap { Int($0) } }
}

extension Question where Answer == FirmwareVersion {
    /// `V`; a name and three numbers after it.
    public static var version: Self {
        Self("V") { text in
            guard text.hasPrefix("EBB"), let last = text.split(separator: " ").last else { return nil }
            return FirmwareVersion(last)
        }
    }
}

extension Question where Answer == String {
    /// `QT`: the nickname, since 2.5.5; empty when none is set.
    public static var name: Self {
        Self("QT") { text in text.utf8.count <= 16 && !text.hasPrefix("EBBv") ? text : nil }
    }
}

extension Question where Answer == MotorPosition {
    /// `QS`: both step counters.
    public static var counters: Self {
        Self("QS") { text in
            guard let numbers: [Int32] = numbers(text, 2) else { return nil }
            return MotorPosition(numbers[0], numbers[1])
        }
    }
}

extension Question where Answer == Bool {
    /// `QP`: whether the pen's last executed order was up.
    public static var isPenUp: Self { flag("QP") }
    /// `QB`: whether the button was pressed since it was last asked for. Reading clears it.
    public static var wasButtonPressed: Self { flag("QB") }

    private static func flag(_ text: String) -> Self {
        Self(text) { $0 == "1" ? true : $0 == "0" ? false : nil }
    }
}

extension Question where Answer == SupplyReading {
    /// `QC`: the motor supply.
    public static var supply: Self {
        Self("QC") { text in
            guard let numbers: [Int] = numbers(text, 2), numbers.allSatisfy({ (0...1023).contains($0) }) else {
                return nil
            }
            return SupplyReading(counts: numbers[1])
        }
    }
}

extension Question where Answer == BoardStatus {
    /// `QG`, since 2.6.2. Reading clears the button, from 3.0 the power-lost flag, too.
    public static var status: Self {
        Self("QG") { text in
            guard text.utf8.count == 2, text.first != "+", text.first != "-", let bits = UInt8(text, radix: 16) else {
                return nil
            }
            return BoardStatus(bits: bits)
        }
    }
}

extension Question where Answer == MotionStatus {
    /// `QM`: what moves and what waits.
    public static var motion: Self {
        Self("QM") { text in
            // In legacy syntax the name is part of the answer; what waits is told from 2.4.4 on.
            let fields = text.split(separator: ",").drop { $0 == "QM" }.map { Int($0) }
            guard (3...4).contains(fields.count), fields.allSatisfy({ $0 != nil }) else { return nil }
            return MotionStatus(isExecuting: fields[0] != 0, isWaiting: fields.count > 3 && fields[3] != 0)
        }
    }
}

extension Question where Answer == MotorModes {
    /// `QE`, since 2.8.0: the motors' resolutions.
    public static var motors: Self {
        Self("QE") { text in
            guard let numbers: [Int] = numbers(text, 2) else { return nil }
            return MotorModes(motor1: numbers[0], motor2: numbers[1])
        }
    }
}

extension Question where Answer == UInt8 {
    /// `QL`: scratch memory that a reset zeroes.
    ///
    /// - Parameter index: which of 32 cells, from 3.0 on; nil = the one that all boards have.
    public static func variable(_ index: UInt8?) -> Self { Self(index.map { "QL,\($0)" } ?? "QL") { UInt8($0) } }
}

extension Question where Answer == Int {
    /// `QU,3`, from 3.0 on: commands that the queue holds.
    public static var queueDepth: Self { Self("QU,3", lastNumber) }
    /// `QU,6`, from 3.0.1 on: commands that wait in the queue.
    public static var waitingCount: Self { Self("QU,6", lastNumber) }
}

/// What `QC` says of the motor supply.
public struct SupplyReading: Equatable, Sendable {
    /// 10-bit reading.
    public var counts: Int

    public init(counts: Int) { self.counts = counts }

    /// By the board's own measure (boards from v2.3 on).
    public var volts: Double { Double(counts) / 1023 * 3.3 * 9.2 + 0.3 }
}

/// The byte that `QG` answers.
public struct BoardStatus: Equatable, Sendable {
    public var bits: UInt8

    public init(bits: UInt8) { self.bits = bits }

    public var isIdle: Bool { bits & 0b1001 == 0 }
    /// A command waits behind the running one.
    public var hasWaiting: Bool { bits & 1 != 0 }
    public var isPenUp: Bool { bits & 0x10 != 0 }
    /// Pressed since the last look.
    public var button: Bool { bits & 0x20 != 0 }
    /// 3.x only; on 2.x this bit is an open input.
    public var powerLost: Bool { bits & 0x40 != 0 }
}

/// What `QM` says.
public struct MotionStatus: Equatable, Sendable {
    public var isExecuting: Bool
    public var isWaiting: Bool

    public var isIdle: Bool { !isExecuting && !isWaiting }
}

/// What `QE` says: 0 = off, else 1, 2, 4, 8 or 16 microsteps a full step.
public struct MotorModes: Equatable, Sendable {
    public var motor1: Int
    public var motor2: Int

    public var areOn: Bool { motor1 != 0 && motor2 != 0 }
}
