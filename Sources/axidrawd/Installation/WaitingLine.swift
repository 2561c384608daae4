internal import HTTP

/// Who waits at one plotter: presses, and clients of the original's queue, in one order.
///
/// A value without effects: the installation that owns it does what follows.
struct WaitingLine: Sendable {
    /// A client that holds a stream open until it is called.
    struct Client: Sendable {
        /// 26 characters, ours.
        var id: String
        var feed: EventFeed
        /// When its stream broke, ms; its place is kept for a while.
        var lostAt: Int?
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
