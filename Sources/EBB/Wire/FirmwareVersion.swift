/// Version of the EBB's firmware, compared number by number.
public struct FirmwareVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var major: Int
    public var minor: Int
    public var patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `2.8.1`; nil unless there are exactly three decimal numbers of at most three digits.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard (1...3).contains(part.count) else { return nil }
            var number = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            }
            numbers.append(number)
        }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// Oldest that can be driven.
    public static let oldest = FirmwareVersion(2, 5, 0)
    public static let v281 = FirmwareVersion(2, 8, 1)
    public static let v303 = FirmwareVersion(3, 0, 3)

    /// Whether `LM` means what we send: since 2.7.0.
    public var hasAcceleratedMoves: Bool { self >= FirmwareVersion(2, 7, 0) }

    /// Whether `EM` passes through the motion queue, and `QE` tells the motors' state: since 2.8.0.
    public var queuesMotorSwitch: Bool { self >= FirmwareVersion(2, 8, 0) }

    /// Whether there are moves of constant jerk (`T3`), and an `LT` may reverse: since 3.0.0.
    public var hasJerkMoves: Bool { self >= FirmwareVersion(3, 0, 0) }

    public var description: String { "\(major).\(minor).\(patch)" }

    public static func < (a: Self, b: Self) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }
}
