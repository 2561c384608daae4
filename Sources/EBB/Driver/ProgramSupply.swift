internal import Synchronization

/// A part of a plot that is drawn as it comes: a complete program from home, of which a run that stands where it begins
/// executes what follows the first commands.
///
/// What lies before `start` is there so that the part can be gone on with from home, too, after a loss of the place: the
/// board's set-up, and in all parts but the first the way to where the part before has ended, and a dot there.
public final class ProgramPiece: Sendable, Equatable {
    public let program: Program
    /// The first command that is executed.
    public let start: Int
    /// Strokes before `start`: 0 or 1.
    let strokesBefore: Int

    /// - Parameter start: after a pen-up; the counters there are those at which the piece before has ended.
    public init(_ program: Program, from start: Int) {
        precondition(program.commands.indices.contains(start - 1) && program.commands[start - 1].penIsUp == true)
        self.program = program
        self.start = start
        strokesBefore = program.commands[..<start].count(where: \.beginsStroke)
    }

    public static func == (a: ProgramPiece, b: ProgramPiece) -> Bool { a === b }
}

/// What a run goes on with at the end of its program, while it is still being made.
///
/// One hands it pieces, one run takes them. Who makes them faster than they are drawn waits, so that few are held.
/// All functions may be called from anywhere.
public final class ProgramSupply: Sendable {
    /// What a run finds at its end.
    enum Next: Equatable, Sendable {
        case piece(ProgramPiece)
        /// More is to come.
        case none
        case ended
    }

    private struct State {
        var pieces: [ProgramPiece] = []
        var isEnded = false
        /// The run is over: nothing more is taken.
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var listener: (@Sendable () -> Void)?
        var closing: (@Sendable () -> Void)?
    }

    /// Pieces that wait while another is drawn.
    public static let depth = 2

    private let state = Mutex(State())

    public init() {}

    /// Hands over a piece once there is room for it; false if the run is over, and it will never be drawn.
    public func put(_ piece: ProgramPiece) async -> Bool {
        while true {
            let (isTaken, isClosed, listener) = state.withLock { state in
                if state.isClosed { return (false, true, Optional<@Sendable () -> Void>.none) }
                guard state.pieces.count < Self.depth else { return (false, false, nil) }
                state.pieces.append(piece)
                return (true, false, state.listener)
            }
            listener?()
            if isTaken || isClosed { return isTaken }
            await room()
        }
    }

    /// Returns when a piece can be handed over without waiting, or the run is over.
    public func room() async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if state.isClosed || state.pieces.count < Self.depth { return true }
                state.waiting.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    /// Nothing more comes: the run ends after the last piece.
    public func end() {
        let listener = state.withLock { state in
            state.isEnded = true
            return state.listener
        }
        listener?()
    }

    /// The run is over, or will never begin; pieces that wait are dropped.
    public func close() {
        let (waiting, closing) = state.withLock { state in
            (state.isClosed, state.pieces, state.listener) = (true, [], nil)
            defer { (state.waiting, state.closing) = ([], nil) }
            return (state.waiting, state.closing)
        }
        for continuation in waiting { continuation.resume() }
        closing?()
    }

    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Calls this once when the supply is closed; at once if it is.
    public func whenClosed(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.closing = body }
            return state.isClosed
        }
        if isClosed { body() }
    }

    // MARK: For the driver

    /// Lets the driver that draws be told when there is more, on the thread of whoever brings it.
    func listen(_ listener: @escaping @Sendable () -> Void) { state.withLock { $0.listener = listener } }

    /// Whether a run that waits for more has a reason to go on.
    var hasNews: Bool { state.withLock { !$0.pieces.isEmpty || $0.isEnded } }

    func take() -> Next {
        let (next, waiting) = state.withLock { state -> (Next, [CheckedContinuation<Void, Never>]) in
            guard !state.pieces.isEmpty else { return (state.isEnded ? .ended : .none, []) }
            defer { state.waiting = [] }
            return (.piece(state.pieces.removeFirst()), state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return next
    }
}
