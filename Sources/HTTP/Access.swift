internal import Text

/// Decides who a request comes from and whether it may do what it asks; a pure function of its head and the keys.
package struct Access: Sendable {
    /// Names in Host that are ours besides loopback ones, in lower case.
    package var hostNames: Set<String> = []
    /// All addresses of the machine are listened on, so an address in Host is ours; rebinding needs a name.
    package var ownsAddresses = false
    /// Who needs a key.
    package var rule = AccessRule.local
    /// Addresses of proxies, or ranges such as `10.0.0.0/8`, whose forwarding fields are believed.
    package var proxies: Set<String> = []
    /// Origins of other sites that may change something, such as `https://plotter.example`.
    package var origins: Set<String> = []

    package init(
        hostNames: Set<String> = [], ownsAddresses: Bool = false, proxies: Set<String> = [], origins: Set<String> = []
    ) {
        self.hostNames = hostNames
        self.ownsAddresses = ownsAddresses
        self.proxies = proxies
        self.origins = origins
    }

    /// What the key and session tables say about a credential.
    package protocol Credentials {
        func caller(ofKey key: String) -> Caller?
        func caller(ofSession token: String) -> Caller?
    }

    package static let cookieName = "axidrawd"

    /// Before any route is looked for: our host, and no bad key.
    package func identify(
        _ head: RequestHead, peer: PeerAddress, credentials: some Credentials
    ) throws(Problem) -> Caller {
        if let name = head.hostName, !Self.isLoopback(name), !hostNames.contains(name),
            !(ownsAddresses && Self.isAddress(name))
        {
            throw Problem(
                421, "unknown-host", "Not our host",
                "This server is not called \(name); add the name to hosts in the configuration.")
        }
        if let authorization = head.value("authorization") {
            guard let key = Self.bearer(authorization), let caller = credentials.caller(ofKey: key) else {
                throw Self.unauthorized("The key is not known, expired or revoked.")
            }
            return caller
        }
        if let token = Self.cookie(head), let caller = credentials.caller(ofSession: token) { return caller }
        if isLocal(head, peer: peer) { return Caller(role: .admin, credential: .local) }
        return Caller(role: .anyone, credential: .none)
    }

    /// Whether the caller may use the route.
    package func authorize(_ caller: Caller, route: Route, head: RequestHead, peer: PeerAddress) throws(Problem) {
        let isNear = rule == .keys && peer.isLocal
        try Self.require(
            route.role, of: caller,
            hint: ", or in a browser the page /login." + (isNear ? " On this machine the Unix socket needs none." : ""))
        if route.changesState { try checkOrigin(head, caller: caller, peer: peer) }
    }

    /// Refuses a caller whose role is less, for routes that let in others by their own means.
    ///
    /// - Parameter hint: what else would do, to end the sentence.
    package static func require(_ role: Role, of caller: Caller, hint: @autoclosure () -> String = ".") throws(Problem)
    {
        guard caller.role < role else { return }
        if caller.credential == .none { throw unauthorized("This needs a key: Authorization: Bearer axd_…" + hint()) }
        throw Problem(403, "role", "Not permitted", "This needs the role \(role.name); yours is \(caller.role.name).")
    }

    /// A page of another site must not act with the credentials of the person in front of it.
    private func checkOrigin(_ head: RequestHead, caller: Caller, peer: PeerAddress) throws(Problem) {
        let foreign = Problem(
            403, "foreign-origin", "Foreign origin", "The request was made by a page of another site.")
        if let origin = head.value("origin") {
            guard isOurs(origin, head: head, peer: peer) || origins.contains(origin.lowercased()) else { throw foreign }
            return
        }
        if case .session = caller.credential { throw foreign }
        if let site = head.value("sec-fetch-site"), site != "same-origin", site != "none" { throw foreign }
    }

    /// Whether the origin is the site as the browser sees it: behind a listed proxy by its word, else by Host.
    ///
    /// A proxy that is not listed may end https without our knowing, so there both schemes are ours.
    private func isOurs(_ origin: String, head: RequestHead, peer: PeerAddress) -> Bool {
        let forwarded = forwarded(head, peer: peer)
        guard let host = forwarded.host ?? head.host?.lowercased() else { return false }
        let lowered = origin.lowercased()
        return lowered == "https://" + host || (!forwarded.isSecure && lowered == "http://" + host)
    }

    /// What listed proxies say about the client.
    package func forwarded(_ head: RequestHead, peer: PeerAddress) -> Forwarded {
        Forwarded(head, peer: peer, proxies: proxies)
    }

    /// Proxies and tunnels end at 127.0.0.1 too; what they forward is not local.
    package func isLocal(_ head: RequestHead, peer: PeerAddress) -> Bool {
        switch rule {
        case .open: return true
        case .local: guard peer.isLocal else { return false }
        case .keys: guard peer == .unix else { return false }
        }
        guard let name = head.hostName, Self.isLoopback(name) else { return false }
        return !isForwarded(head)
    }

    /// Whether somebody between the client and us has said so.
    package func isForwarded(_ head: RequestHead) -> Bool {
        head.fields.contains {
            $0.name == "forwarded" || $0.name.hasPrefix("x-forwarded-") || $0.name == "via" || $0.name == "x-real-ip"
        }
    }

    /// `localhost`, 127.0.0.0/8 and ::1.
    package static func isLoopback(_ name: String) -> Bool {
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { ASCII.decimal($0.utf8).map { $0 < 256 } ?? false }
    }

    /// Four decimal numbers, or an IPv6 address in brackets.
    package static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { ASCII.decimal($0.utf8).map { $0 < 256 } ?? false }
    }

    package static func unauthorized(_ detail: String) -> Problem {
        var problem = Problem(401, "unauthorized", "Key needed", detail)
        problem.fields = [.init("WWW-Authenticate", "Bearer")]
        return problem
    }

    /// The key in `Bearer <key>`.
    private static func bearer(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else { return nil }
        return String(parts[1])
    }

    /// The session token among the cookies.
    package static func cookie(_ head: RequestHead) -> String? {
        for value in head.values("cookie") {
            for pair in value.split(separator: ";") {
                let trimmed = ASCII.trimmed(ArraySlice(pair.utf8))
                let text = String(decoding: trimmed, as: UTF8.self)
                if text.hasPrefix(cookieName + "=") { return String(text.dropFirst(cookieName.count + 1)) }
            }
        }
        return nil
    }
}
