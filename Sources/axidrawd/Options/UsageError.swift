internal import Text

/// A command line that says nothing we can do; all of them end with exit code 64.
enum UsageError: Error, Equatable, Sendable {
    case unknownVerb(String, nearest: String?)
    case missingVerb(of: String, known: [String])
    case unknownFlag(String, verb: String, nearest: String?, others: [String])
    case missingValue(flag: String, placeholder: String)
    case unexpectedValue(flag: String)
    case repeatedFlag(String)
    case badValue(name: String, value: String, expected: String)
    case missingArgument(verb: String, name: String)
    case unexpectedArgument(verb: String, value: String)
    case severalStandardOutputs([String])
    /// Flags that make no sense together, in words.
    case conflict(String)
}

extension UsageError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownVerb(let name, let nearest):
            "unknown verb \(quoted(name))" + suggestion(nearest) + "; axidrawd help lists all verbs"
        case .missingVerb(let verb, let known):
            "\(verb) needs one of: " + known.joined(separator: ", ")
        case .unknownFlag(let flag, let verb, let nearest, let others):
            "unknown flag \(quoted(flag)) of \(verb)" + suggestion(nearest)
                + (others.isEmpty ? "" : "; it belongs to " + others.joined(separator: ", "))
        case .missingValue(let flag, let placeholder): "\(flag) needs a value: \(flag) \(placeholder)"
        case .unexpectedValue(let flag): "\(flag) takes no value"
        case .repeatedFlag(let flag): "\(flag) is given twice"
        case .badValue(let name, let value, let expected): "\(name) \(quoted(value)): must be \(expected)"
        case .missingArgument(let verb, let name): "\(verb) needs \(name); axidrawd help \(verb) shows how"
        case .unexpectedArgument(let verb, let value): "\(verb) does not take \(quoted(value))"
        case .severalStandardOutputs(let flags):
            "only one result can go to standard output, here " + flags.joined(separator: " and ")
        case .conflict(let text): text
        }
    }

    private func suggestion(_ nearest: String?) -> String {
        nearest.map { ", did you mean \($0)?" } ?? ""
    }
}
