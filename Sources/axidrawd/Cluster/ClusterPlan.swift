internal import HTTP
internal import Text

/// What is configured about the fleet that this daemon is part of; empty = it stands alone.
struct ClusterPlan: Equatable, Sendable {
    var consul: ConsulPlan?
    var nomad: NomadPlan?
    /// File with the key by which presses are passed on to other daemons, read again each time; nil = the credential
    /// `fleet-key`, if there is one.
    var keyFile: String?

    /// Credential with the key, where systemd hands credentials over.
    static let credential = "fleet-key"

    /// As the file writes it; nothing in it is secret.
    var json: JSONValue {
        .object([
            ("consul", consul?.json ?? .null), ("nomad", nomad?.json ?? .null),
            ("keyFile", keyFile.map { .string($0) } ?? .null),
        ])
    }
}

/// Where Consul is, and what it is told.
struct ConsulPlan: Equatable, Sendable {
    /// The agent, without a path.
    var location: HTTPLocation
    /// File with the token, read again for each request; nil = the credential `consul-token`, if there is one.
    var tokenFile: String?
    var datacenter: String?
    /// Name of the service; its plotters are registered under it and `-plotter`.
    var service = ConsulPlan.standardService
    /// Tells this daemon from others at the same agent; nil = made of name, machine and port.
    var id: String?
    /// Where others reach this daemon, such as `http://plotter.local:8080`; nil = found out from where it listens.
    var address: HTTPLocation?
    /// Tags of the service, such as Fabio's `urlprefix-/webhooks/ strip=/webhooks`.
    var tags: [String] = []
    /// Within so many seconds a daemon must have said that it lives; it says so three times as often.
    var ttlSeconds = 30
    /// What keys begin with; the original's have nothing before them.
    var prefix = ""
    /// Whether which product is next is shared with others through `current_product`.
    var sharesCycle = true

    static let standardService = "axidrawd"
    static let ttlRange = 3...3600
    /// Credential with the token, where systemd hands credentials over.
    static let credential = "consul-token"

    /// Name under which each plotter is registered.
    var plotterService: String { service + "-plotter" }

    var json: JSONValue {
        .object([
            ("url", .string(location.text)), ("tokenFile", tokenFile.map { .string($0) } ?? .null),
            ("datacenter", datacenter.map { .string($0) } ?? .null), ("service", .string(service)),
            ("id", id.map { .string($0) } ?? .null), ("address", address.map { .string($0.text) } ?? .null),
            ("tags", .array(tags.map { .string($0) })), ("ttlSeconds", .integer(ttlSeconds)),
            ("prefix", .string(prefix)), ("cycle", .string(sharesCycle ? "shared" : "own")),
        ])
    }
}

/// Where Nomad is, and what is dispatched there.
struct NomadPlan: Equatable, Sendable {
    /// A server or agent, without a path.
    var location: HTTPLocation
    /// File with the token, read again for each request; nil = the credential `nomad-token`, if there is one.
    var tokenFile: String?
    var namespace: String?
    var region: String?
    /// The parameterized job that is dispatched, unless `jobs` names one for the plotter; its meta `plotter` says which.
    var job: String?
    /// Jobs by plotter, as the original had them: `plot1` → `plotter1`.
    var jobs: [String: String] = [:]

    /// Credential with the token, where systemd hands credentials over.
    static let credential = "nomad-token"

    /// The job for a plotter; nil = none is configured, so nothing is dispatched for it.
    func job(for plotter: String) -> String? { jobs[plotter] ?? job }

    var json: JSONValue {
        .object([
            ("url", .string(location.text)), ("tokenFile", tokenFile.map { .string($0) } ?? .null),
            ("namespace", namespace.map { .string($0) } ?? .null), ("region", region.map { .string($0) } ?? .null),
            ("job", job.map { .string($0) } ?? .null),
            ("jobs", .object(jobs.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ])
    }
}
