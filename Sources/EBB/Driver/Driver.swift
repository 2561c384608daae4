/// Drives one board over one transport, on a Dispatch queue of its own.
///
/// The talking is done by its `BoardLink`, the drawing by a `Run`, both on that queue: feeding goes on without suspension;
/// everything that is rare (connecting, coming to rest, proving a position) is written as asynchronous functions on top.
public actor Driver: QueueActor {
    /// Oldest firmware that can be driven.
    public static let oldestFirmware = FirmwareVersion.oldest

    public nonisolated let executor: QueueExecutor

    let link: BoardLink
    /// Mark of the next run that brings none.
    private var session: UInt8
    private var run: Run?

    public init(transport: any Transport, settings: DriverSettings = DriverSettings()) {
        executor = QueueExecutor(label: "axidrawd.driver", keepsTasks: true, isUrgent: true)
        link = BoardLink(transport: transport, settings: settings, executor: executor)
        session = settings.session
    }

    /// Opens the link, finds out what the board is, and sets the link up (queue depth, reply syntax, checksum).
    ///
    /// Moves nothing, and leaves a board that is still running a queue as it is.
    public func connect() async throws(DriverError) -> BoardIdentity {
        listen()
        return try await onQueue { () throws(DriverError) in try await link.connect() }
    }

    /// Sees to it that what the transport tells comes here.
    func listen() {
        guard link.events == nil else { return }
        link.events = { @Sendable [weak self] event in self?.assumeIsolated { $0.link.take(event) } }
    }

    /// Ends the link; the board is left as it is.
    public func close() {
        link.close()
    }

    /// Whether a board is at the other end, as far as anybody knows.
    public var isLinked: Bool { link.isOpen }

    /// Asks a question and gives what the answer says. Not while a run lasts.
    public func ask<Answer>(_ question: Question<Answer>) async throws(DriverError) -> Answer {
        try await onQueue { () throws(DriverError) in try await link.ask(question) }
    }

    /// Sends one command and gives what it is answered, without name and line ends. Not for motion while a run lasts.
    public func ask(_ command: Command) async throws(DriverError) -> String {
        try await onQueue { () throws(DriverError) in try await link.send(command) }
    }

    /// Does a piece of work without ever leaving the driver's queue: replies do not wait for the process's other work,
    /// and simulated time knows when the driver has nothing more to do.
    func onQueue<Result, Failure>(_ work: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        try await withTaskExecutorPreference(executor, operation: work)
    }

    /// Does something on the driver's queue, after whatever was asked before and without waiting for anything else.
    private nonisolated func perform(_ action: @escaping @Sendable (isolated Driver) -> Void) {
        executor.async { self.assumeIsolated { action($0) } }
    }

    // MARK: Runs

    /// Runs a program on the connected board; suspended until its end, pauses included.
    ///
    /// - Parameters:
    ///   - requests: the mailbox of the job: what is in it counts, also from before the run.
    ///   - report: called on the driver's queue; must return at once.
    public func run(
        _ start: RunStart, requests: RunRequests = RunRequests(),
        report: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async -> RunEnd {
        guard run == nil else { return .failed(DriverError.busy.description) }
        let made = Run(start, requests: requests, session: session, on: link, report: report)
        run = made
        link.feeder = made
        requests.listen { @Sendable [weak self] in self?.perform { $0.requested() } }
        start.supply?.listen { @Sendable [weak self] in self?.perform { $0.requested() } }
        let end = await onQueue { await made.toEnd() }
        requests.listen(nil)
        start.supply?.close()
        link.feeder = nil
        link.gate = nil
        run = nil
        return end
    }

    private func requested() { run?.requested() }

    /// `ES` is the next thing on the wire, whatever is under way: a run, a move by hand, a question, a reconnect. What waits
    /// to be sent is dropped, who waits for it is told `halted`; a run ends with the pen up. While the link is out or
    /// its syntax not known yet, the board is told as soon as it can be.
    ///
    /// - Parameter requests: the mailbox of the job that it ends, if there is one, whether or not it is being drawn yet.
    public nonisolated func stop(_ requests: RunRequests? = nil) {
        requests?.stopQuietly()
        perform { $0.stopNow() }
    }

    private func stopNow() {
        guard let run else { return link.stop() }
        run.requests.stopQuietly()
        run.stopNow()
    }

    /// Looks at the board of a run that stands, to be called now and then: reports `pressed` if its button was pressed, and
    /// `stood(.motorPowerLost)` if its motors have been without power, so that the run goes on only after homing.
    public func look() async {
        guard let run else { return }
        try? await onQueue { () throws(DriverError) in try await run.look() }
    }

    // MARK: A board that no run has

    /// Waits until the motion commands given by hand have ended and nothing is queued, on the link's clock; `halted` is
    /// thrown when a stop comes first.
    ///
    /// - Parameter ticks: how long the motion is expected to take; the board is asked after that.
    /// - Returns: false if it still moves ten times as long after.
    public func standstill(after ticks: Int64) async throws(DriverError) -> Bool {
        try await onQueue { () throws(DriverError) in try await standstillHere(after: ticks) }
    }

    private func standstillHere(after ticks: Int64) async throws(DriverError) -> Bool {
        let pause: Int64 = 1_250
        let stops = link.stops
        await link.sleep(ticks: max(pause, ticks))
        for _ in 0...max(100, 10 * ticks / pause) {
            guard link.stops == stops else { throw .halted }
            if try await link.ask(.motion).isIdle {
                guard link.stops == stops else { throw .halted }
                return true
            }
            await link.sleep(ticks: pause)
        }
        return false
    }

    /// Whether both motors are on; nil where the board cannot tell (`QE` is there from 2.8.0 on).
    public func areMotorsOn() async throws(DriverError) -> Bool? {
        try await onQueue { () throws(DriverError) in try await link.areMotorsOn() }
    }

    /// Takes the mark off the board: the carriage may be moved by hand from now on, which no counter would tell.
    public func forgetSession() async throws(DriverError) {
        try await onQueue { () throws(DriverError) in try await link.setMark(0) }
    }

    /// Asks a connected board whether it stands where a run of `program` has left it; moves nothing.
    ///
    /// The proof: the board was not reset (its mark), its motors have power and are on, from 3.0 have never been without
    /// power, and its counters are those of a place of the program from the record on. O(commands).
    public func place(in program: Program, record: RunRecord) async throws(DriverError) -> RunPlace {
        guard run == nil else { throw .busy }
        return try await onQueue { () throws(DriverError) in try await link.place(in: program, record: record) }
    }
}
