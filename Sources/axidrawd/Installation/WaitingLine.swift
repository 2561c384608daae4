internal import HTTP

/// Who waits at one plotter: presses, and clients of the original's queue, in one order.
///
/// A value without effects: the installation that owns it does what follows.
struct WaitingLine: Sendable {
    /// A client that holds a stream open until it is called.
    struct Client: Sendable {
        /// 26 characters, ours; or the ticket that it has brought.
        var id: String
        var feed: EventFeed
        /// When its stream broke, ms; its place is kept for a while.
        var lostAt: Int?
        /// Whether it has brought a ticket of its own: its drawing is known again after a broken stream or a restart.
        var isNamed = false
        /// The press that it draws; without the client it is drawn here.
        var press: PressTicket?
    }

    enum Holder: Sendable {
        case press(PressTicket)
        case client(Client)
    }

    /// A place in the line: identity by number, order by time, then number.
    struct Place: Sendable {
        var number: Int
        var time: Int
        var holder: Holder

        /// Identity of the holder.
        var ticket: String {
            switch holder {
            case .press(let ticket): ticket.id
            case .client(let client): client.id
            }
        }

        /// The press that is to be drawn, by us or by a client.
        var press: PressTicket? {
            switch holder {
            case .press(let ticket): ticket
            case .client(let client): client.press
            }
        }

        /// What people call its drawing.
        var name: String { press.map { "\($0.product) \($0.seed)" } ?? "drawing of a client" }

        /// As it is without its client: of a press something remains.
        var withoutClient: Place? {
            press.map { press in
                var place = self
                place.holder = .press(press)
                return place
            }
        }
    }

    /// The one whose turn it is.
    struct Turn: Sendable {
        var place: Place
        /// The right to send one drawing, for a client only.
        var grant: Grant?
        /// When it was given, ms.
        var called = 0
        /// Until when it may be used, ms.
        var deadline = Int.max
        /// The grant has been used, for the drawing with this digest.
        var usedFor: [UInt8]?
        var job: JobID?
        /// When the pen began, ms.
        var begun: Int?
        /// The plotter was taken away before the pen began: back to the line.
        var isRevoked = false
    }

    private(set) var waiting: [Place] = []
    var turn: Turn?
    private var arrivals = 0

    mutating func add(_ holder: Holder, time: Int) -> Place {
        arrivals += 1
        let place = Place(number: arrivals, time: time, holder: holder)
        putBack(place)
        return place
    }

    /// Back to where it stood.
    mutating func putBack(_ place: Place) {
        let index = waiting.firstIndex { ($0.time, $0.number) > (place.time, place.number) } ?? waiting.count
        waiting.insert(place, at: index)
    }

    /// Takes the first whose holder can be called: a client without its stream is passed over.
    mutating func takeFirst() -> Place? {
        let index = waiting.firstIndex { place in
            if case .client(let client) = place.holder { client.lostAt == nil } else { true }
        }
        return index.map { waiting.remove(at: $0) }
    }

    /// The first whose holder can be called.
    var first: Place? {
        waiting.first { place in
            if case .client(let client) = place.holder { client.lostAt == nil } else { true }
        }
    }

    /// The place of a ticket, waiting or called.
    func place(of ticket: String) -> Place? {
        if let turn, turn.place.ticket == ticket { return turn.place }
        return waiting.first { $0.ticket == ticket }
    }

    /// Another holder for a place that waits.
    mutating func exchange(_ number: Int, for holder: Holder) {
        for index in waiting.indices where waiting[index].number == number { waiting[index].holder = holder }
    }

    /// Leaves by identity; nothing happens to others if it is not there.
    @discardableResult mutating func remove(_ number: Int) -> Place? {
        waiting.firstIndex { $0.number == number }.map { waiting.remove(at: $0) }
    }

    /// Changes the client at a place, waiting or called.
    mutating func change(_ number: Int, _ body: (inout Client) -> Void) {
        if var place = turn?.place, place.number == number, case .client(var client) = place.holder {
            body(&client)
            place.holder = .client(client)
            turn?.place = place
        }
        for index in waiting.indices where waiting[index].number == number {
            guard case .client(var client) = waiting[index].holder else { continue }
            body(&client)
            waiting[index].holder = .client(client)
        }
    }

    /// Clients with their places, the called one too.
    var clients: [(number: Int, time: Int, client: Client)] {
        ((turn.map { [$0.place] } ?? []) + waiting).compactMap { place in
            if case .client(let client) = place.holder { (place.number, place.time, client) } else { nil }
        }
    }
}
