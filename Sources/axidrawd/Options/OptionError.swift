internal import Motion
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

    /// What was asked for by name of a plotter whose board cannot do it; nil where it is no option that is wrong.
    init?(_ error: PlanError, on plotter: String) {
        switch error {
        case .noJerk(let firmware):
            self = .option(
                "jerk", "needs firmware 3.0.0, and the board of \(plotter) has \(firmware): leave it out, or say none.")
        case .noCurves(let firmware):
            self = .option(
                "motion",
                "is physical, which needs firmware 2.7.0, and the board of \(plotter) has \(firmware): leave it out, or "
                    + "bring the board to 2.8.1 by the maker's EBB firmware updater.")
        case .nothingToDraw, .nothingVisible, .nothingInsideMachine, .strict, .limit, .firmware, .tooLarge, .memory,
            .cancelled:
            return nil
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
