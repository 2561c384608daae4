internal import EBB
internal import Motion

/// A command line after parsing: the verb, its flags with checked values, its arguments.
struct Invocation: Sendable {
    let verb: Verb
    let positionals: [String]
    private var values: [String: [FlagValue]]

    init(verb: Verb, positionals: [String] = [], values: [String: [FlagValue]] = [:]) {
        self.verb = verb
        self.positionals = positionals
        self.values = values
    }

    /// Whether a flag was given at all.
    func isOn(_ name: String) -> Bool { !all(name).isEmpty }

    /// Every value of a repeatable flag, in order.
    func all(_ name: String) -> [FlagValue] {
        precondition(verb.flags.contains { $0.name == name }, "\(verb.name) declares no flag \(name)")
        return values[name] ?? []
    }

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
        if case .size(let value)? = all(name).last { value } else { nil }
    }

    func margin(_ name: String) -> PlotOptions.Margin? {
        if case .margin(let value)? = all(name).last { value } else { nil }
    }

    func firmware(_ name: String) -> FirmwareVersion? {
        if case .firmware(let value)? = all(name).last { value } else { nil }
    }

    /// The choice as a value of an enum whose raw values are the flag's words.
    func choice<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type = Value.self) -> Value? {
        text(name).flatMap { Value(rawValue: $0) }
    }

    /// The number that the argument at `index` says; refuses anything else.
    func number(at index: Int, in range: ClosedRange<Double>) throws(UsageError) -> Double {
        let name = verb.positionals[index].name
        guard case .number(let value) = try FlagKind.length(range).value(of: positionals[index], flag: name) else {
            preconditionFailure("a length is a number")
        }
        return value
    }
}
