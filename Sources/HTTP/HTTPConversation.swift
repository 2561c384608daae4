internal import Text

/// One connection without its socket: bytes and times in, requests and bytes out.
///
/// Times are milliseconds of any clock that never goes back.
package struct HTTPConversation: Sendable {
    package enum Phase: Equatable, Sendable {
        /// Between requests or inside one.
        case reading
        /// A request is with its handler.
        case handling
        /// The same, and its body is still coming.
        case taking
        /// The connection is an event stream.
        case streaming
        /// The last answer is on its way.
        case flushing
        /// Our side is shut; what still comes is dropped until the peer is gone.
        case draining(since: Int64, dropped: Int)
        case closed
    }

    /// With so many bytes of answers unsent, no further request of the connection is read.
    package static let outputPause = 64 * 1024
    /// Up to so many bytes are copied behind what is there already.
    private static let copiedBytes = 16 * 1024

    package let limits: HTTPLimits
    package private(set) var phase = Phase.reading
    /// What is owed, in order: heads and small bodies are copied here, large bodies are the answers' own.
    private var pieces: [[UInt8]] = []
    private var pieceStart = 0
    /// Bytes of `pieces` that are still to be sent.
    package private(set) var pendingCount = 0
    /// Bytes of a streamed body that are still to come.
    package private(set) var bodyLeft = 0
    /// Whether a whole head has ever come.
    package private(set) var hasSpoken = false
    private var input: [UInt8] = []
    private var inputStart = 0
    private var parser: RequestParser
    private var head: RequestHead?
    /// The body that is handed over while it comes.
    package private(set) var intake: BodyIntake?
    private var requestId = ""
    private var admission: Admission?
    /// Pattern and client of a request that may pass.
    private var passing: (route: String, subject: String?, client: String)?
    /// When the head was complete.
    private var begun: Int64 = 0
    private var closesAfterAnswer = false
    private var isChunkedStream = false
    /// When the present wait began: idle, head or body.
    private var since: Int64
    private var lastProgress: Int64
    private var bodyReceived: Int64 = 0
    /// Bytes that came in while the connection was an event stream.
    private var streamInput = 0
    /// The peer takes nothing: what it is still owed is not worth keeping either.
    package private(set) var isCutOff = false

    package init(limits: HTTPLimits, now: Int64) {
        self.limits = limits
        parser = RequestParser(limits: limits)
        since = now
        lastProgress = now
    }

    /// The next bytes to be sent: all there are, or the first of several pieces.
    package var pendingOutput: ArraySlice<UInt8> { pieces.first?[pieceStart...] ?? [] }
    package var hasOutput: Bool { pendingCount > 0 }
    /// Bytes of a body held so far.
    package var bodyCount: Int { parser.bodyCount }
    /// Bytes of the buffers of this connection, whatever of them is in use.
    package var heldBytes: Int { input.capacity + pieces.reduce(0) { $0 + $1.capacity } + parser.heldBytes }
    /// Path of the request at hand, for its client only.
    private var path: String { head?.target.path ?? "-" }

    /// Whether reading from the socket now is of use.
    package var wantsInput: Bool {
        switch phase {
        case .reading: inputStart == input.count && !hasOutput && bodyLeft == 0
        case .taking: inputStart == input.count && intake?.hasRoom ?? false
        case .streaming, .draining: true
        case .handling, .flushing, .closed: false
        }
    }

    /// Takes bytes from the peer; `next` looks at them.
    package mutating func receive(_ bytes: ArraySlice<UInt8>, now: Int64) {
        switch phase {
        case .reading, .handling, .taking:
            if inputStart > 0 {
                input.removeFirst(inputStart)
                inputStart = 0
            }
            if phase == .reading, parser.isAtStart, input.isEmpty { since = now }
            input += bytes
        case .draining(let begun, let dropped):
            phase =
                dropped + bytes.count > limits.drainBytes
                ? .closed : .draining(since: begun, dropped: dropped + bytes.count)
        case .streaming:
            // Nothing more is read as a request here; who goes on sending keeps the loop busy for nothing.
            streamInput += bytes.count
            if streamInput > limits.drainBytes { phase = .closed }
        case .flushing, .closed: break
        }
    }

    /// The peer will send nothing more.
    package mutating func peerClosed() {
        switch phase {
        case .reading: phase = hasOutput || bodyLeft > 0 ? .flushing : .closed
        case .taking: endIntake(.brokenOff)
        case .handling, .flushing: closesAfterAnswer = true
        case .streaming, .draining, .closed: phase = .closed
        }
    }

    /// The socket is of no more use.
    package mutating func fail() {
        endIntake(.brokenOff)
        phase = .closed
    }

    // MARK: A body that is handed over while it comes

    /// Whether bytes of such a body wait to be handed over.
    var holdsBody: Bool { inputStart < input.count }

    mutating func readBody(now: Int64) throws(HTTPError) -> RequestParser.Event? {
        since = now
        return try parser.read(input, at: &inputStart)
    }

    mutating func takeParsedBody() -> [UInt8] { parser.takeBody() }

    /// Nothing more of the body is handed over; the handler's answer is still to come.
    mutating func endIntake(_ end: BodyIntake.Piece, keepsConnection: Bool = false) {
        guard let intake else { return }
        self.intake = nil
        intake.finish(end)
        guard phase == .taking else { return }
        phase = .handling
        if !keepsConnection { closesAfterAnswer = true }
    }

    /// Whether bytes of a further request wait.
    package var holdsInput: Bool { phase == .reading && inputStart < input.count }

    /// The next complete request that may pass; refusals are answered on the way.
    package mutating func next(now: Int64, gate: some Gatekeeper) -> HTTPRequest? {
        while phase == .reading, pendingCount < Self.outputPause, bodyLeft == 0 {
            let event: RequestParser.Event?
            let before = inputStart
            do { event = try parser.read(input, at: &inputStart) } catch {
                refuse(error.problem, now: now, gate: gate)
                return nil
            }
            if parser.isInBody { bodyReceived += Int64(inputStart - before) }
            switch event {
            case nil:
                releaseInput()
                return nil
            case .head(let complete):
                begin(complete, now: now, gate: gate)
                if let request = beginIntake() { return request }
            case .body(let body):
                guard let request = finish(body, now: now, gate: gate) else { continue }
                return request
            }
        }
        return nil
    }

    /// Sends the answer of the request at hand.
    package mutating func answer(_ response: Response, now: Int64, gate: some Gatekeeper) {
        // The handler has seen enough of a body: what is left of it is not read.
        if phase == .taking { endIntake(.end) }
        guard phase == .handling else { return }
        phase = .reading
        write(response, closes: closesAfterAnswer || response.closes, now: now, gate: gate)
    }

    /// The answer to a problem of the request at hand.
    package mutating func answer(_ problem: Problem, now: Int64, gate: some Gatekeeper) {
        answer(problem.response(instance: path, requestId: requestId), now: now, gate: gate)
    }

    /// Turns the connection into an event stream.
    package mutating func startStream(_ response: Response, now: Int64, gate: some Gatekeeper) {
        guard phase == .handling else { return }
        isChunkedStream = head?.minorVersion == 1
        var writer = ResponseWriter(date: gate.date, requestId: requestId)
        writer.framing = isChunkedStream ? .chunked : .untilClose
        writer.closes = true
        writer.omitsBody = head?.method == "HEAD"
        append(writer.bytes(response), now: now)
        note(response.status, now: now, gate: gate)
        phase = writer.omitsBody ? .flushing : .streaming
    }

    /// What the event stream that lasts was asked for with.
    package var streamed: RequestHead? { phase == .streaming ? head : nil }

    /// A piece of an event stream.
    package mutating func stream(_ bytes: [UInt8], now: Int64) {
        guard phase == .streaming, !bytes.isEmpty else { return }
        append(isChunkedStream ? ResponseWriter.chunk(bytes) : bytes, now: now)
    }

    /// Ends an event stream in order.
    package mutating func endStream(now: Int64) {
        guard phase == .streaming else { return }
        if isChunkedStream { append(ResponseWriter.lastChunk, now: now) }
        phase = .flushing
    }

    /// `count` bytes of the output have been taken by the socket.
    package mutating func sent(_ count: Int, now: Int64) {
        var count = count
        if count > 0 { lastProgress = now }
        pendingCount -= count
        while count > 0, let first = pieces.first {
            let taken = min(count, first.count - pieceStart)
            pieceStart += taken
            count -= taken
            guard pieceStart == first.count else { break }
            pieces.removeFirst()
            pieceStart = 0
        }
        if pieces.isEmpty { pieces = [] }
    }

    /// Our side of the socket has been shut after the last answer.
    package mutating func beginDraining(now: Int64) {
        guard phase == .flushing, !hasOutput, bodyLeft == 0 else { return }
        phase = .draining(since: now, dropped: 0)
    }

    /// Whether it is owed something and has taken nothing of it for so long.
    package func isStuck(for milliseconds: Int64, now: Int64) -> Bool {
        hasOutput && now - lastProgress >= milliseconds
    }

    /// Applies the deadlines; call it at least every second.
    package mutating func tick(now: Int64, gate: some Gatekeeper) {
        if hasOutput, now - lastProgress > limits.writeMilliseconds {
            isCutOff = true
            phase = .closed
            return
        }
        switch phase {
        case .reading: tickReading(now: now, gate: gate)
        case .draining(let begun, _): if now - begun > limits.drainMilliseconds { phase = .closed }
        case .taking: if now - since > Self.silence { endIntake(.brokenOff) }
        case .handling, .streaming, .flushing, .closed: break
        }
    }

    /// Ends the conversation as soon as nothing is owed: the server is stopping.
    package mutating func windDown(now: Int64) {
        closesAfterAnswer = true
        switch phase {
        case .reading where parser.isAtStart && !hasOutput && bodyLeft == 0: phase = .closed
        case .reading where parser.isAtStart: phase = .flushing
        case .streaming: endStream(now: now)
        case .taking: endIntake(.brokenOff)
        case .reading, .handling, .flushing, .draining, .closed: break
        }
    }

    /// Since when everything that was asked has been answered and nothing more is coming; nil where that is not so.
    package var idleSince: Int64? {
        phase == .reading && hasSpoken && parser.isAtStart && !hasOutput && bodyLeft == 0 ? since : nil
    }

    /// Refuses whatever is being read, with an answer, and closes.
    package mutating func refuse(_ problem: Problem, now: Int64, gate: some Gatekeeper) {
        guard phase == .reading else { return }
        if requestId.isEmpty { requestId = gate.makeRequestId() }
        let response = problem.response(instance: path, requestId: requestId)
        write(response, closes: true, now: now, gate: gate)
    }

    private mutating func tickReading(now: Int64, gate: some Gatekeeper) {
        if parser.isAtStart {
            let patience = hasSpoken ? limits.idleMilliseconds : min(limits.silentMilliseconds, limits.idleMilliseconds)
            if !hasOutput, bodyLeft == 0, now - since > patience { phase = .closed }
        } else if !parser.isInBody {
            if now - since > limits.headMilliseconds {
                refuse(HTTPError.timedOut("The head did not come in time.").problem, now: now, gate: gate)
            }
        } else {
            let elapsed = now - since
            let owed = max(0, elapsed - limits.bodyGraceMilliseconds) * limits.bodyBytesPerSecond / 1000
            if elapsed > limits.bodyMilliseconds || bodyReceived < owed {
                refuse(HTTPError.timedOut("The body came too slowly.").problem, now: now, gate: gate)
            }
        }
    }

    /// The head is there: route, access, type and length are decided before a byte of the body is asked for.
    private mutating func begin(_ complete: RequestHead, now: Int64, gate: some Gatekeeper) {
        head = complete
        hasSpoken = true
        requestId = complete.value("x-request-id").flatMap { Self.isRequestId($0) ? $0 : nil } ?? gate.makeRequestId()
        since = now
        begun = now
        bodyReceived = 0
        var verdict = gate.admit(complete)
        if case .passes(let pass) = verdict {
            let subject = pass.parameters["id"] ?? pass.parameters["name"]
            passing = (pass.route.pattern, subject, pass.forwarded.client)
        }
        if let problem = objection(complete, verdict) { verdict = .refused(problem) }
        admission = verdict
        let hasBody = complete.framing != .none && complete.framing != .length(0)
        closesAfterAnswer = closesAfterAnswer || !complete.keepsAlive
        switch verdict {
        case .passes(let pass):
            parser.bodyLimit = limits.body(of: pass.route)
            if hasBody, complete.minorVersion == 1, complete.has("100-continue", in: "expect") {
                append(ResponseWriter.interim, now: now)
            }
        case .answered(let response): if hasBody { write(response, closes: true, now: now, gate: gate) }
        case .refused(let problem): if hasBody { refuse(problem, now: now, gate: gate) }
        }
    }

    /// The request goes to its handler before its body has come, where the route wants that and there is one.
    private mutating func beginIntake() -> HTTPRequest? {
        guard case .passes(let pass) = admission, pass.route.takesBodyAsItComes, phase == .reading, let head,
            head.framing != .none, head.framing != .length(0)
        else { return nil }
        let intake = BodyIntake()
        (admission, self.intake, phase) = (nil, intake, .taking)
        // Nothing of it is held.
        parser.bodyLimit = .max
        return HTTPRequest(head: head, pass: pass, body: [], requestId: requestId, incoming: intake)
    }

    /// What the head alone makes impossible for the route it found.
    private func objection(_ head: RequestHead, _ verdict: Admission) -> Problem? {
        guard case .passes(let pass) = verdict else { return nil }
        if head.minorVersion == 1, let expectation = head.value("expect"), expectation.lowercased() != "100-continue" {
            return Problem(417, "expectation", "Expectation not met", "Only the expectation 100-continue is known.")
        }
        switch head.framing {
        case .none: break
        case .length(let length):
            let limit = limits.body(of: pass.route)
            if pass.route.takesBodyAsItComes { break }
            if length > limit { return HTTPError.bodyTooLarge(limit: limit).problem }
        case .chunked: if pass.route.bodyLimit == 0 { return HTTPError.bodyTooLarge(limit: 0).problem }
        }
        return nil
    }

    /// The body is there: a request for the handler, or the answer decided on the head.
    private mutating func finish(_ body: [UInt8], now: Int64, gate: some Gatekeeper) -> HTTPRequest? {
        since = now
        let decided = admission
        admission = nil
        guard let head else { return nil }
        switch decided {
        case .passes(let pass):
            phase = .handling
            return HTTPRequest(head: head, pass: pass, body: body, requestId: requestId)
        case .answered(let response): write(response, closes: closesAfterAnswer, now: now, gate: gate)
        case .refused(let problem):
            let response = problem.response(instance: path, requestId: requestId)
            write(response, closes: closesAfterAnswer, now: now, gate: gate)
        case nil: break
        }
        return nil
    }

    private mutating func write(_ response: Response, closes: Bool, now: Int64, gate: some Gatekeeper) {
        var writer = ResponseWriter(date: gate.date, requestId: requestId)
        writer.omitsBody = head?.method == "HEAD"
        writer.closes = closes
        let (head, body) = writer.parts(response)
        append(head, now: now)
        append(body, now: now)
        if let stream = response.stream, !writer.omitsBody { bodyLeft = stream.length }
        note(response.status, now: now, gate: gate)
        self.head = nil
        passing = nil
        requestId = ""
        since = now
        if closes {
            phase = .flushing
            input = []
            inputStart = 0
            // Nothing more is read: what came of a refused body must not stay until the client has gone.
            parser = RequestParser(limits: parser.limits)
        }
    }

    private func note(_ status: Int, now: Int64, gate: some Gatekeeper) {
        gate.note(
            Exchange(
                method: head?.method ?? "-", route: passing?.route, subject: passing?.subject, status: status,
                requestId: requestId, client: passing?.client, milliseconds: head == nil ? 0 : now - begun))
    }

    private mutating func append(_ bytes: [UInt8], now: Int64) {
        guard !bytes.isEmpty else { return }
        if !hasOutput { lastProgress = now }
        pendingCount += bytes.count
        // A large body is shared with whoever else has it.
        if bytes.count <= Self.copiedBytes, let last = pieces.last, last.count <= Self.outputPause {
            pieces[pieces.count - 1] += bytes
        } else {
            pieces.append(bytes)
        }
    }

    /// The next bytes of a streamed body.
    package mutating func takeBody(_ bytes: [UInt8], now: Int64) {
        guard phase == .reading || phase == .flushing, bytes.count <= bodyLeft else { return fail() }
        bodyLeft -= bytes.count
        append(bytes, now: now)
        since = now
    }

    /// An idle connection holds no buffers.
    private mutating func releaseInput() {
        guard inputStart == input.count else { return }
        input = []
        inputStart = 0
    }

    private static func isRequestId(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x2E || $0 == 0x5F
            }
    }
}
