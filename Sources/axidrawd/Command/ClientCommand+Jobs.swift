internal import Foundation
internal import HTTP
internal import Motion
internal import Text

extension ClientCommand {
    // MARK: Handing in

    func submit() throws -> ExitCode {
        let path = invocation.positionals[0]
        var drawing = try InputFile.read(path)
        let font = try fontFile()
        if let font { drawing = try FontInDrawing.drawing(drawing, with: font.bytes, path: font.path) }
        let device = try device(invocation.text("to"))
        let label = invocation.text("name") ?? (path == "-" ? "standard input" : (path as NSString).lastPathComponent)
        var query = "name=" + Self.escaped(label)
        if invocation.isOn("hold") { query += "&hold=true" }
        if let start = invocation.text("start") { query += "&start=" + start }
        for flag in OptionFields.flags {
            guard let value = invocation.all(flag.name).last else { continue }
            let isFont = flag.name == "text" && font != nil
            query += "&\(flag.name)=" + Self.escaped(isFont ? PenFont.ofDrawing : value.fieldText)
        }
        let job = try ask(
            "POST", "/v1/devices/\(Self.escaped(device))/jobs?\(query)", contentType: "image/svg+xml", body: drawing)
        let id = job.word("id")
        if invocation.isOn("follow") {
            console.note("job \(id) on \(device)")
            return try follow(id)
        }
        try put(job, id)
        return .success
    }

    /// What `--text FILE` names, once it is known to be a font; nil where it names none.
    private func fontFile() throws -> (bytes: [UInt8], path: String)? {
        guard let name = invocation.text("text"), !FontFile.names.contains(name) else { return nil }
        _ = try FontFile.font(named: name)
        return (try InputFile.read(name), name)
    }

    /// The plotter that is meant: the named one, or the only one.
    func device(_ name: String?) throws -> String {
        if let name { return name }
        let names = try ask("GET", "/v1/devices").items.map { $0.word("name") }
        guard names.count == 1 else {
            throw UsageError.conflict(
                names.isEmpty
                    ? "the daemon has no plotter" : "say which plotter: --to " + names.joined(separator: ", --to "))
        }
        return names[0]
    }

    // MARK: Looking

    func list() throws -> ExitCode {
        if invocation.isOn("history") {
            let history = try ask("GET", "/v1/history?limit=200")
            try put(history, history.items.map(Self.line).joined(separator: "\n"))
            return .success
        }
        let devices = try ask("GET", "/v1/devices")
        let jobs = try ask("GET", "/v1/jobs?limit=200")
        let both = JSONValue.object([("devices", .array(devices.items)), ("jobs", .array(jobs.items))])
        var lines: [String] = []
        for device in devices.items {
            lines.append("\(device.word("name")): \(device.word("sentence"))")
            guard case .array(let queue)? = device["queue"] else { continue }
            for case .string(let id) in queue {
                if let job = jobs.items.first(where: { $0.word("id") == id }) { lines.append("  " + Self.line(job)) }
            }
        }
        try put(both, lines.joined(separator: "\n"))
        return .success
    }

    func show() throws -> ExitCode {
        let job = try ask("GET", jobPath())
        var lines = [Self.line(job)]
        if let summary = job["summary"], case .number(let seconds)? = summary["durationSeconds"].map(Self.asNumber) {
            lines.append("  takes \(brief(seconds.rounded())) s")
            if case .array(let layers)? = summary["layers"], layers.count > 1 { lines += layers.map(Self.layerLine) }
        }
        if case .array(let notes)? = job["diagnostics"] {
            for note in notes { lines.append("  \(note.word("severity")): \(note.word("message"))") }
        }
        try put(job, lines.joined(separator: "\n"))
        return .success
    }

    /// `  layer "2 red", pen 2, red: 12 strokes, 40 s; first: pen 2, red: put it in`.
    private static func layerLine(_ layer: JSONValue) -> String {
        var text = "  layer " + (layer.word("name").isEmpty ? "without a name" : quoted(layer.word("name")))
        if let pen = layer["pen"]?.word("text"), !pen.isEmpty { text += ", \(pen)" }
        if case .integer(let strokes)? = layer["strokes"] { text += ": \(strokes) strokes" }
        if case .number(let seconds)? = layer["durationSeconds"].map(asNumber) {
            text += ", \(brief(seconds.rounded())) s"
        }
        return text + (layer.word("stop").isEmpty ? "" : "; it stops first: " + layer.word("stop"))
    }

    private static func asNumber(_ value: JSONValue) -> JSONValue {
        if case .integer(let whole) = value { .number(Double(whole)) } else { value }
    }

    private static func line(_ job: JSONValue) -> String {
        var text = "\(job.word("id"))  \(job.word("state"))"
        if !job.word("reason").isEmpty { text += " (\(job.word("reason")))" }
        if let progress = job["progress"], case .number(let fraction)? = progress["fraction"].map(asNumber),
            fraction > 0, fraction < 1
        {
            text += " \(Int(fraction * 100)) %"
        }
        return text + "  " + job.word("name")
    }

    private func jobPath(_ verb: String = "") throws -> String {
        guard JobIdentifier(id) != nil else {
            throw UsageError.badValue(name: "ID", value: id, expected: "the id of a job, as list shows it")
        }
        return "/v1/jobs/\(id)" + (verb.isEmpty ? "" : "/" + verb)
    }

    // MARK: Changing

    func change(_ verb: String) throws -> ExitCode {
        let job = try ask("POST", jobPath(verb))
        try put(job, Self.line(job))
        return .success
    }

    func place() throws -> ExitCode {
        switch (invocation.point("by"), invocation.isOn("here")) {
        case (let way?, false): try change("place?dx=\(way.x)&dy=\(way.y)")
        case (nil, true): try change("place?here=true")
        case (nil, false): throw UsageError.conflict("place needs --by DX,DY or --here")
        case (_?, true): throw UsageError.conflict("--by and --here exclude each other")
        }
    }

    func resume() throws -> ExitCode {
        var query = invocation.isOn("homed") ? ["homed=true"] : []
        switch (invocation.integer("stroke"), invocation.point("place")) {
        case (nil, nil): break
        case (let stroke?, nil): query.append("stroke=\(stroke)")
        case (nil, let place?): query.append("x=\(place.x)&y=\(place.y)")
        case (_?, _?): throw UsageError.conflict("--stroke and --place exclude each other")
        }
        let verb = query.isEmpty ? "resume" : "resume?" + query.joined(separator: "&")
        if JobIdentifier(id) != nil { return try change(verb) }
        guard invocation.integer("stroke") == nil, invocation.point("place") == nil else {
            throw UsageError.conflict("--stroke and --place need the id of a job: \(id) is none")
        }
        let device = try ask("POST", "/v1/devices/\(Self.escaped(id))/\(verb)")
        try put(device, "\(device.word("name")): \(device.word("sentence"))")
        return .success
    }

    /// Changes speeds and heights of a job.
    func changeFigures() throws -> ExitCode {
        let members = JobChange.members.compactMap { member in
            invocation.number(member.option).map { (member.name, JSONValue.number($0)) }
        }
        guard !members.isEmpty else {
            let flags = JobChange.members.map { "--" + $0.option }
            throw UsageError.conflict("change needs one of " + flags.joined(separator: ", "))
        }
        guard case .integer(let revision)? = try ask("GET", jobPath())["revision"] else {
            throw DaemonClient.Failure.broken("the daemon does not tell the job's revision")
        }
        let job = try ask(
            "PATCH", jobPath(), contentType: "application/json", body: Array(JSONValue.object(members).text.utf8),
            fields: [.init("If-Match", "\"\(id)-\(revision)\"")])
        try put(job, Self.line(job))
        return .success
    }

    func stop() throws -> ExitCode {
        var names = invocation.positionals
        if names.isEmpty { names = try ask("GET", "/v1/devices").items.map { $0.word("name") } }
        var stopped: [JSONValue] = []
        for name in names { stopped.append(try ask("POST", "/v1/devices/\(Self.escaped(name))/stop")) }
        try put(.array(stopped), stopped.map { "\($0.word("name")): \($0.word("sentence"))" }.joined(separator: "\n"))
        return .success
    }

    // MARK: Following

    /// Tells how a job goes until it is over.
    func follow(_ id: String) throws -> ExitCode {
        guard JobIdentifier(id) != nil else {
            throw UsageError.badValue(name: "ID", value: id, expected: "the id of a job, as list shows it")
        }
        var last = try ask("GET", "/v1/jobs/\(id)")
        var told = ""
        func tell(_ job: JSONValue) {
            let line = Self.line(job)
            if line != told { console.note(line) }
            told = line
        }
        tell(last)
        var detached: ExitCode?
        if last["isFinal"] != .bool(true) {
            let watch = DetachWatch(self, job: id)
            defer { detached = watch.exitCode }
            try client.follow("/v1/events?topics=job,progress,snapshot") { name, data in
                guard let value = try? JSONReader.read(Array(data.utf8)) else { return true }
                switch name {
                case "job" where value.word("id") == id: last = value
                case "progress" where value.word("job") == id:
                    guard case .object(let members) = last else { return true }
                    last = .object(members.map { $0.0 == "progress" ? ("progress", value["progress"] ?? $0.1) : $0 })
                case "snapshot":
                    guard case .array(let jobs)? = value["jobs"] else { return true }
                    last = jobs.first { $0.word("id") == id } ?? last
                default: return true
                }
                tell(last)
                return last["isFinal"] != .bool(true)
            }
        }
        if let detached { return detached }
        if invocation.isOn("json") { try console.result(last.text + "\n") }
        return last.word("state") == "done" ? .success : .failure
    }
}

extension FlagValue {
    /// As it is written in a query.
    var fieldText: String {
        switch self {
        case .on: "true"
        case .text(let text): text
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .point(let point): "\(point.x),\(point.y)"
        case .paper(let name): name
        case .size(let size): "\(size.width)x\(size.height)"
        case .margin(let margin): "\(margin.top),\(margin.right),\(margin.bottom),\(margin.left)"
        case .firmware(let version): version.description
        case .hatch(let hatch): "\(hatch.spacing),\(hatch.degrees),\(hatch.pattern)"
        }
    }
}
