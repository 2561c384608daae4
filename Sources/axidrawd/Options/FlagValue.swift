internal import EBB
internal import Motion
internal import Text

/// The value of one flag after its grammar and range were checked.
enum FlagValue: Equatable, Sendable {
    case on
    case text(String)
    case integer(Int)
    /// In the unit that the flag's kind names; lengths in mm.
    case number(Double)
    case point(Point)
    case size(Size)
    /// A paper by its name: which way it lies is not said yet.
    case paper(String)
    case margin(PlotOptions.Margin)
    case firmware(FirmwareVersion)
    case hatch(Hatch)
}

extension FlagKind {
    /// Reads what the user wrote after the flag `name`.
    func value(of text: String, flag name: String) throws(UsageError) -> FlagValue {
        guard let value = accepted(text) else {
            throw .badValue(name: name, value: text, expected: expectation)
        }
        return value
    }

    private func accepted(_ text: String) -> FlagValue? {
        switch self {
        case .on: nil
        case .text, .input, .output, .suggested: text.isEmpty ? nil : .text(text)
        case .choice(let words): words.contains(text) ? .text(text) : nil
        case .integer(let range), .optionalInteger(let range, _):
            NumberText.integer(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .number(let range, _): NumberText.number(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .length(let range): NumberText.length(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .pair(let range): pair(text, in: range)
        case .page: page(text)
        case .margin(let range): margin(text, in: range)
        case .firmware: FirmwareVersion(text).map { .firmware($0) }
        case .hatch: hatch(text)
        case .wordOr(let words, let other): words.contains(text) ? .text(text) : other.accepted(text)
        }
    }

    private func pair(_ text: String, in range: ClosedRange<Double>) -> FlagValue? {
        guard let values = NumberText.lengths(text), values.count == 2, values.allSatisfy(range.contains) else {
            return nil
        }
        return .point(Point(values[0], values[1]))
    }

    private func margin(_ text: String, in range: ClosedRange<Double>) -> FlagValue? {
        guard let values = NumberText.lengths(text), values.allSatisfy(range.contains) else { return nil }
        switch values.count {
        case 1: return .margin(.init(top: values[0], right: values[0], bottom: values[0], left: values[0]))
        case 4: return .margin(.init(top: values[0], right: values[1], bottom: values[2], left: values[3]))
        default: return nil
        }
    }

    /// Spacing first, then angle and pattern as far as they are given.
    private func hatch(_ text: String) -> FlagValue? {
        var words = text.split(separator: ",", omittingEmptySubsequences: false)[...]
        guard let spacing = words.popFirst().flatMap(NumberText.length), PlanRange.hatchSpacing.contains(spacing)
        else { return nil }
        var hatch = Hatch(spacing: spacing)
        if let degrees = words.first.flatMap(NumberText.number) {
            guard PlanRange.degrees.contains(degrees) else { return nil }
            hatch.degrees = degrees
            words.removeFirst()
        }
        if let word = words.popFirst() {
            guard let pattern = Hatch.Pattern(rawValue: String(word)) else { return nil }
            hatch.pattern = pattern
        }
        return words.isEmpty ? .hatch(hatch) : nil
    }

    /// Sides of a page in mm.
    private static let pageSides = 1.0...10_000

    private func page(_ written: String) -> FlagValue? {
        let text = written.lowercased()
        if text == "machine" { return .text(text) }
        if PaperSize.named(text) != nil { return .paper(text) }
        let sides = text.split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2, let width = NumberText.length(sides[0]), let height = NumberText.length(sides[1]),
            Self.pageSides.contains(width), Self.pageSides.contains(height)
        else { return nil }
        return .size(Size(width: width, height: height))
    }

    /// What would have been right, for the error text.
    var expectation: String {
        switch self {
        case .on: "nothing"
        case .text(let word), .input(let word), .output(let word), .suggested(let word, _): "\(word), not empty"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .integer(let range), .optionalInteger(let range, _):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range, _): "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))"
        case .length(let range): "a length from \(brief(range.lowerBound)) to \(brief(range.upperBound)) mm"
        case .pair(let range):
            "two lengths X,Y, each from \(brief(range.lowerBound)) to \(brief(range.upperBound)) mm"
        case .page:
            "a size such as 297x210, each side from 1 to 10000 mm, or one of " + words.joined(separator: ", ")
        case .margin(let range):
            "one length or T,R,B,L, each from \(brief(range.lowerBound)) to \(brief(range.upperBound)) mm"
        case .firmware: "a version such as 3.0.3"
        case .hatch:
            "a spacing from \(brief(PlanRange.hatchSpacing.lowerBound)) to"
                + " \(brief(PlanRange.hatchSpacing.upperBound)) mm, then perhaps an angle from -360 to 360 and one of "
                + Hatch.words.joined(separator: ", ") + ", such as 0.8,45,cross"
        case .wordOr(let words, let other): "one of " + words.joined(separator: ", ") + ", or " + other.expectation
        }
    }
}
