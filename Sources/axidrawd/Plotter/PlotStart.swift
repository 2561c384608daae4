internal import EBB

/// How a plot begins.
enum PlotBeginning: Equatable, Sendable {
    /// From home, with the first command of its program.
    case fromHome
    /// Where an earlier run was cut off, as the board proves.
    case atStep(command: Int)
}

/// All that a plotter needs to draw a job.
struct PlotStart: Sendable {
    /// Done before the first motion; what it returns ends the job instead, what it throws lets the job wait.
    typealias Preparation = @Sendable (PlotBeginning) async throws(Hindrance) -> JobEnd?

    /// A run that was cut off: its program and what was kept of it.
    struct Cut: Sendable {
        var program: Program
        var record: RunRecord
    }

    var program: Program
    /// The mark that the run leaves on the board, 1…255; nil = the same as always.
    var session: UInt8?
    /// Gone on with at the very step if the board proves where it is; else `program` is drawn from home.
    var cut: Cut?
    /// Nobody has said that the carriage is home: without that proof nothing moves, and the job waits.
    var mustProve = false
    /// What it goes on with, as it comes; nil = the program is all.
    var supply: ProgramSupply?
    var beforeMotion: Preparation = { _ in nil }
    /// What people ask of the job: made with it, and the same in whatever it goes through.
    var requests = RunRequests()
}
