internal import HTTP

/// Where a daemon is reached: as others are told, and as an agent beside it asks.
struct ClusterPlace: Equatable, Sendable {
    /// nil where nobody beyond this machine's sockets reaches it.
    var url: HTTPLocation?
    /// As it is registered; empty = where the agent is.
    var host = ""
    var port = 0
    /// What the agent asks whether the process answers.
    var health: HTTPLocation?

    /// - Parameters:
    ///   - endpoints: where the daemon listens.
    ///   - machine: the machine's name.
    init(_ plan: ConsulPlan, endpoints: [ListenEndpoint], machine: String?) {
        let internet = endpoints.compactMap { endpoint -> (host: String, port: Int, isLocal: Bool)? in
            guard case .internet(let host, let port) = endpoint.kind else { return nil }
            return (host, port, endpoint.isLocal)
        }
        let best = internet.first { !$0.isLocal } ?? internet.first
        if let best {
            let isAny = Self.isAny(best.host)
            host = isAny ? "" : best.host
            port = best.port
            url = HTTPLocation("http://\(Self.bracketed(isAny ? machine ?? "localhost" : best.host)):\(best.port)")
        }
        if let address = plan.address, case .internet(let named, let number, _) = address.server {
            url = address
            host = named.hasPrefix("[") ? String(named.dropFirst().dropLast()) : named
            port = number
        }
        // An agent beside us asks where we listen: a published name may lead through a proxy.
        if Self.isHere(plan.location), let near = internet.first(where: \.isLocal) ?? internet.first {
            let local = Self.isAny(near.host) ? "127.0.0.1" : near.host
            health = HTTPLocation("http://\(Self.bracketed(local)):\(near.port)/healthz")
        } else {
            health = url.flatMap { url in url.at(url.target + "/healthz") }
        }
    }

    private static func isAny(_ host: String) -> Bool { ["", "0.0.0.0", "::"].contains(host) }

    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    private static func isHere(_ location: HTTPLocation) -> Bool {
        switch location.server {
        case .internet(let host, _, _): Access.isLoopback(host) || host == "[::1]"
        case .unix: true
        }
    }
}
