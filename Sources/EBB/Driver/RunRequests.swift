internal import Synchronization

/// When a pause takes effect.
public enum PauseKind: String, Equatable, Sendable, CaseIterable {
    /// At the end of the stroke being drawn.
    case atPenUp
    /// As soon as the motion can be brought to rest, in the middle of a stroke too.
    case now
}

/// How a run is to go on from where it stands.
public enum Resumption: Equatable, Sendable {
    /// At the very step.
    case here
    /// After homing: set the board up anew and begin with this stroke, counted from 0.
    case stroke(Int)
}

/// What people have asked of one plot and has not taken effect: pause, resume, another plan, cancel, stop.
///
/// One mailbox, made with the job and kept by it, whether it waits, is being planned, is about to begin or is drawn. The
/// driver that draws the job reads it there, so that a request at any moment counts, and nothing is handed over or
/// copied on the way. It is never reset: what ends a job stays said. A job that is to be drawn after all gets a new one.
///
/// All functions may be called from anywhere, return at once and take effect in the order of their calls.
public final class RunRequests: Sendable {
    /// How a plot is to be ended.
    public enum Ending: Int, Comparable, Sendable {
        /// At the next place where it can be brought to rest as planned, pen up.
        case cancel
        /// At once, by `ES`; then pen up.
        case stop

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// Another plan of the same strokes, to go on with from a pen-up on.
    public struct Change: Sendable {
        public var program: Program
        /// Told with the events `changed` and `kept`.
        public var mark: Int
    }

    /// A pause, and who wants it.
    struct Pause: Sendable {
        var kind: PauseKind
        /// By the board's own button, not by a request.
        var isByButton: Bool
    }

    private struct State {
        var ending: Ending?
        var pause: Pause?
        var changes: [Change] = []
        /// The run has said that it stands and waits.
        var isStanding = false
        /// How the standing run is to go on.
        var resumption: Resumption?
        /// Wakes the driver that draws the job.
        var listener: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    public init() {}

    // MARK: For who asks

    /// The run comes to rest and answers with `stood(.asked)`, pen up. Nothing happens while it stands already.
    public func pause(_ kind: PauseKind) { pause(Pause(kind: kind, isByButton: false)) }

    /// Goes on if the run has said that it stands; else takes back a pause that has not come into effect.
    public func resume(_ resumption: Resumption = .here) {
        note { state in
            state.pause = nil
            if state.isStanding { state.resumption = resumption }
        }
    }

    /// Goes on with another plan of the same strokes from the next stroke on.
    ///
    /// At the next pen-up the run comes to rest for a moment, tells the board which settings of the pen differ, and goes
    /// on after the same pen-up of `program`. The run answers `changed(mark)` then, and its progress counts in the new
    /// plan; or `kept(mark)` if the plans have not the same strokes or a later change has come first.
    public func change(to program: Program, mark: Int) {
        note { $0.changes.append(Change(program: program, mark: mark)) }
    }

    /// Ends the plot with a planned deceleration, pen up. A plot that has not begun never begins.
    public func cancel() { end(.cancel) }

    /// Ends the plot by `ES`. A plot that has not begun never begins. `Driver.stop` is the way to a board whatever it does.
    public func stop() { end(.stop) }

    /// Whether the plot is to end, and how; never taken back, but a stop may follow a cancel.
    public var ending: Ending? { state.withLock { $0.ending } }

    /// Whether a pause has been asked for and has not come into effect.
    public var isPausePending: Bool { state.withLock { $0.pause != nil } }

    // MARK: For the driver

    /// Lets the driver that draws the job be told of every request, on the asker's thread; nil = it draws no more.
    func listen(_ listener: (@Sendable () -> Void)?) { state.withLock { $0.listener = listener } }

    /// The pause that has not come into effect.
    var pause: Pause? { state.withLock { $0.pause } }

    /// The board's button has been pressed.
    func pauseByButton() { pause(Pause(kind: .atPenUp, isByButton: true)) }

    /// A press of the button from before the run is none of its pauses.
    func forgetButton() {
        state.withLock { state in if state.pause?.isByButton ?? false { state.pause = nil } }
    }

    /// The run is at rest for a pause and is about to say so: gives the pause, or nil if it has been taken back meanwhile.
    func standForPause() -> Pause? {
        state.withLock { state in
            guard let pause = state.pause else { return nil }
            (state.pause, state.isStanding, state.resumption) = (nil, true, nil)
            return pause
        }
    }

    /// The run is about to say that it stands for a reason of its own: a pause that was asked for is in effect with it.
    func stand() {
        state.withLock { state in (state.pause, state.isStanding, state.resumption) = (nil, true, nil) }
    }

    /// How the standing run is to go on; nil = it stands on. After that it stands no more.
    func takeResumption() -> Resumption? {
        state.withLock { state in
            guard let resumption = state.resumption else { return nil }
            (state.isStanding, state.resumption) = (false, nil)
            return resumption
        }
    }

    /// The newest plan that the run is to go on with, and the marks of those that came before it and will not be used.
    func takeChange() -> (change: Change, superseded: [Int])? {
        state.withLock { state in
            guard let newest = state.changes.popLast() else { return nil }
            defer { state.changes.removeAll() }
            return (newest, state.changes.map(\.mark))
        }
    }

    private func pause(_ pause: Pause) {
        note { state in if !state.isStanding, state.ending == nil { state.pause = pause } }
    }

    /// Notes a stop that the driver has sent, or is about to send, by itself.
    func stopQuietly() { state.withLock { $0.ending = .stop } }

    private func end(_ ending: Ending) {
        note { state in state.ending = max(ending, state.ending ?? ending) }
    }

    private func note(_ change: (inout State) -> Void) {
        let listener = state.withLock { state in
            change(&state)
            return state.listener
        }
        listener?()
    }
}
