internal import HTTP
internal import Text

/// Clients that bring a ticket: whoever comes again with it goes on where it was, whatever was lost in between.
extension Installation {
    /// A ticket that is older may have been drawn so long ago that only the history knows, ms: the queue lists the newest
    /// jobs that have ended, and these take longer than this.
    private static let recentMilliseconds = 600_000

    /// As `enter`; of a ticket of long ago the history is asked first.
    func admit(_ plotter: String, time: Int?, ticket: String?) async throws(InstallationError) -> EventFeed {
        if let ticket, clock() - (time ?? 0) > Self.recentMilliseconds, queue.state(of: plotter) != nil,
            lines[plotter]?.place(of: ticket) == nil, queue.job(of: ticket) == nil,
            let end = await queue.past(of: ticket, at: plotter)
        {
            let feed = EventFeed(id: ticket)
            feed.send(.object([("connected", .bool(true))]))
            say(end, feed)
            return feed
        }
        return try enter(plotter, time: time, ticket: ticket)
    }

    /// Gives a stream the place of its ticket, or lets it hear of the job that was made of it; false if there is neither.
    func takeUp(_ ticket: String, _ feed: EventFeed, at plotter: String) -> Bool {
        if let place = lines[plotter]?.place(of: ticket) {
            feed.send(.object([("connected", .bool(true))]))
            switch place.holder {
            case .client(let client):
                lines[plotter]?.change(place.number) { client in
                    client.feed = feed
                    client.lostAt = nil
                }
                // The other end has given it up, or is another run of the same: two that go on throw each other out.
                client.feed.send(
                    .object([
                        ("replaced", .bool(true)),
                        ("reason", .string("another run with the ticket \(ticket) has taken this place")),
                    ]))
                client.feed.end()
                watch(feed, place.number, at: plotter)
                sayWhereItStands(place.number, feed, plotter)
            case .press(let press): handOver(press, place.number, feed, plotter)
            }
            startTicking()
            return true
        }
        guard let job = queue.job(of: ticket) else { return false }
        feed.send(.object([("connected", .bool(true))]))
        feed.send(.object([("accepted", .string(job))]))
        Task { [weak self] in await self?.follow(job, feed) }
        following.append(feed)
        startTicking()
        return true
    }

    /// A key that is out is said again, and so is a job that was made.
    private func sayWhereItStands(_ number: Int, _ feed: EventFeed, _ plotter: String) {
        guard let turn = lines[plotter]?.turn, turn.place.number == number else { return callNext(plotter) }
        if let job = turn.job {
            feed.send(.object([("accepted", .string(job))]))
        } else if let grant = turn.grant, turn.usedFor == nil {
            feed.send(.object([("proceed", .string(grant))]))
        }
    }

    /// A client takes over the drawing of a press that waits; of one that is being drawn here it hears how it ends.
    func handOver(_ press: PressTicket, _ number: Int, _ feed: EventFeed, _ plotter: String) {
        if let turn = lines[plotter]?.turn, turn.place.number == number {
            followers.updateValue(feed, forKey: press.id)?.end()
            following.append(feed)
            if let job = turn.job { feed.send(.object([("accepted", .string(job))])) }
            return
        }
        let client = WaitingLine.Client(id: press.id, feed: feed, isNamed: true, press: press)
        lines[plotter]?.exchange(number, for: .client(client))
        watch(feed, number, at: plotter)
        callNext(plotter)
    }

    /// Tells how a job of an earlier stream ends.
    private func follow(_ job: JobID, _ feed: EventFeed) async {
        say(await queue.end(of: job) ?? .interrupted, feed)
    }

    private func say(_ outcome: JobEnd, _ feed: EventFeed) {
        guard outcome == .done else {
            return Self.dismiss(feed, Self.words(outcome), again: outcome == .interrupted)
        }
        feed.send(.object([("done", .bool(true))]))
        feed.end()
    }
}
