internal import Text

/// Turns what the daemon's event stream says into messages: a fold over events, one message for each change that people
/// outside may act on, none for mere progress.
struct NewsReader: Sendable {
    private var jobs: [String: String] = [:]
    private var devices: [String: String] = [:]

    /// Jobs whose last state is remembered; the oldest are of no more interest.
    private static let mostJobs = 10_000

    /// - Parameter known: states of jobs as they are found at the start: those are no news.
    init(known: [String: String] = [:]) { jobs = known }

    /// The messages of one event.
    mutating func read(_ event: String, _ data: JSONValue, now: Int) -> [OutgoingMessage] {
        switch event {
        case "job": readJob(data, now)
        case "state": readDevice(data, now)
        case "layer": Self.readLayer(data, now)
        case "incident": Self.readIncident(data, now)
        default: []
        }
    }

    private mutating func readJob(_ data: JSONValue, _ now: Int) -> [OutgoingMessage] {
        let (id, state) = (Self.text(data["id"]), Self.text(data["state"]))
        let before = jobs[id]
        guard !id.isEmpty, before != state else { return [] }
        let isOver = data["isFinal"] == .bool(true)
        jobs[id] = isOver ? nil : state
        if jobs.count > Self.mostJobs { jobs.removeAll() }
        guard let type = Self.type(state, before) else { return [] }
        var strokes = 0
        if case .integer(let count)? = data["progress"]?["strokes"] { strokes = count }
        return [
            OutgoingMessage(
                type: type, time: now, key: Self.key(type, job: id, strokes: strokes), data: Self.job(data))
        ]
    }

    private static func type(_ state: String, _ before: String?) -> String? {
        switch state {
        case "queued", "held": before == nil ? "job.queued" : nil
        case "plotting": before == "paused" || before == "interrupted" ? "job.resumed" : "job.started"
        case "paused": "job.paused"
        case "interrupted": "job.interrupted"
        case "done": "job.finished"
        case "failed": "job.failed"
        case "cancelled": "job.cancelled"
        default: nil
        }
    }

    /// What a message is known by that may be found again in the queue after a restart; nil for the others.
    static func key(_ type: String, job: String, strokes: Int) -> String? {
        switch type {
        case "job.queued", "job.finished", "job.failed", "job.cancelled": "\(job)/\(type)"
        case "job.interrupted": "\(job)/\(type)/\(strokes)"
        default: nil
        }
    }

    /// The message of a job that is found waiting, over or cut off at the start, should it never have been told.
    static func found(_ job: PlotJob, now: Int) -> OutgoingMessage? {
        let type: String
        switch job.state {
        case .done: type = "job.finished"
        case .failed: type = "job.failed"
        case .cancelled: type = "job.cancelled"
        case .interrupted: type = "job.interrupted"
        case .queued, .held: type = "job.queued"
        case .plotting, .paused, .waitingForPaper, .stopping: return nil
        }
        return OutgoingMessage(
            type: type, time: job.endedAt.map(Int.init) ?? now,
            key: key(type, job: job.id, strokes: job.firstStroke), data: Self.job(job.json))
    }

    /// Members of a job that a receiver gets.
    private static func job(_ data: JSONValue) -> [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [("job", data["id"] ?? .null)]
        for name in [
            "device", "name", "state", "reason", "source", "createdAt", "startedAt", "endedAt", "copies", "copiesDone",
        ] {
            members.append((name, data[name] ?? .null))
        }
        return members
    }

    private mutating func readDevice(_ data: JSONValue, _ now: Int) -> [OutgoingMessage] {
        let (name, state) = (Self.text(data["name"]), Self.text(data["state"]))
        let before = devices.updateValue(state, forKey: name) ?? "absent"
        guard !name.isEmpty, before != state else { return [] }
        var types: [String] = []
        if before == "absent" { types.append("device.attached") }
        if state == "absent" { types.append("device.detached") }
        if state == "faulted" { types.append("device.faulted") }
        if before == "faulted", state != "absent" { types.append("device.recovered") }
        let members = ["simulated", "profile", "firmware", "state", "sentence"].map { ($0, data[$0] ?? .null) }
        return types.map { OutgoingMessage(type: $0, time: now, data: [("device", .string(name))] + members) }
    }

    private static func readLayer(_ data: JSONValue, _ now: Int) -> [OutgoingMessage] {
        let type = data["event"] == .string("end") ? "layer.finished" : "layer.started"
        let members = ["device", "job", "layer", "name", "pen", "strokes"].map { ($0, data[$0] ?? .null) }
        return [OutgoingMessage(type: type, time: now, data: members)]
    }

    private static func readIncident(_ data: JSONValue, _ now: Int) -> [OutgoingMessage] {
        let members = ["kind", "device", "job", "message", "receiver"].map { ($0, data[$0] ?? .null) }
        return [OutgoingMessage(type: "incident.reported", time: now, data: members)]
    }

    private static func text(_ value: JSONValue?) -> String { if case .string(let text)? = value { text } else { "" } }
}
