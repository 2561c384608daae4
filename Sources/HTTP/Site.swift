internal import Text

/// Everything a server serves: routes, access, events, log.
package struct Site: Sendable {
    package var router: Router
    package let access: Live<Access>
    package var credentials: CredentialTable
    package var events: EventHub
    package var log: Log
    package let figures: HTTPFigures
    package let wrongKeys: WrongKeys

    package init(
        router: Router, access: Access, credentials: CredentialTable, events: EventHub, log: Log,
        figures: HTTPFigures = HTTPFigures(), wrongKeys: WrongKeys = WrongKeys()
    ) {
        self.router = router
        self.access = Live(access)
        self.credentials = credentials
        self.events = events
        self.log = log
        self.figures = figures
        self.wrongKeys = wrongKeys
    }
}

/// The gate in front of one peer's requests.
package struct SiteGate: Gatekeeper {
    package let site: Site
    package let peer: PeerAddress
    /// The user at the other end of a Unix socket.
    package var user: UInt32?
    package let date: String

    package func makeRequestId() -> String { Identifier.make() }

    package func note(_ exchange: Exchange) {
        site.figures.count(exchange)
        tellTrouble(exchange)
        // Who has changed something is told, so that what follows can be traced to it; those who look are many.
        let isChange = !["GET", "HEAD", "OPTIONS"].contains(exchange.method) && (200..<300).contains(exchange.status)
        var values = [
            ("request", exchange.requestId), ("peer", exchange.client ?? peer.description),
            ("method", exchange.method), ("route", exchange.route ?? "-"),
        ]
        if isChange, let subject = exchange.subject { values.append(("subject", subject)) }
        values.append(("code", String(exchange.status)))
        values.append(("durationSeconds", String(Double(exchange.milliseconds) / 1000)))
        site.log.write(isChange ? .info : .debug, "request", values)
    }

    /// Refusals that somebody should see to.
    private func tellTrouble(_ exchange: Exchange) {
        let values = [
            ("request", exchange.requestId), ("route", exchange.route ?? "-"), ("code", String(exchange.status)),
        ]
        switch exchange.status {
        case 500: site.log.write(.error, "a request failed by our mistake", values)
        case 507: site.log.write(.warning, "a request was refused: the disk is full", values)
        default: break
        }
    }

    package func admit(_ head: RequestHead) -> Admission {
        do throws(Problem) { return try decide(head) } catch {
            if error.status == 401, let way = wayIn(head) { return .answered(way) }
            return .refused(error)
        }
    }

    /// Whether who asked for an event stream may still have it: keys are revoked, and sessions end, while it lasts.
    package func mayStay(_ head: RequestHead) -> Bool {
        guard case .found(let route, _) = site.router.match(method: head.method, target: head.target) else {
            return false
        }
        let caller = try? site.access.value.identify(head, peer: peer, credentials: site.credentials)
        return caller.map { $0.role >= route.role } ?? false
    }

    /// Where a browser that opens a page without a key can give one; a program with a wrong key is not sent about.
    private func wayIn(_ head: RequestHead) -> Response? {
        let accept = head.value("accept") ?? ""
        guard ["GET", "HEAD"].contains(head.method), head.value("authorization") == nil,
            AcceptField.weight(of: "text/html", accept) > AcceptField.weight(of: "application/json", accept),
            case .found(let route, _) = site.router.match(method: head.method, target: head.target),
            route.produces.contains("text/html")
        else { return nil }
        var wanted = String(head.target.path.dropFirst())
        if !head.target.rawQuery.isEmpty { wanted += "?" + String(decoding: head.target.rawQuery, as: UTF8.self) }
        let top = String(repeating: "../", count: head.target.segments.count - 1)
        let query = wanted.isEmpty ? "" : "?to=" + RequestTarget.queryEncoded(wanted)
        return Response(303).adding("Location", (top.isEmpty ? "./" : top) + "login" + query)
    }

    private func decide(_ head: RequestHead) throws(Problem) -> Admission {
        let access = site.access.value
        let caller = try identify(head, access)
        switch site.router.match(method: head.method, target: head.target) {
        case .notFound: throw Problem.notFound(head.target.path)
        case .wrongMethod(let allowed):
            var problem = Problem(405, "method", "Method not allowed", "Here only \(allowed.joined(separator: ", ")).")
            problem.fields = [.init("Allow", allowed.joined(separator: ", "))]
            throw problem
        case .options(let allowed):
            return .answered(Response(204).adding("Allow", allowed.joined(separator: ", ")))
        case .found(let route, let parameters):
            try access.authorize(caller, route: route, head: head, peer: peer)
            try Self.checkQuery(head, route: route)
            try Self.checkType(head, route: route)
            try Self.checkCoding(head, route: route)
            try Self.checkAccept(head, route: route)
            return .passes(
                Admission.Pass(
                    route: route, parameters: parameters, caller: caller,
                    forwarded: access.forwarded(head, peer: peer), user: user))
        }
    }

    /// Who asks; wrong keys from outside this machine are counted, and 429 once they are many.
    private func identify(_ head: RequestHead, _ access: Access) throws(Problem) -> Caller {
        do throws(Problem) {
            return try access.identify(head, peer: peer, credentials: site.credentials)
        } catch {
            guard error.status == 401 else { throw error }
            tellWrongKey(access.forwarded(head, peer: peer).client)
            guard !peer.isLocal || access.isForwarded(head) else { throw error }
            let client = PeerAddress.internet(access.forwarded(head, peer: peer).client)
            guard let seconds = site.wrongKeys.retryAfter(wrongKeyFrom: client.network) else { throw error }
            var problem = Problem(
                429, "too-many-keys", "Too many wrong keys",
                "More than \(WrongKeys.perMinute) wrong keys came from \(client.network) in this minute.")
            problem.retryAfterSeconds = seconds
            throw problem
        }
    }

    private func tellWrongKey(_ client: String) {
        guard site.wrongKeys.isNews(from: client) else { return }
        site.log.write(.warning, "wrong key", [("peer", client)])
    }

    /// What a route reads from its query may be there once: two readers of `?to=up&to=down` would not agree on it.
    private static func checkQuery(_ head: RequestHead, route: Route) throws(Problem) {
        guard !route.query.isEmpty, !head.target.rawQuery.isEmpty else { return }
        var seen: Set<String> = []
        for (name, _) in head.target.query where !seen.insert(name).inserted {
            guard route.query.contains(where: { $0.name == name }) else { continue }
            throw .malformed("\(name) is given more than once.")
        }
    }

    /// Bodies are taken as they are, but for drawings compressed as .svgz files are.
    private static func checkCoding(_ head: RequestHead, route: Route) throws(Problem) {
        guard head.framing != .none, head.framing != .length(0), let coding = head.contentCoding else { return }
        let drawing = "image/svg+xml"
        let takesGzip = route.accepts.contains(drawing)
        guard coding != "gzip" || !takesGzip || head.contentType != drawing else { return }
        var problem = Problem(
            415, "content-coding", "Content coding not supported",
            takesGzip
                ? "A drawing may be sent with Content-Encoding: gzip, or as it is; nothing else."
                : "The body must be sent as it is, without Content-Encoding.")
        problem.fields = [.init("Accept-Encoding", takesGzip ? "gzip, identity" : "identity")]
        throw problem
    }

    private static func checkType(_ head: RequestHead, route: Route) throws(Problem) {
        guard !route.accepts.isEmpty, head.framing != .none, head.framing != .length(0) else { return }
        guard let type = head.contentType, route.accepts.contains(type) else {
            let accepted = route.accepts.joined(separator: ", ")
            var problem = Problem(415, "media-type", "Media type not supported", "The body must be \(accepted).")
            problem.fields = [.init("Accept-Post", accepted)]
            throw problem
        }
    }

    /// 406 only when nothing fits.
    private static func checkAccept(_ head: RequestHead, route: Route) throws(Problem) {
        guard let accept = head.value("accept"), !accept.isEmpty, !route.produces.isEmpty else { return }
        guard !route.produces.contains(where: { AcceptField.allows($0, accept) }) else { return }
        throw Problem(
            406, "not-acceptable", "Nothing acceptable",
            "This is only to be had as \(route.produces.joined(separator: ", ")).")
    }
}
