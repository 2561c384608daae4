internal import Text

/// What a command line asks for.
enum Request: Sendable {
    case run(Invocation)
    /// Help on a verb; nil is the whole program.
    case help(Verb?)
    case version
}

/// Reads command lines by the table of verbs.
struct ArgumentParser: Sendable {
    let table: [Verb]
    /// The verb of a command line without one.
    let standard: Verb?

    /// Parses the arguments after the program's name.
    func parse(_ arguments: [String]) throws(UsageError) -> Request {
        switch arguments.first {
        case "--version"?: return .version
        case "--help"?, "-h"?: return .help(nil)
        case let first? where !first.hasPrefix("-") || first == "-":
            guard var verb = table.first(where: { $0.name == first }) else {
                throw .unknownVerb(first, nearest: nearest(first, in: table.map(\.name)))
            }
            var rest = arguments.dropFirst()
            while !verb.verbs.isEmpty, let next = rest.first, !next.hasPrefix("-") {
                guard let inner = verb.verbs.first(where: { $0.lastName == next }) else {
                    throw .unknownVerb("\(verb.name) \(next)", nearest: nearest(next, in: verb.verbs.map(\.lastName)))
                }
                verb = inner
                rest = rest.dropFirst()
            }
            return try parse(rest, verb: verb)
        case nil, _?:
            guard let standard else { return .help(nil) }
            return try parse(arguments[...], verb: standard)
        }
    }

    private func parse(_ arguments: ArraySlice<String>, verb: Verb) throws(UsageError) -> Request {
        var reading = Reading(verb: verb, table: table)
        var rest = arguments
        var areFlagsOver = false
        while let argument = rest.popFirst() {
            if areFlagsOver || argument == "-" || !argument.hasPrefix("-") || NumberText.looksNegative(argument) {
                reading.positionals.append(argument)
            } else if argument == "--" {
                areFlagsOver = true
            } else if argument.hasPrefix("--") {
                try reading.long(argument, following: &rest)
            } else {
                try reading.short(argument, following: &rest)
            }
        }
        if reading.values["help"] != nil { return .help(verb) }
        try reading.checkPositionals()
        try reading.checkStandardOutput()
        return .run(Invocation(verb: verb, positionals: reading.positionals, values: reading.values))
    }
}

/// The state of reading one command line.
private struct Reading {
    let verb: Verb
    let table: [Verb]
    var positionals: [String] = []
    var values: [String: [FlagValue]] = [:]

    init(verb: Verb, table: [Verb]) {
        self.verb = verb
        self.table = table
    }

    mutating func long(_ argument: String, following rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard let flag = verb.flags.first(where: { $0.name == name }) else { throw unknown("--" + name) }
        try take(flag, shown: "--" + name, attached: parts.count == 2 ? String(parts[1]) : nil, following: &rest)
    }

    /// `-o FILE`, `-oFILE`, or several switches in one: `-qv`.
    mutating func short(_ argument: String, following rest: inout ArraySlice<String>) throws(UsageError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let flag = verb.flags.first(where: { $0.short == letter }) else { throw unknown("-\(letter)") }
            if case .on = flag.kind {
                try take(flag, shown: "-\(letter)", attached: nil, following: &rest)
            } else {
                let attached = letters.isEmpty ? nil : String(letters)
                return try take(flag, shown: "-\(letter)", attached: attached, following: &rest)
            }
        }
    }

    private mutating func take(
        _ flag: Flag, shown: String, attached: String?, following rest: inout ArraySlice<String>
    ) throws(UsageError) {
        switch flag.kind {
        case .on:
            if attached != nil { throw .unexpectedValue(flag: shown) }
            values[flag.name] = [.on]
            return
        case .optionalInteger(_, let implied):
            let value: FlagValue =
                if let attached { try flag.kind.value(of: attached, flag: shown) } else { .integer(implied) }
            try store(value, of: flag, shown: shown)
        case .text, .input, .output, .choice, .integer, .number, .length, .pair, .page, .margin, .firmware, .hatch,
            .suggested, .wordOr:
            guard let text = attached ?? nextValue(&rest) else {
                throw .missingValue(flag: shown, placeholder: flag.kind.placeholder)
            }
            try store(try flag.kind.value(of: text, flag: shown), of: flag, shown: shown)
        }
    }

    private mutating func store(_ value: FlagValue, of flag: Flag, shown: String) throws(UsageError) {
        if values[flag.name] != nil && !flag.isRepeatable { throw .repeatedFlag(shown) }
        values[flag.name, default: []].append(value)
    }

    /// The next argument unless it is a flag itself; `-` and negative numbers are values.
    private func nextValue(_ rest: inout ArraySlice<String>) -> String? {
        guard let next = rest.first else { return nil }
        if next.hasPrefix("-") && next != "-" && !NumberText.looksNegative(next) { return nil }
        rest = rest.dropFirst()
        return next
    }

    private func unknown(_ shown: String) -> UsageError {
        let name = String(shown.drop { $0 == "-" })
        let others = table.filter { other in
            other.flags.contains { $0.name == name || $0.short.map(String.init) == name }
        }
        let near = others.isEmpty ? nearest(name, in: verb.flags.map(\.name)).map { "--" + $0 } : nil
        return .unknownFlag(shown, verb: verb.name, nearest: near, others: others.map(\.name))
    }

    func checkPositionals() throws(UsageError) {
        let required = verb.positionals.filter(\.isRequired)
        if positionals.count < required.count {
            throw .missingArgument(verb: verb.name, name: required[positionals.count].name)
        }
        if positionals.count > verb.positionals.count && verb.positionals.last?.repeats != true {
            throw .unexpectedArgument(verb: verb.name, value: positionals[verb.positionals.count])
        }
    }

    /// Standard output carries one result: `-` once, and not beside `--json`.
    func checkStandardOutput() throws(UsageError) {
        var users: [String] = []
        for flag in verb.flags {
            let given = values[flag.name] ?? []
            if flag.name == "json" && !given.isEmpty { users.append("--json") }
            if case .output = flag.kind, given.contains(.text("-")) { users.append("--\(flag.name) -") }
        }
        if users.count > 1 { throw .severalStandardOutputs(users) }
    }
}
