internal import EBB
internal import Glibc
internal import Motion
internal import Simulator
internal import Text

/// The one place where an error becomes an exit code and a sentence.
///
/// - Returns: what to print on standard error; nil when there is nothing to say.
func failure(for error: any Error) -> (code: ExitCode, message: String?) {
    switch error {
    case let error as UsageError: (.usage, error.description)
    case let error as InputFile.Failure: failure(for: error)
    case let error as OutputFile.Failure: failure(for: error)
    case let error as Terminal.StreamError: failure(for: error)
    case let error as ProfileFile.Failure: (error.exitCode, error.description)
    case let error as FontFile.Failure: (error.exitCode, error.description)
    case let error as FontInDrawing.Failure: (.unusableInput, error.description)
    case let error as FaultScript.ParseError: (.unusableInput, "fault script, \(error)")
    case let error as LinkFailure: failure(for: error)
    case let error as SVG.ParseError: (.unusableInput, sentence(error))
    case let error as DesignError: (error.exitCode, error.description)
    case let error as GitLog.Failure: (.failure, error.description)
    case let error as Interruption: (error.exitCode, error.message)
    case let error as Drawing.Failure: failure(for: error)
    case let error as PlanError: failure(for: error)
    case let error as BoardChoice.Unknown: (.unavailable, error.description)
    case let error as DriverError: (error.exitCode, error.sentence)
    case let error as Fault: (.failure, error.message)
    case let code as ExitCode: (code, nil)
    default: (.internalError, "this should not happen: \(error)")
    }
}

private func failure(for error: InputFile.Failure) -> (code: ExitCode, message: String?) {
    switch error {
    case .cannotRead(let path, let code):
        (.missingInput, "cannot read \(shown(path)): \(Terminal.text(errno: code))")
    case .isDirectory(let path): (.missingInput, "cannot read \(quoted(path)): it is a folder; name a file")
    case .empty(let path): (.unusableInput, "\(shown(path)) is empty")
    case .tooLarge(let path, let limit): (.unusableInput, "\(shown(path)) is larger than \(limit >> 20) MiB")
    }
}

private func failure(for error: OutputFile.Failure) -> (code: ExitCode, message: String?) {
    switch error {
    case .cannotCreate(let path, let code):
        (.cannotCreate, "cannot create \(quoted(path)): \(Terminal.text(errno: code))")
    case .cannotWrite(let path, let code):
        (.inputOutputError, "cannot write \(quoted(path)): \(Terminal.text(errno: code))")
    case .closed: (.success, nil)
    }
}

private func failure(for error: Terminal.StreamError) -> (code: ExitCode, message: String?) {
    switch error {
    case .closed: (.success, nil)
    case .failed(let code): (.inputOutputError, "cannot write the result: \(Terminal.text(errno: code))")
    }
}

private func failure(for error: LinkFailure) -> (code: ExitCode, message: String?) {
    let place = error.path.map { " " + quoted($0) } ?? ""
    return (.cannotCreate, "the board's link: \(error.call)\(place): \(Terminal.text(errno: error.code))")
}

private func failure(for error: Drawing.Failure) -> (code: ExitCode, message: String?) {
    switch error.reason {
    case .unreadable(let reason): return (.unusableInput, "cannot use \(shown(error.path)): \(sentence(reason))")
    case .unplannable(let reason):
        let (code, message) = failure(for: reason)
        return (code, message.map { "cannot draw \(shown(error.path)): \($0)" })
    }
}

private func failure(for error: PlanError) -> (code: ExitCode, message: String?) {
    switch error {
    case .nothingToDraw: (.unusableInput, "it holds nothing to draw, or the chosen layers do not")
    case .nothingVisible(let reason): (.unusableInput, "it holds nothing to draw: \(reason)")
    case .nothingInsideMachine:
        (.unusableInput, "nothing of it lies inside page and machine; --fit page scales it into the page")
    case .strict(let diagnostic): (.unusableInput, "refused by --strict: \(diagnostic.message)")
    case .limit(let name, let value, let range):
        (.usage, "\(name) \(brief(value)): must be from \(brief(range.lowerBound)) to \(brief(range.upperBound))")
    case .firmware(let found, let needed):
        (
            .usage,
            "firmware \(found) is too old to plot, \(needed) is needed: the maker's EBB firmware updater brings 2.8.1"
        )
    case .noJerk(let found):
        (
            .unusableInput,
            "firmware \(found) has no moves of limited jerk, --jerk needs 3.0.0: say --jerk none, or give --firmware 3.0.3 "
                + "where the board has it"
        )
    case .noCurves(let found):
        (
            .unusableInput,
            "firmware \(found) has no accelerated moves, --motion physical needs 2.7.0: leave it out, or bring the board to "
                + "2.8.1 by the maker's EBB firmware updater"
        )
    case .tooLarge(let text): (.unusableInput, text)
    case .memory(let needed, let allowed):
        (
            .unusableInput,
            "planning it needs more than \(needed >> 20) MiB, \(allowed >> 20) MiB are allowed: simplify or split it, choose a "
                + "larger tolerance, or raise \(MemoryAllowance.variable)"
        )
    case .cancelled: (.interrupted, "interrupted; nothing was written")
    }
}

/// With what a person at the command line can do.
private func sentence(_ error: SVG.ParseError) -> String {
    guard case .memory = error.reason else { return error.description }
    return "\(error): \(MemoryAllowance.variable)=MiB"
}

private func shown(_ path: String) -> String { path == "-" ? "standard input" : quoted(path) }

/// The user or the system asked the process to end.
struct Interruption: Error, Equatable {
    var exitCode: ExitCode
    /// What stands where now, such as the pen's place; nil when nothing was in motion.
    var message: String?
}

extension ProfileFile.Failure {
    fileprivate var exitCode: ExitCode {
        switch self {
        case .unknownName: .usage
        case .notAnObject, .unknownKey, .badValue: .configuration
        }
    }
}

extension FontFile.Failure: CustomStringConvertible {
    fileprivate var exitCode: ExitCode {
        switch self {
        case .unknownName: .usage
        case .unusable: .unusableInput
        }
    }

    var description: String {
        switch self {
        case .unknownName(let name, let nearest):
            "--text \(quoted(name)): no font of that name; "
                + (nearest.map { "did you mean \($0)?" }
                    ?? "plain and script are built in, an SVG font is named by its file, such as ./my.svg")
        case .unusable(let path, let reason): "cannot use \(shown(path)) as a font: \(reason)"
        }
    }
}

extension DriverError {
    fileprivate var exitCode: ExitCode {
        switch self {
        case .link(.openFailed(_, EACCES)), .link(.openFailed(_, EPERM)): .notPermitted
        case .link(.openFailed(_, EBUSY)), .busy: .tryLater
        case .link(.lost): .inputOutputError
        case .link, .notAnEBB, .tooOld, .motorPowerOff, .otherBoard: .unavailable
        case .refused, .unexpected: .failure
        case .halted: .interrupted
        }
    }

    /// What is wrong and what to do.
    fileprivate var sentence: String {
        guard case .link(.openFailed(let path, let code)) = self else { return description }
        let what = "cannot open \(quoted(path)): \(Terminal.text(errno: code))"
        return switch code {
        case EACCES, EPERM: what + "; install udev/70-axidraw.rules or join the group dialout"
        case EBUSY: what + "; another program holds it; if that is axidrawd, hand the drawing to it (submit)"
        default: what
        }
    }
}
