internal import Motion

/// Plot options as fields of a query or form; the names are those of the command line's flags.
enum OptionFields {
    static let parameters: [Route.Parameter] = [
        .init(name: "fit", summary: "none, shrink or page"),
        .init(name: "orientation", summary: "auto, portrait or landscape"),
        .init(name: "order", summary: "none, join, sort or full"),
        .init(name: "rotate", summary: "Degrees clockwise, -360 to 360", type: "number"),
        .init(name: "tolerance", summary: "mm, 0.001 to 1", type: "number"),
        .init(name: "join", summary: "mm, 0 to 100", type: "number"),
        .init(name: "copies", summary: "1 to 1000", type: "integer"),
        .init(name: "outline", summary: "all or stroked"),
        .init(name: "strict", summary: "true: what would be cut or skipped is an error", type: "boolean"),
    ]

    /// The options that the fields ask for; an unknown name or a value out of range is refused.
    static func options(_ fields: [(name: String, value: String)]) throws(Problem) -> PlotOptions {
        var options = PlotOptions()
        for (name, value) in fields {
            switch name {
            case "fit": options.fit = try choice(name, value)
            case "orientation": options.orientation = try choice(name, value)
            case "order": options.order = try choice(name, value)
            case "outline": options.outline = try choice(name, value)
            case "rotate": options.rotation = try number(name, value, -360...360)
            case "tolerance": options.tolerance = try number(name, value, 0.001...1)
            case "join": options.joinDistance = try number(name, value, 0...100)
            case "copies": options.copies = Int(try number(name, value, 1...1000))
            case "strict": options.isStrict = try flag(name, value)
            default:
                throw unusable(name, "is no option; options are \(parameters.map(\.name).joined(separator: ", "))")
            }
        }
        return options
    }

    private static func choice<Value>(_ name: String, _ text: String) throws(Problem) -> Value
    where Value: RawRepresentable<String> & CaseIterable {
        guard let value = Value(rawValue: text) else {
            throw unusable(name, "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    private static func number(
        _ name: String, _ text: String, _ range: ClosedRange<Double>
    ) throws(Problem) -> Double {
        guard let value = NumberText.number(text), range.contains(value) else {
            throw unusable(name, "must be a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))")
        }
        return value
    }

    private static func flag(_ name: String, _ text: String) throws(Problem) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw unusable(name, "must be true or false")
        }
    }

    private static func unusable(_ name: String, _ what: String) -> Problem {
        var problem = Problem(422, "options", "Unusable options", "The option \(name) \(what).")
        problem.errors = [.init(pointer: "/\(name)", detail: what)]
        return problem
    }
}
