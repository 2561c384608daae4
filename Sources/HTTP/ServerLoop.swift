internal import Foundation

/// The loop of a server: all connections, one thread, nothing that waits but epoll.
package struct ServerLoop {
    private let server: HTTPServer
    private var limits: HTTPLimits
    private var poller: Poller
    private var listeners: [ServerListener]
    private var connections: [UInt64: ServerConnection] = [:]
    /// Those of `connections` that are event streams.
    private var readers: [UInt64: ServerConnection] = [:]
    private var perAddress: [String: Int] = [:]
    private var scratch = [UInt8](repeating: 0, count: 64 * 1024)
    private var nextToken: UInt64 = 1 << 32
    private var nextSweep: Int64 = 0
    private var nextReview: Int64 = 0
    /// Bytes of bodies that are being received or worked on.
    private var bodiesInFlight = 0
    /// Answers that are made elsewhere; also those whose client has gone.
    private var works: [UInt64: Work] = [:]
    /// Those of `connections` whose answer is streamed.
    private var bodies: [UInt64: ServerConnection] = [:]
    /// Those whose body is taken as it comes.
    private var intakes: [UInt64: ServerConnection] = [:]
    /// Those that have said nothing when they came, the oldest first; some have spoken or gone since.
    private var newcomers: [UInt64] = []
    private var firstNewcomer = 0
    private var answers = AnswerAccount()
    private var requests = 0
    private var rejected = 0
    /// Those of `connections` that are only being told that there is no room; never more than `mostRefused`.
    private var refused = 0
    private static let mostRefused = 64
    private var date = HTTPDate()
    /// When a full descriptor table lets us accept again.
    private var acceptsAfter: Int64 = 0

    /// An answer that is made elsewhere.
    private struct Work {
        /// Bytes of the request's body.
        var bytes: Int
        /// Whether it ends when the client leaves; else that would leave something half done.
        var stopsWhenLeft: Bool
        var task: Task<Void, Never>?
    }

    package init(server: HTTPServer, listeners descriptors: [CInt]) throws(SocketError) {
        self.server = server
        limits = server.limits.value
        poller = try Poller(waker: server.waker)
        listeners = descriptors.map { ServerListener(socket: Socket(owning: $0)) }
        for (i, listener) in listeners.enumerated() {
            try poller.add(listener.socket.raw, token: UInt64(i), reads: true, writes: false)
        }
    }

    package mutating func run() {
        var stopsAt: Int64?
        while true {
            let now = HTTPServer.now
            limits = server.limits.value
            let (answers, isStopping) = server.takeInbox()
            for (token, answer) in answers {
                bodiesInFlight -= works.removeValue(forKey: token)?.bytes ?? 0
                deliver(answer, to: token, now: now)
            }
            pumpReaders(now: now)
            for connection in bodies.values {
                pumpBody(connection, now: now)
                // What was asked for behind it has its turn.
                if connection.body == nil { advance(connection, now: now) }
            }
            for connection in intakes.values { advance(connection, now: now) }
            if isStopping, stopsAt == nil {
                stopsAt = now + 2000
                windDown(now: now)
            }
            if let stopsAt, connections.isEmpty || now >= stopsAt { return }
            if now >= nextSweep { sweep(now: now) }
            let ready = wait(stopping: stopsAt != nil)
            for event in ready { handle(event, now: HTTPServer.now) }
        }
    }

    /// Sleeps for ever without connections, else until the next look at the deadlines.
    private mutating func wait(stopping: Bool) -> [Poller.Ready] {
        let timeout: CInt = stopping ? 50 : connections.isEmpty && acceptsAfter == 0 ? -1 : 500
        var ready: [Poller.Ready] = []
        poller.wait(milliseconds: timeout) { ready.append($0) }
        return ready
    }

    private mutating func handle(_ event: Poller.Ready, now: Int64) {
        if event.token == Poller.wakeToken {
            server.waker.clear()
        } else if event.token < UInt64(listeners.count) {
            accept(listeners[Int(event.token)], token: event.token, now: now)
        } else if let connection = connections[event.token] {
            if event.isBroken, !event.canRead {
                close(connection)
                return
            }
            if event.hasLeft { leave(connection) }
            if event.canRead { receive(connection, now: now) }
            advance(connection, now: now)
        }
    }

    // MARK: Accepting

    private mutating func accept(_ listener: ServerListener, token: UInt64, now: Int64) {
        for _ in 0..<64 {
            do {
                guard let (raw, peer) = try listener.socket.accept() else { return }
                admit(Socket(owning: raw), peer: peer, now: now)
            } catch {
                // No descriptors left: look again in a second instead of spinning.
                poller.change(listener.socket.raw, token: token, reads: false, writes: false)
                acceptsAfter = now + 1000
                server.site.log.write(.warning, "cannot accept connections", [("reason", error.description)])
                return
            }
        }
    }

    private mutating func admit(_ socket: consuming Socket, peer: PeerAddress, now: Int64) {
        let token = nextToken
        nextToken += 1
        socket.setNoDelay()
        let raw = socket.raw
        let connection = ServerConnection(socket: socket, token: token, peer: peer, limits: limits, now: now)
        let places = limits.connections + limits.localReserve * (peer == .unix ? 2 : peer.isLocal ? 1 : 0)
        if connections.count - refused >= places { evict(for: peer, now: now) }
        let isFull = connections.count - refused >= places
        let network = connection.network
        let isOver = isFull || (!peer.isLocal && perAddress[network, default: 0] >= limits.connectionsPerAddress)
        if isOver {
            rejected += 1
            server.site.figures.count(isFull ? .connections : .address)
            // Beyond a few that hear why, a flood is simply cut.
            guard refused < Self.mostRefused else { return }
            refused += 1
            connection.isRefused = true
            let problem = Problem.busy("Too many connections are open.", retryAfterSeconds: 5)
            connection.conversation.refuse(problem, now: now, gate: gate(connection))
        } else {
            newcomers.append(token)
        }
        guard (try? poller.add(raw, token: token, reads: !isOver, writes: false)) != nil else { return }
        connection.watchesInput = !isOver
        connections[token] = connection
        perAddress[network, default: 0] += 1
        if isOver { advance(connection, now: now) }
        publish()
    }

    /// Makes room: of those who have not said a word yet, who has been there longest goes; else of those who have been
    /// answered and ask nothing more. A crowd of others takes no place of the Unix socket's.
    private mutating func evict(for peer: PeerAddress, now: Int64) {
        forgetNewcomers()
        if firstNewcomer < newcomers.count, let connection = connections[newcomers[firstNewcomer]] {
            return close(connection)
        }
        var longest = now - limits.idleYieldMilliseconds
        var found: ServerConnection?
        for connection in connections.values where peer == .unix || connection.peer != .unix {
            if let since = connection.conversation.idleSince, since <= longest {
                (longest, found) = (since, connection)
            }
        }
        if let found { close(found) }
    }

    /// Passes over those at the front who have spoken or gone, so that the list is as long as what came lately.
    private mutating func forgetNewcomers() {
        while firstNewcomer < newcomers.count {
            let connection = connections[newcomers[firstNewcomer]]
            if let connection, !connection.conversation.hasSpoken { break }
            firstNewcomer += 1
        }
        if firstNewcomer * 2 >= newcomers.count {
            newcomers.removeFirst(firstNewcomer)
            firstNewcomer = 0
        }
    }

    // MARK: Conversations

    private mutating func gate(_ connection: ServerConnection) -> SiteGate {
        SiteGate(site: server.site, peer: connection.peer, user: connection.user, date: date.text)
    }

    /// The client sends nothing more: what it alone wanted need not be made.
    private mutating func leave(_ connection: ServerConnection) {
        connection.hasLeft = true
        connection.conversation.peerClosed()
        abandon(connection.token)
    }

    private func abandon(_ token: UInt64) {
        if let work = works[token], work.stopsWhenLeft { work.task?.cancel() }
    }

    private mutating func receive(_ connection: ServerConnection, now: Int64) {
        switch connection.socket.receive(into: &scratch) {
        case .bytes(let count): connection.conversation.receive(scratch[..<count], now: now)
        case .nothing: break
        case .end: connection.conversation.peerClosed()
        case .failed: connection.conversation.fail()
        }
    }

    /// Moves a connection as far as it goes without waiting.
    private mutating func advance(_ connection: ServerConnection, now: Int64) {
        let gate = gate(connection)
        while true {
            while let request = connection.conversation.next(now: now, gate: gate) {
                requests += 1
                countBody(connection)
                if let intake = connection.conversation.intake {
                    intake.attach(server.waker)
                    intakes[connection.token] = connection
                }
                deliver(answer(request, on: connection.token), on: connection, now: now)
            }
            if connection.conversation.intake != nil {
                connection.conversation.passBody(now: now)
                if connection.conversation.intake == nil { intakes[connection.token] = nil }
            }
            countBody(connection)
            if bodiesInFlight > limits.bodiesInFlight, connection.countedBody > 0 {
                let problem = Problem.busy("Too many uploads are under way.", retryAfterSeconds: 5)
                server.site.figures.count(.uploads)
                connection.conversation.refuse(problem, now: now, gate: gate)
                countBody(connection)
            }
            let hadOutput = connection.conversation.hasOutput
            connection.flush(now: now)
            if connection.body != nil { pumpBody(connection, now: now) }
            // A flushed answer may have freed the way for a pipelined request.
            if !hadOutput || connection.conversation.hasOutput || !connection.conversation.holdsInput { break }
        }
        settle(connection)
    }

    /// What the handler says. Work goes on when its client has gone, so there is a bound on it of its own.
    private mutating func answer(_ request: HTTPRequest, on token: UInt64) -> Answer {
        let answer = request.pass.route.handler(request)
        guard case .later = answer else { return answer }
        guard works.count < limits.connections else {
            return .refused(.busy("Too many requests are being worked on.", retryAfterSeconds: 5))
        }
        works[token] = Work(bytes: request.body.count, stopsWhenLeft: request.pass.route.stopsWhenLeft)
        bodiesInFlight += request.body.count
        return answer
    }

    private mutating func countBody(_ connection: ServerConnection) {
        bodiesInFlight += connection.conversation.bodyCount - connection.countedBody
        connection.countedBody = connection.conversation.bodyCount
    }

    /// Those who ask for large answers and do not take them keep nobody else from theirs.
    private mutating func cutStuckReaders(now: Int64) {
        for connection in Array(connections.values)
        where connection.countedAnswer > limits.largeAnswer
            && connection.conversation.isStuck(for: limits.stuckMilliseconds, now: now)
        {
            close(connection)
        }
    }

    private mutating func deliver(_ answer: Answer, to token: UInt64, now: Int64) {
        guard let connection = connections[token] else {
            if case .feed(let feed) = answer { feed.close() }
            return
        }
        deliver(answer, on: connection, now: now)
        advance(connection, now: now)
    }

    private mutating func deliver(_ answer: Answer, on connection: ServerConnection, now: Int64) {
        let gate = gate(connection)
        switch answer {
        case .now(let response):
            if !answers.admits(response.body.count, of: connection, limits) { cutStuckReaders(now: now) }
            guard answers.admits(response.body.count, of: connection, limits) else {
                server.site.figures.count(.answers)
                let problem = Problem.busy(
                    "Large answers wait to be taken; read those first, then ask again.", retryAfterSeconds: 5)
                return connection.conversation.answer(problem, now: now, gate: gate)
            }
            connection.conversation.answer(response, now: now, gate: gate)
            answers.count(connection)
            guard let body = response.stream, connection.conversation.bodyLeft > 0 else { return }
            body.attach(server.waker)
            connection.body = body
            bodies[connection.token] = connection
            pumpBody(connection, now: now)
        case .refused(let problem): connection.conversation.answer(problem, now: now, gate: gate)
        case .later(let work):
            let server = server
            let token = connection.token
            works[token]?.task = Task { server.complete(token, await work()) }
        case .events(let request):
            let reader = EventReader(request, now: now)
            connection.conversation.startStream(Self.streamHead, now: now, gate: gate)
            guard connection.conversation.phase == .streaming else { return }
            connection.conversation.stream(reader.opening, now: now)
            connection.reader = reader
            readers[connection.token] = connection
            publish()
        case .feed(let feed):
            connection.conversation.startStream(Self.streamHead, now: now, gate: gate)
            guard connection.conversation.phase == .streaming else {
                feed.close()
                return
            }
            connection.feed = feed
            readers[connection.token] = connection
            feed.attach(server.waker)
            publish()
        }
    }

    private static let streamHead: Response = {
        var response = Response(200)
        response.contentType = "text/event-stream"
        response.fields = [.init("X-Accel-Buffering", "no")]
        return response
    }()

    /// Closes what is done, else tells epoll what to watch.
    private mutating func settle(_ connection: ServerConnection) {
        guard connection.conversation.phase != .closed else {
            close(connection)
            return
        }
        answers.count(connection)
        let reads = connection.conversation.wantsInput
        let writes = connection.conversation.hasOutput
        let leaves = connection.conversation.phase == .handling && !connection.hasLeft
        guard
            reads != connection.watchesInput || writes != connection.watchesOutput
                || leaves != connection.watchesLeaving
        else { return }
        connection.watchesInput = reads
        connection.watchesOutput = writes
        connection.watchesLeaving = leaves
        poller.change(connection.socket.raw, token: connection.token, reads: reads, writes: writes, leaves: leaves)
    }

    private mutating func close(_ connection: ServerConnection) {
        guard connections.removeValue(forKey: connection.token) != nil else { return }
        if connection.isRefused { refused -= 1 }
        readers[connection.token] = nil
        bodies[connection.token] = nil
        intakes[connection.token] = nil
        connection.conversation.fail()
        connection.body?.close()
        abandon(connection.token)
        answers.forget(connection)
        if connection.conversation.isCutOff { connection.socket.discardUnsent() }
        connection.feed?.close()
        bodiesInFlight -= connection.countedBody
        let left = perAddress[connection.network, default: 1] - 1
        perAddress[connection.network] = left > 0 ? left : nil
        publish()
    }

    // MARK: Time

    /// Pieces of half a backlog that one reader of events gets before the others have their turn.
    private static let mostPieces = 16

    private mutating func pumpReaders(now: Int64) {
        for connection in readers.values {
            if let feed = connection.feed { pump(feed, connection, now: now) }
            tell(connection, now: now)
        }
    }

    /// Sends what has happened for as long as the connection takes it: a burst is more than one piece.
    private mutating func tell(_ connection: ServerConnection, now: Int64) {
        for _ in 0..<Self.mostPieces {
            guard var reader = connection.reader, connection.conversation.phase != .closed else { return }
            let unsent = connection.conversation.pendingCount
            let step = reader.step(unsent: unsent, limits: limits, now: now)
            connection.reader = reader
            switch step {
            case .wait: return
            case .send(let bytes): connection.conversation.stream(bytes, now: now)
            case .close: connection.conversation.fail()
            }
            connection.flush(now: now)
            settle(connection)
        }
    }

    private mutating func pump(_ feed: EventFeed, _ connection: ServerConnection, now: Int64) {
        let (bytes, isEnded) = feed.take()
        guard !bytes.isEmpty || isEnded else { return }
        connection.conversation.stream(bytes, now: now)
        if connection.conversation.pendingCount > limits.eventBacklog { connection.conversation.fail() }
        if isEnded { connection.conversation.endStream(now: now) }
        connection.flush(now: now)
        settle(connection)
    }

    /// Sends what has been read of a streamed answer, and has more read while the client takes it.
    private mutating func pumpBody(_ connection: ServerConnection, now: Int64) {
        guard let body = connection.body else { return }
        while true {
            if connection.conversation.pendingCount < BodyStream.pieceBytes { body.ask() }
            switch body.take() {
            case .wait: break
            case .failed: connection.conversation.fail()
            case .piece(let bytes):
                connection.conversation.takeBody(bytes, now: now)
                connection.flush(now: now)
                if connection.conversation.bodyLeft > 0 { continue }
            }
            break
        }
        if connection.conversation.bodyLeft == 0 {
            bodies[connection.token] = nil
            connection.body = nil
        }
        settle(connection)
    }

    /// Streams outlive the request that began them, not the right to it.
    private mutating func review(now: Int64) {
        nextReview = now + 1000
        for connection in Array(readers.values) {
            guard let head = connection.conversation.streamed, !gate(connection).mayStay(head) else { continue }
            close(connection)
        }
    }

    private mutating func sweep(now: Int64) {
        nextSweep = now + 500
        forgetNewcomers()
        if now >= nextReview { review(now: now) }
        if acceptsAfter != 0, now >= acceptsAfter {
            acceptsAfter = 0
            for (i, listener) in listeners.enumerated() {
                poller.change(listener.socket.raw, token: UInt64(i), reads: true, writes: false)
            }
        }
        for connection in connections.values {
            let before = connection.conversation.phase
            connection.conversation.tick(now: now, gate: gate(connection))
            if connection.conversation.phase != before {
                connection.flush(now: now)
                settle(connection)
            }
        }
    }

    private mutating func windDown(now: Int64) {
        listeners = []
        for connection in connections.values {
            connection.conversation.windDown(now: now)
            connection.flush(now: now)
            settle(connection)
        }
    }

    private func publish() {
        server.publish(
            HTTPServer.Counters(
                connections: connections.count, eventReaders: readers.count, requests: requests, rejected: rejected))
    }
}

/// A listening socket.
package final class ServerListener {
    package let socket: Socket

    package init(socket: consuming Socket) { self.socket = socket }
}
