internal import HTTP
internal import Motion

/// Plot options as fields of a query or form: the flags of the command line by their names, all but the machine's.
///
/// A flag without a value is `true` or `false` here. What a field means is decided by the table of flags alone.
enum OptionFields {
    /// The plotter has a profile and firmware of its own.
    private static let machineOwn: Set<String> = ["profile", "firmware"]

    static let flags = PlotFlags.all.flatMap(\.flags).filter { !machineOwn.contains($0.name) }

    static let parameters: [Route.Parameter] = flags.map { flag in
        let values = flag.kind.isSwitch ? "true or false" : flag.kind.placeholder
        return Route.Parameter(name: flag.name, summary: "\(flag.help) (\(values))")
    }

    private static let verb = Verb("options", "", groups: PlotFlags.all)

    /// What the fields ask for over a machine's own figures; an unknown name or a value out of range is refused.
    static func request(
        _ fields: [(name: String, value: String)], over profile: MachineProfile
    ) throws(Problem) -> PlotRequest {
        var arguments = [verb.name]
        for (name, value) in fields {
            guard let flag = flags.first(where: { $0.name == name }) else {
                let nearest = nearest(name, in: flags.map(\.name)).map { ", did you mean \($0)?" } ?? "."
                throw unusable(name, "is no option" + nearest)
            }
            if flag.kind.isSwitch {
                guard value == "true" || value == "false" else { throw unusable(name, "must be true or false.") }
                if value == "true" { arguments.append("--" + name) }
            } else {
                arguments.append("--\(name)=\(value)")
            }
        }
        do {
            guard case .run(let invocation) = try ArgumentParser(table: [verb], standard: nil).parse(arguments) else {
                throw unusable(fields.first?.name ?? "", "cannot be used.")
            }
            return try invocation.plotRequest(over: profile)
        } catch let problem as Problem {
            throw problem
        } catch let error as UsageError {
            throw problem(error)
        } catch {
            throw unusable("", "\(error)")
        }
    }

    private static func problem(_ error: UsageError) -> Problem {
        if case .badValue(let name, let value, let expected) = error {
            return unusable(String(name.drop { $0 == "-" }), "is \(quoted(value)) and must be \(expected).")
        }
        return Problem(422, "options", "Unusable options", "\(error)")
    }

    private static func unusable(_ name: String, _ what: String) -> Problem {
        var problem = Problem(422, "options", "Unusable options", "The option \(name) \(what)")
        problem.errors = [.init(pointer: "/\(name)", detail: what)]
        return problem
    }
}
