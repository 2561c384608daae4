internal import Text

/// Why plot options that came as fields cannot be used.
enum OptionError: Error, Equatable, Sendable {
    /// One option, and what is wrong with it: the rest of a sentence that begins with its name.
    case option(String, String)
    /// Several that do not go together, or one that is given twice.
    case usage(UsageError)

    init(_ error: UsageError) {
        if case .badValue(let name, let value, let expected) = error {
            self = .option(String(name.drop { $0 == "-" }), "is \(quoted(value)) and must be \(expected).")
        } else {
            self = .usage(error)
        }
    }

    /// For people.
    var sentence: String {
        switch self {
        case .option(let name, let what): "The option \(name) \(what)"
        // Fields have the names of flags, without their dashes.
        case .usage(let error): "\(error)".replacing(/--(?=[a-z])/, with: "")
        }
    }
}
