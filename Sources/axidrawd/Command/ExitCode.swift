internal import Glibc

/// What the process tells its caller; the numbers are those of sysexits.h where it has one.
enum ExitCode: Int32, Error, Sendable {
    case success = 0
    /// The operation failed: a job failed or was refused.
    case failure = 1
    /// Wrong usage.
    case usage = 64
    /// Input that cannot be used.
    case unusableInput = 65
    /// Input that is not there.
    case missingInput = 66
    /// Daemon or device not there.
    case unavailable = 69
    /// Our mistake.
    case internalError = 70
    /// Output that cannot be created.
    case cannotCreate = 73
    case inputOutputError = 74
    /// Locked, busy, queue full: try later.
    case tryLater = 75
    /// Key or rights missing.
    case notPermitted = 77
    /// Configuration or data version wrong.
    case configuration = 78
    /// The terminal has gone.
    case hungUp = 129
    /// Interrupted by the user.
    case interrupted = 130
    case terminated = 143

    /// Of a process that a signal has asked to end: 128 and the signal's number, as shells tell it.
    init(signal number: Int32) {
        self =
            switch number {
            case SIGHUP: .hungUp
            case SIGTERM: .terminated
            default: .interrupted
            }
    }
}
