internal import Motion
internal import Text

extension OptionFields {
    /// The table of plot options for those who make a form of it: groups as in help, one entry an option.
    static let table = JSONValue.object([
        (
            "groups",
            .array(
                PlotFlags.all.compactMap { group in
                    let options = group.flags.filter { flag in flags.contains { $0.name == flag.name } }
                    guard !options.isEmpty else { return nil }
                    return .object([
                        ("title", .string(group.title)), ("options", .array(options.map(\.described))),
                    ])
                })
        )
    ])
}

extension Flag {
    /// Everything that a form must know of it. The text of a field is what the command line takes, of a switch `true`.
    /// Over the network no file is read, so the words that are suggested are all that there are.
    fileprivate var described: JSONValue {
        let shape = kind.shape
        return .object([
            ("name", .string(name)), ("kind", .string(shape.kind)), ("help", .string(help)),
            ("standard", standard.map { .string($0) } ?? .null),
            ("words", .array(kind.proposals.map { .string($0) })),
            ("low", shape.low.map { .number($0) } ?? .null), ("high", shape.high.map { .number($0) } ?? .null),
            ("unit", shape.unit.map { .string($0) } ?? .null), ("expected", .string(kind.expectation)),
        ])
    }
}

extension FlagKind {
    /// Values that a form proposes: all there are of a choice, examples of what has parts.
    fileprivate var proposals: [String] {
        guard case .hatch = self else { return words }
        return ["1", "0.5,0"] + Hatch.words.map { "1,45,\($0)" }
    }

    /// As a form sees it: the kind of its field, range and unit where it has them.
    fileprivate var shape: (kind: String, low: Double?, high: Double?, unit: String?) {
        switch self {
        case .on: ("switch", nil, nil, nil)
        case .text, .input, .output: ("text", nil, nil, nil)
        // Files of this machine are not read for a client.
        case .choice, .suggested: ("choice", nil, nil, nil)
        case .integer(let range), .optionalInteger(let range, _):
            ("integer", Double(range.lowerBound), Double(range.upperBound), nil)
        case .number(let range, let word): ("number", range.lowerBound, range.upperBound, Self.units[word] ?? word)
        case .length(let range): ("length", range.lowerBound, range.upperBound, "mm")
        case .pair(let range): ("pair", range.lowerBound, range.upperBound, "mm")
        case .page: ("page", nil, nil, "mm")
        case .margin(let range): ("margin", range.lowerBound, range.upperBound, "mm")
        case .firmware: ("text", nil, nil, nil)
        case .hatch: ("hatch", nil, nil, "mm")
        case .wordOr(_, let other): other.shape
        }
    }

    /// Words of help for units, as people write them.
    private static let units = [
        "MM_S": "mm/s", "MM_S2": "mm/s²", "MM_S3": "mm/s³", "DEG": "°", "S": "s", "PERCENT": "%", "N": "",
    ]
}

extension JSONValue {
    /// The value of a plot option as the table of options takes it; nil of what can be none.
    var optionText: String? {
        switch self {
        case .string(let text): text
        case .bool(let isOn): isOn ? "true" : "false"
        case .integer(let whole): String(whole)
        case .number(let number): brief(number)
        case .null, .array, .object: nil
        }
    }
}
