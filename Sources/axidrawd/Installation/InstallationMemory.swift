internal import Text

/// A press that waits for its drawing, or is being drawn: all that is kept of it.
struct PressTicket: Equatable, Sendable {
    /// 26 characters, ours.
    var id: String
    var plotter: String
    var product: String
    /// Unix time of the press in ms, unique: no two drawings are the same.
    var seed: Int
    /// The job that draws it, once handed over.
    var job: JobID?
}

/// What an installation must know after a restart. A value: changed on a copy, stored, then put in place.
struct InstallationMemory: Equatable, Sendable {
    /// A press that counted, to recognise its repeats.
    struct Mark: Equatable, Sendable {
        var source: String
        var button: String
        var kind: PenPress
        var id: String?
        /// Receipt, Unix time in ms.
        var time: Int
        /// What the message was signed as, where it was: it is known by each of these until a time, in ms.
        var signed: [String] = []
        var until: Int?
    }

    /// Of the next press in the cycle, ever growing: the position, never the product's name.
    var position = 0
    var lastSeed = 0
    var marks: [Mark] = []
    /// In the order of the presses.
    var tickets: [PressTicket] = []

    /// The same button and press again within so many ms is the bouncing of one press.
    static let bounceMilliseconds = 1_000
    /// Ids are remembered so long, ms: senders repeat what was not acknowledged.
    static let rememberedMilliseconds = 600_000
    static let rememberedMarks = 512
    /// Signed messages that are known again; beyond them the oldest is forgotten.
    static let rememberedSigned = 4096

    /// Whether this is a press that has counted already.
    func isRepeat(_ mark: Mark) -> Bool {
        marks.contains { known in
            guard known.source == mark.source else { return false }
            // Two signed messages are two, however close: only a copy of one counts no more.
            if !mark.signed.isEmpty { return !Set(known.signed).isDisjoint(with: mark.signed) }
            guard known.button == mark.button, known.signed.isEmpty else { return false }
            if let id = mark.id, known.id == id { return true }
            return known.kind == mark.kind && abs(mark.time - known.time) <= Self.bounceMilliseconds
        }
    }

    /// Remembers a press that counts, and forgets those that nobody will repeat.
    mutating func remember(_ mark: Mark) {
        marks.removeAll { $0.until.map { $0 < mark.time } ?? (mark.time - $0.time > Self.rememberedMilliseconds) }
        marks.append(mark)
        let isSigned = !mark.signed.isEmpty
        let count = marks.count { $0.signed.isEmpty != isSigned }
        guard count > (isSigned ? Self.rememberedSigned : Self.rememberedMarks) else { return }
        if let oldest = marks.firstIndex(where: { $0.signed.isEmpty != isSigned }) { marks.remove(at: oldest) }
    }

    mutating func forget(_ mark: Mark) {
        if let place = marks.lastIndex(of: mark) { marks.remove(at: place) }
    }
}

extension InstallationMemory {
    var json: JSONValue {
        .object([
            ("version", .integer(1)), ("position", .integer(position)), ("lastSeed", .integer(lastSeed)),
            (
                "marks",
                .array(
                    marks.map { mark in
                        .object(
                            [
                                ("source", .string(mark.source)), ("button", .string(mark.button)),
                                ("kind", .string(mark.kind.rawValue)), ("id", mark.id.map { .string($0) } ?? .null),
                                ("time", .integer(mark.time)),
                            ]
                                + (mark.until.map { until in
                                    [
                                        ("signed", .array(mark.signed.map { .string($0) })), ("until", .integer(until)),
                                    ]
                                } ?? []))
                    })
            ),
            (
                "tickets",
                .array(
                    tickets.map { ticket in
                        .object([
                            ("id", .string(ticket.id)), ("plotter", .string(ticket.plotter)),
                            ("product", .string(ticket.product)), ("seed", .integer(ticket.seed)),
                            ("job", ticket.job.map { .string($0) } ?? .null),
                        ])
                    })
            ),
        ])
    }

    /// Reads what `json` writes; nil for anything else.
    init?(_ value: JSONValue) {
        guard value["version"] == .integer(1), case .integer(let position)? = value["position"], position >= 0,
            case .integer(let lastSeed)? = value["lastSeed"], lastSeed >= 0, case .array(let marks)? = value["marks"],
            case .array(let tickets)? = value["tickets"]
        else { return nil }
        self.position = position
        self.lastSeed = lastSeed
        for value in marks {
            guard let mark = Mark(value) else { return nil }
            self.marks.append(mark)
        }
        for value in tickets {
            guard let ticket = PressTicket(value) else { return nil }
            self.tickets.append(ticket)
        }
    }
}

extension InstallationMemory.Mark {
    init?(_ value: JSONValue) {
        guard case .string(let source)? = value["source"], case .string(let button)? = value["button"],
            case .string(let word)? = value["kind"], let kind = PenPress(rawValue: word),
            case .integer(let time)? = value["time"]
        else { return nil }
        var id: String?
        if case .string(let text)? = value["id"] { id = text }
        self.init(source: source, button: button, kind: kind, id: id, time: time)
        guard case .integer(let until)? = value["until"], case .array(let texts)? = value["signed"] else { return }
        self.until = until
        signed = texts.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}

extension PressTicket {
    init?(_ value: JSONValue) {
        guard case .string(let id)? = value["id"], case .string(let plotter)? = value["plotter"],
            case .string(let product)? = value["product"], case .integer(let seed)? = value["seed"], seed >= 0
        else { return nil }
        var job: JobID?
        if case .string(let text)? = value["job"] { job = text }
        self.init(id: id, plotter: plotter, product: product, seed: seed, job: job)
    }
}
