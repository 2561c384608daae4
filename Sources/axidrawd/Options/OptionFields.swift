internal import HTTP
internal import Motion
internal import Text

/// Plot options as fields of a query or form: the flags of the command line by their names, all but the firmware.
///
/// A flag without a value is `true` or `false` here. What a field means is decided by the table of flags alone.
enum OptionFields {
    /// What the board itself says.
    private static let machineOwn: Set<String> = ["firmware"]

    static let flags = PlotFlags.all.flatMap(\.flags).filter { !machineOwn.contains($0.name) }

    static let parameters: [Route.Parameter] = flags.map { flag in
        let values = flag.kind.isSwitch ? "true or false" : flag.kind.placeholder
        return Route.Parameter(name: flag.name, summary: "\(flag.help) (\(values))")
    }

    /// Fields after their values were checked.
    private struct Checked: FlagReader {
        var values: [String: [FlagValue]] = [:]

        func all(_ name: String) -> [FlagValue] { values[name] ?? [] }
    }

    /// What the fields ask for over a machine's own figures; an unknown name or a value out of range is refused.
    static func request(
        _ fields: [(name: String, value: String)], over profile: MachineProfile
    ) throws(OptionError) -> PlotRequest {
        var checked = Checked()
        for (name, value) in fields {
            guard let flag = flags.first(where: { $0.name == name }) else {
                let nearest = nearest(name, in: flags.map(\.name)).map { ", did you mean \($0)?" } ?? "."
                throw .option(name, "is no option" + nearest)
            }
            guard !flag.kind.isSwitch || value == "true" || value == "false" else {
                throw .option(name, "must be true or false.")
            }
            if flag.kind.isSwitch, value == "false" { continue }
            if name == "profile", !MachineProfile.builtIn.contains(where: { $0.name == value }) {
                throw OptionError.option(
                    name,
                    "is \(quoted(value)) and must be one of \(MachineProfile.builtIn.map(\.name).joined(separator: ", ")):"
                        + " no file of this machine is read.")
            }
            if name == "text", !FontFile.names.contains(value) {
                throw OptionError.option(
                    name,
                    "is \(quoted(value)) and must be one of \(FontFile.names.joined(separator: ", ")): no file of this"
                        + " machine is read. A font of your own goes into the drawing, as <font>.")
            }
            do throws(UsageError) {
                if checked.isOn(name), !flag.isRepeatable { throw UsageError.repeatedFlag("--" + name) }
                let given = flag.kind.isSwitch ? .on : try flag.kind.value(of: value, flag: "--" + name)
                checked.values[name, default: []].append(given)
            } catch { throw OptionError(error) }
        }
        do {
            return try checked.plotRequest(over: profile)
        } catch let error as UsageError {
            throw OptionError(error)
        } catch {
            throw .option("", "\(error)")
        }
    }
}
