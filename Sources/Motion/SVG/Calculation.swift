extension SVG {
    /// What `calc()`, `min()`, `max()` and `clamp()` come to: a number, an angle, or a sum of lengths.
    ///
    /// CSS Values 4, section 10, without the trigonometric functions.
    struct Calculation {
        enum Kind { case number, angle, length }

        struct Value {
            var kind = Kind.number
            /// The number, degrees, or user units.
            var plain = 0.0
            var em = 0.0
            var percent = 0.0

            /// Has one part only, so that it can be compared with others of its kind.
            fileprivate var isSimple: Bool { (plain != 0 ? 1 : 0) + (em != 0 ? 1 : 0) + (percent != 0 ? 1 : 0) <= 1 }
            fileprivate var sum: Double { plain + em + percent }

            fileprivate func times(_ factor: Double) -> Value {
                Value(kind: kind, plain: plain * factor, em: em * factor, percent: percent * factor)
            }
        }

        private let units: Units
        /// What words stand for, such as the channels of a colour that another is made from.
        private let names: [String: Double]

        /// Parentheses in parentheses beyond this are not read.
        private static let deepest = 32

        init(_ units: Units, names: [String: Double] = [:]) {
            self.units = units
            self.names = names
        }

        /// A function at the place, stepped over; nil, and nothing stepped over, when there is none or it is faulty.
        func value(_ cursor: inout Cursor) -> Value? {
            var ahead = cursor
            guard !ahead.keyword().isEmpty, ahead.byte == UInt8(ascii: "(") else { return nil }
            ahead = cursor
            guard let value = atom(&ahead, 0), isFinite(value) else { return nil }
            cursor = ahead
            return value
        }

        private func isFinite(_ value: Value) -> Bool {
            value.plain.isFinite && value.em.isFinite && value.percent.isFinite
        }

        // MARK: grammar

        private func sum(_ cursor: inout Cursor, _ depth: Int) -> Value? {
            guard depth < Self.deepest, var result = product(&cursor, depth) else { return nil }
            while true {
                cursor.skipSpace()
                let isPlus = cursor.take(UInt8(ascii: "+"))
                guard isPlus || cursor.take(UInt8(ascii: "-")) else { break }
                let sign = isPlus ? 1.0 : -1.0
                guard let next = product(&cursor, depth), next.kind == result.kind else { return nil }
                result.plain += sign * next.plain
                result.em += sign * next.em
                result.percent += sign * next.percent
            }
            return result
        }

        private func product(_ cursor: inout Cursor, _ depth: Int) -> Value? {
            guard var result = atom(&cursor, depth) else { return nil }
            while true {
                cursor.skipSpace()
                if cursor.take(UInt8(ascii: "*")) {
                    guard let next = atom(&cursor, depth) else { return nil }
                    if next.kind == .number {
                        result = result.times(next.plain)
                    } else if result.kind == .number {
                        result = next.times(result.plain)
                    } else {
                        return nil
                    }
                } else if cursor.take(UInt8(ascii: "/")) {
                    guard let next = atom(&cursor, depth), next.kind == .number else { return nil }
                    result = result.times(1 / next.plain)
                } else {
                    return result
                }
            }
        }

        private func atom(_ cursor: inout Cursor, _ depth: Int) -> Value? {
            cursor.skipSpace()
            if let number = cursor.number() { return dimension(number, &cursor) }
            if cursor.take(UInt8(ascii: "(")) { return closed(sum(&cursor, depth + 1), &cursor) }
            let name = cursor.keyword()
            guard cursor.take(UInt8(ascii: "(")) else {
                switch name {
                case "pi": return Value(plain: .pi)
                case "e": return Value(plain: 2.718281828459045)
                default: return names[name].map { Value(plain: $0) }
                }
            }
            switch name {
            case "calc", "-webkit-calc": return closed(sum(&cursor, depth + 1), &cursor)
            case "min", "max", "clamp": return compared(name, &cursor, depth + 1)
            default: return nil
            }
        }

        private func closed(_ value: Value?, _ cursor: inout Cursor) -> Value? {
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ")")) ? value : nil
        }

        private func dimension(_ number: Double, _ cursor: inout Cursor) -> Value? {
            if cursor.take(UInt8(ascii: "%")) { return Value(kind: .length, percent: number) }
            guard cursor.byte.isLetter else { return Value(plain: number) }
            var ahead = cursor
            if let factor = Cursor.degrees(ofUnit: ahead.keyword()) {
                cursor = ahead
                return Value(kind: .angle, plain: number * factor)
            }
            switch units.length(number, &cursor) {
            case .units(let value)?: return Value(kind: .length, plain: value)
            case .em(let value)?: return Value(kind: .length, em: value)
            case .percent(let value)?: return Value(kind: .length, percent: value)
            case .sum(let plain, let em, let percent)?:
                return Value(kind: .length, plain: plain, em: em, percent: percent)
            case nil: return nil
            }
        }

        /// `min`, `max` and `clamp` of values that have one part each, all the same.
        private func compared(_ name: String, _ cursor: inout Cursor, _ depth: Int) -> Value? {
            var list: [Value] = []
            repeat {
                guard list.count < 64, let next = sum(&cursor, depth) else { return nil }
                list.append(next)
                cursor.skipSpace()
            } while cursor.take(UInt8(ascii: ","))
            guard cursor.take(UInt8(ascii: ")")), let first = list.first,
                list.allSatisfy({ $0.kind == first.kind && $0.isSimple && hasSamePart($0, first) })
            else { return nil }
            let order: (Value, Value) -> Bool = { $0.sum < $1.sum }
            switch name {
            case "min": return list.min(by: order)
            case "max": return list.max(by: order)
            default:
                guard list.count == 3, let low = [list[1], list[2]].min(by: order) else { return nil }
                return [low, list[0]].max(by: order)
            }
        }

        private func hasSamePart(_ a: Value, _ b: Value) -> Bool {
            if a.sum == 0 || b.sum == 0 { return true }
            return (a.em != 0) == (b.em != 0) && (a.percent != 0) == (b.percent != 0)
        }
    }
}

extension SVG.Cursor {
    /// A number as it stands or as `calc()` has it.
    mutating func calculatedNumber(_ names: [String: Double] = [:]) -> Double? {
        if let number = number() { return number }
        guard byte.isLetter else { return nil }
        var ahead = self
        guard let value = SVG.Calculation(SVG.Units(pixelsPerInch: 96), names: names).value(&ahead),
            value.kind == .number
        else { return nil }
        self = ahead
        return value.plain
    }

    /// How many degrees a unit of angle is; nil for any other word.
    static func degrees(ofUnit word: String) -> Double? {
        switch word {
        case "deg": 1
        case "grad": 0.9
        case "rad": 180 / .pi
        case "turn": 360
        default: nil
        }
    }
}
