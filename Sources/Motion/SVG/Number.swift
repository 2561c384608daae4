extension SVG.Cursor {
    /// Reads a number as SVG writes it: `[+-] (digits [. digits*] | . digits) [e [+-] digits]`.
    ///
    /// The nearest double, ties to even, in any locale. Leaves the place alone and returns nil when no number is here
    /// or its value overflows. An `e` without digits after it is not part of the number.
    mutating func number() -> Double? {
        let short = SVG.shortNumber(bytes.span, from: i, to: end)
        guard short.end > 0 else { return short.isLong ? longNumber() : nil }
        i = short.end
        return short.value
    }

    /// A number of many digits, or with an exponent.
    private mutating func longNumber() -> Double? {
        var k = i
        let isNegative = k < end && bytes[k] == 0x2D
        if k < end, bytes[k] == 0x2B || isNegative { k += 1 }
        var decimal = Decimal()
        let first = k
        while k < end, bytes[k].isDigit {
            decimal.add(bytes[k])
            k += 1
        }
        var digits = k - first
        if k < end, bytes[k] == 0x2E {
            let point = k
            k += 1
            while k < end, bytes[k].isDigit {
                decimal.addFraction(bytes[k])
                k += 1
            }
            digits += k - point - 1
        }
        guard digits > 0 else { return nil }
        let mantissaEnd = k
        decimal.exponent &+= exponent(&k)
        let magnitude = decimal.exact ?? roundedSlowly(first..<mantissaEnd, through: k)
        guard magnitude.isFinite else { return nil }
        i = k
        return isNegative ? -magnitude : magnitude
    }

    /// The exponent part at `k`, if it is one; steps over it. Clamped to ±99,999, beyond which all is 0 or too large.
    private func exponent(_ k: inout Int) -> Int {
        guard k < end, bytes[k] | 0x20 == 0x65 else { return 0 }
        var j = k + 1
        let isNegative = j < end && bytes[j] == 0x2D
        if j < end, bytes[j] == 0x2B || isNegative { j += 1 }
        guard j < end, bytes[j].isDigit else { return 0 }
        var value = 0
        while j < end, bytes[j].isDigit {
            value = min(99_999, value * 10 + Int(bytes[j] & 15))
            j += 1
        }
        k = j
        return isNegative ? -value : value
    }

    /// Correct rounding by the standard library for the few numbers that the short way cannot give.
    ///
    /// A double is decided by 768 significant digits and whether anything follows; the rest is not passed on.
    private func roundedSlowly(_ mantissa: Range<Int>, through numberEnd: Int) -> Double {
        var text: [UInt8] = []
        var (significant, dropped, pointSeen, sticky) = (0, 0, false, false)
        for k in mantissa {
            let byte = bytes[k]
            if byte == 0x2E {
                pointSeen = true
            } else if significant < 800 {
                text.append(byte)
                if significant > 0 || byte != 0x30 { significant += 1 }
                if pointSeen { dropped -= 1 }
                if text == [0x30] { text = [] }
            } else {
                if byte != 0x30 { sticky = true }
                if !pointSeen { dropped += 1 }
            }
        }
        if sticky {
            text.append(0x31)
            dropped -= 1
        }
        var k = mantissa.upperBound
        let power = exponent(&k) &+ dropped
        guard !text.isEmpty else { return 0 }
        return Double(String(decoding: text, as: UTF8.self) + "e\(power)") ?? .infinity
    }

    /// Up to 19 digits and a power of ten.
    private struct Decimal {
        private var mantissa: UInt64 = 0
        private var kept = 0
        private var isCut = false
        var exponent = 0

        mutating func add(_ digit: UInt8) {
            if kept < 19 {
                mantissa = mantissa &* 10 &+ UInt64(digit & 15)
                if mantissa != 0 { kept += 1 }
            } else {
                exponent += 1
                if digit != 0x30 { isCut = true }
            }
        }

        mutating func addFraction(_ digit: UInt8) {
            if kept < 19 {
                mantissa = mantissa &* 10 &+ UInt64(digit & 15)
                if mantissa != 0 { kept += 1 }
                exponent -= 1
            } else if digit != 0x30 {
                isCut = true
            }
        }

        /// The value, where one correctly rounded operation on exact doubles gives it (Clinger 1990).
        var exact: Double? {
            if mantissa == 0 { return 0 }
            guard !isCut, mantissa < 1 << 53 else { return nil }
            let value = Double(mantissa)
            if exponent >= 0 { return exponent <= 22 ? value * SVG.powersOfTen[exponent] : nil }
            return exponent >= -22 ? value / SVG.powersOfTen[-exponent] : nil
        }
    }
}

extension SVG {
    /// Nearly all numbers of drawings: few digits and no exponent, exact by one division.
    ///
    /// - Returns: where it ends, 0 where there is none, or one that is not short.
    @inline(__always)
    fileprivate static func shortNumber(
        _ text: Span<UInt8>, from start: Int, to end: Int
    ) -> (value: Double, end: Int, isLong: Bool) {
        var k = start
        let isNegative = k < end && text[k] == 0x2D
        if isNegative || (k < end && text[k] == 0x2B) { k += 1 }
        var mantissa: UInt64 = 0
        let first = k
        while k < end {
            let digit = text[k] &- 0x30
            if digit > 9 { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            k += 1
        }
        var digits = k - first
        var fraction = 0
        if k < end, text[k] == 0x2E {
            let point = k + 1
            k = point
            while k < end {
                let digit = text[k] &- 0x30
                if digit > 9 { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                k += 1
            }
            fraction = k - point
            digits += fraction
        }
        if digits == 0 { return (0, 0, false) }
        guard digits <= 18, mantissa < 1 << 53, k >= end || text[k] | 0x20 != 0x65 else { return (0, 0, true) }
        let value = fraction == 0 ? Double(mantissa) : Double(mantissa) / powersOfTen[fraction]
        return (isNegative ? -value : value, k, false)
    }

    /// 10⁰ … 10²², the powers of ten that are doubles exactly.
    static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

extension SVG.TextStore {
    /// A value of the document that is a short number and nothing else, as nearly all lengths are; nil = look closer.
    @inline(__always)
    func plainNumber(_ slice: SVG.Slice) -> Double? {
        let end = Int(slice.start) + Int(slice.count)
        guard end <= source.count else { return nil }
        let short = SVG.shortNumber(source.span, from: Int(slice.start), to: end)
        return short.end == end && end > 0 ? short.value : nil
    }
}
