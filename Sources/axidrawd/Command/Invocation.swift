internal import EBB
internal import Motion

/// A command line after parsing: the verb, its flags with checked values, its arguments.
struct Invocation: FlagReader, Sendable {
    let verb: Verb
    let positionals: [String]
    private var values: [String: [FlagValue]]

    init(verb: Verb, positionals: [String] = [], values: [String: [FlagValue]] = [:]) {
        self.verb = verb
        self.positionals = positionals
        self.values = values
    }

    /// Every value of a repeatable flag, in order.
    func all(_ name: String) -> [FlagValue] {
        precondition(verb.flags.contains { $0.name == name }, "\(verb.name) declares no flag \(name)")
        return values[name] ?? []
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
