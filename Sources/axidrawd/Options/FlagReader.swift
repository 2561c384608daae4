internal import EBB
internal import Motion

/// Flags with their values, checked by the table of flags: of a command line, or of fields of a query or form.
protocol FlagReader {
    /// Every value of a repeatable flag, in order.
    func all(_ name: String) -> [FlagValue]
}

extension FlagReader {
    /// Whether a flag was given at all.
    func isOn(_ name: String) -> Bool { !all(name).isEmpty }

    func text(_ name: String) -> String? {
        if case .text(let text)? = all(name).last { text } else { nil }
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let value)? = all(name).last { value } else { nil }
    }

    func number(_ name: String) -> Double? {
        if case .number(let value)? = all(name).last { value } else { nil }
    }

    func point(_ name: String) -> Point? {
        if case .point(let value)? = all(name).last { value } else { nil }
    }

    func size(_ name: String) -> Size? {
        if case .size(let value)? = all(name).last { return value }
        if case .paper(let paper)? = all(name).last { return PaperSize.named(paper) }
        return nil
    }

    /// Whether the flag's last value is a paper by its name.
    func isPaper(_ name: String) -> Bool {
        if case .paper? = all(name).last { true } else { false }
    }

    func margin(_ name: String) -> PlotOptions.Margin? {
        if case .margin(let value)? = all(name).last { value } else { nil }
    }

    func firmware(_ name: String) -> FirmwareVersion? {
        if case .firmware(let value)? = all(name).last { value } else { nil }
    }

    func hatch(_ name: String) -> Hatch? {
        if case .hatch(let value)? = all(name).last { value } else { nil }
    }

    /// The choice as a value of an enum whose raw values are the flag's words.
    func choice<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type = Value.self) -> Value? {
        text(name).flatMap { Value(rawValue: $0) }
    }
}
