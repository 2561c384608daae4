internal import HTTP
internal import Text

/// One run of a task: waits for its turn on the plotter's stream, makes the drawing when it is called, hands it over and
/// follows it to its end. Whatever breaks in between is begun again where it was, with the same ticket.
///
/// Blocks its thread. A value without a clock of its own: time and waiting come from `Ways`.
struct TaskRun {
    /// What a run needs of the world.
    struct Ways {
        /// Where the plotter's daemon is now; asked before every connection, as it may have moved. nil = nobody knows.
        var address: () -> DaemonAddress?
        /// Makes the drawing; only called once, when it is wanted.
        var draw: (DaemonAddress) throws(Undrawable) -> [UInt8]
        /// Monotonic, ms.
        var now: () -> Int64
        var wait: (_ milliseconds: Int64) -> Void
        /// For people.
        var say: (String) -> Void
        /// Share of a wait that is added at random, 0 to 1.
        var jitter: () -> Double
    }

    /// Why there is no drawing.
    struct Undrawable: Error, Equatable {
        var reason: String
        /// Whether it may work later.
        var isPassing: Bool
    }

    /// What became of it.
    enum End: Equatable {
        case drawn(seconds: Double?)
        /// Nobody was reached, no place was free, or no turn came; the same task may be tried again.
        case unreachable(String)
        case busy(String)
        /// It makes no sense to try again.
        case failed(String)
        case refused(String)
        case unusable(String)
    }

    /// How long what may take long may take, ms.
    struct Patience: Equatable {
        /// Without a place in the line: nobody answers, or it is full.
        var withoutPlace: Int64 = 600_000
        /// In all, from the first step to the end of the drawing.
        var whole: Int64 = 86_400_000
        /// Longer than two of the beats that come every 5 s on a stream that lives.
        var silence: Int64 = 20_000
        /// For the answer to a drawing.
        var answer: Int64 = 120_000
        static let shortestWait: Int64 = 250
        /// The plotter keeps a place for 10 s: most tries come sooner.
        static let longestWait: Int64 = 8_000
    }

    let task: TaskDescription
    let key: String?
    let patience: Patience
    let ways: Ways
    private let plotter: String

    init(_ task: TaskDescription, key: String?, patience: Patience, ways: Ways) {
        self.task = task
        self.key = key
        self.patience = patience
        self.ways = ways
        plotter = task.plotter ?? ""
    }

    /// What one connection came to.
    private enum Stretch {
        case over(End)
        /// The stream broke, or nobody answered.
        case lost(String)
        /// The line is full.
        case full(String)
    }

    /// What is known from one connection to the next.
    private struct Course {
        /// ms.
        let begun: Int64
        var drawing: [UInt8]?
        var isAccepted = false
        var job: String?
        /// Whether the stream has ever given an event.
        var wasConnected = false
        /// Since when there is no place, ms.
        var withoutPlaceSince: Int64
        var tries = 0
    }

    /// Runs to the end.
    func run() -> End {
        let begun = ways.now()
        var course = Course(begun: begun, withoutPlaceSince: begun)
        while true {
            let stretch = stretch(&course)
            let now = ways.now()
            let reason: String
            switch stretch {
            case .over(let end): return end
            case .lost(let text):
                reason = text
                if now - course.withoutPlaceSince >= patience.withoutPlace { return .unreachable(text) }
            case .full(let text):
                reason = text
                if now - course.withoutPlaceSince >= patience.withoutPlace { return .busy(text) }
            }
            if now - begun >= patience.whole { return .busy("it took too long: \(reason)") }
            let wait = pause(course.tries)
            course.tries += 1
            ways.say("\(reason); again in \(wait) ms")
            ways.wait(wait)
        }
    }

    private func pause(_ tries: Int) -> Int64 {
        let doubled = Patience.shortestWait << Int64(min(tries, 10))
        return min(doubled, Patience.longestWait) + Int64(ways.jitter() * Double(Patience.shortestWait))
    }

    // MARK: One connection

    private func stretch(_ course: inout Course) -> Stretch {
        guard let address = ways.address() else { return .lost("nobody knows where \(plotter) is") }
        let client = DaemonClient(
            address: address, key: key, silence: patience.silence, whole: patience.answer)
        var path = "/queue/\(RequestTarget.queryEncoded(plotter))?ts=\(task.time)"
        path += "&ticket=\(RequestTarget.queryEncoded(task.ticket))"
        var fields: [Response.Field] = []
        if course.wasConnected { fields.append(.init("Last-Event-ID", task.ticket)) }
        do throws(DaemonClient.Failure) {
            let stream = try client.stream(path, fields: fields)
            guard stream.status == 200, stream.isEventStream else {
                return refusal(stream.status, stream.rest(within: patience.silence), address)
            }
            while let (_, data) = try stream.next(within: patience.silence) {
                if ways.now() - course.begun >= patience.whole { return .lost("\(plotter) has not drawn it") }
                guard let event = try? JSONReader.read(Array(data.utf8)) else { continue }
                if let stretch = hear(event, &course, client) { return stretch }
            }
            return .lost("\(address.text) has ended the stream")
        } catch {
            return .lost(error.sentence)
        }
    }

    private func refusal(_ status: Int, _ body: [UInt8], _ address: DaemonAddress) -> Stretch {
        let said = Self.words(body)
        switch status {
        case 200:
            return .lost("\(address.text) answers, but not as the daemon of a plotter does: is it another program?")
        case 401, 403: return .over(.refused("\(address.text) refuses: \(said ?? "HTTP \(status)")"))
        // A plotter that is not there may be plugged in, or be found at another address later; and what stands in its
        // place for a moment may say anything.
        default: return .lost("\(address.text) answers \(status)" + (said.map { ": " + $0 } ?? ""))
        }
    }

    /// The sentence of an answer in the original's shape or ours.
    private static func words(_ body: [UInt8]) -> String? {
        guard let value = try? JSONReader.read(body) else { return nil }
        for name in ["error", "detail"] {
            if case .string(let text)? = value[name] { return quoted(text) }
        }
        return nil
    }

    private func hear(_ event: JSONValue, _ course: inout Course, _ client: DaemonClient) -> Stretch? {
        course.wasConnected = true
        if case .bool(let isConnected)? = event["connected"] {
            guard isConnected else { return .full("\(plotter): \(event.word("reason"))") }
            course.withoutPlaceSince = ways.now()
            ways.say("waits at \(plotter) as \(task.ticket)")
        }
        if event["replaced"] == .bool(true) { return .lost("\(plotter): \(event.word("reason"))") }
        if case .string(let grant)? = event["proceed"] { return proceed(grant, &course, client) }
        if case .string(let job)? = event["accepted"] {
            if course.job != job { ways.say("\(plotter) draws it as job \(job)") }
            course.job = job
            course.isAccepted = true
        }
        if event["done"] == .bool(true) {
            if case .integer(let duration)? = event["duration"] {
                return .over(.drawn(seconds: Double(duration) / 1000))
            }
            return .over(.drawn(seconds: nil))
        }
        guard event["failed"] == .bool(true) else {
            // A stream that lives for a while; one that only ever begins is asked for less and less often.
            if event["heartbeat"] != nil { (course.withoutPlaceSince, course.tries) = (ways.now(), 0) }
            return nil
        }
        let reason = event.word("reason")
        guard event["again"] == .bool(true) else { return .over(.failed(reason)) }
        return course.isAccepted ? .over(.busy(reason)) : .lost(reason)
    }

    // MARK: The turn

    private func proceed(_ grant: String, _ course: inout Course, _ client: DaemonClient) -> Stretch? {
        if course.drawing == nil {
            do throws(Undrawable) { course.drawing = try ways.draw(client.address) } catch {
                return error.isPassing ? .lost(error.reason) : .over(.unusable(error.reason))
            }
        }
        let body = JSONValue.object([
            ("key", .string(grant)), ("svg", .string(String(decoding: course.drawing ?? [], as: UTF8.self))),
        ])
        do throws(DaemonClient.Failure) {
            let reply = try client.ask(
                "POST", "/plot/\(RequestTarget.queryEncoded(plotter))", contentType: "application/json",
                body: body.bytes)
            return heard(reply, &course)
        } catch {
            // The stream says whether it has arrived: it is taken up again with the same ticket.
            return .lost(error.sentence)
        }
    }

    private func heard(_ reply: DaemonClient.Reply, _ course: inout Course) -> Stretch? {
        let said = Self.words(reply.body)
        switch reply.status {
        case 200:
            course.isAccepted = true
            return nil
        // The key has been used or has expired: the stream says what comes of it.
        case 403: return nil
        case 400, 413, 422:
            guard let said else { return nil }
            return .over(.unusable("\(plotter) cannot draw it: \(said)"))
        case 401: return .over(.refused("\(plotter) refuses the drawing: \(said ?? "HTTP 401")"))
        default: return .lost("the drawing was answered with \(reply.status)" + (said.map { ": " + $0 } ?? ""))
        }
    }
}
