/// Colour of ink, paper or outline: eight bits a channel, sRGB.
public struct InkColour: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb` or `rrggbb`; nil for anything else.
    public init?(hex text: some StringProtocol) {
        var digits = Array(text.utf8)
        if digits.first == UInt8(ascii: "#") { digits.removeFirst() }
        guard digits.count == 6 else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit & 15)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32(digit & 15 + 9)
            default: return nil
            }
        }
        self.init(packed: value)
    }

    init(packed: UInt32) {
        red = UInt8(truncatingIfNeeded: packed >> 16)
        green = UInt8(truncatingIfNeeded: packed >> 8)
        blue = UInt8(truncatingIfNeeded: packed)
    }

    /// The three channels in one word, red highest.
    var packed: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

    public static let black = InkColour(red: 0, green: 0, blue: 0)
    public static let white = InkColour(red: 255, green: 255, blue: 255)

    /// `#rrggbb`.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = [UInt8(ascii: "#")]
        for channel in [red, green, blue] {
            text.append(digits[Int(channel >> 4)])
            text.append(digits[Int(channel & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// This colour laid over `paper` with `coverage` of 255 parts; rounded to the nearest value, the same everywhere.
    static func blend(_ ink: UInt32, over paper: UInt32, coverage: UInt32) -> UInt32 {
        let rest = 255 &- coverage
        var result: UInt32 = 0
        var shift: UInt32 = 0
        while shift < 24 {
            let sum = ((ink &>> shift) & 255) &* coverage &+ ((paper &>> shift) & 255) &* rest &+ 128
            // Exact division by 255 for sums below 65,536.
            result |= ((sum &+ (sum &>> 8)) &>> 8) &<< shift
            shift &+= 8
        }
        return result
    }
}
