internal import HTTP
internal import Text

/// How this daemon stands in its fleet, for people and programs.
struct ClusterRoutes: Sendable {
    let cluster: Cluster

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/v1/cluster", role: .viewer, operation: "showCluster",
                summary: "Whether Consul knows this daemon, and what it has been told", schema: "Cluster",
                handler: { [self] _ in .now(Response(200, cluster.json)) })
        ]
    }
}

extension Cluster {
    var json: JSONValue {
        .object([
            ("state", .string(word)), ("message", .string(sentence)),
            ("consul", consul.map { Self.json($0.plan, $0.standing) } ?? .null),
        ])
    }

    /// The same in words.
    var sentence: String {
        guard let (plan, standing) = consul else { return "This daemon stands alone: no Consul is configured." }
        if let trouble = standing.trouble {
            return
                "Consul at \(plan.location.text) \(trouble.sentence). It is tried again; plotting goes on without it."
        }
        guard standing.isLinked else { return "Consul at \(plan.location.text) is being told of this daemon." }
        let plotters = standing.services.count - 1
        return "Consul at \(plan.location.text) knows this daemon and \(plotters) plotter\(plotters == 1 ? "" : "s")."
    }

    private static func json(_ plan: ConsulPlan, _ standing: ConsulLink.Standing) -> JSONValue {
        func stamp(_ time: Int?) -> JSONValue { time.map { .string(DateText.stamp(unixMilliseconds: $0)) } ?? .null }
        return .object([
            ("url", .string(plan.location.text)), ("linked", .bool(standing.isLinked)),
            ("trouble", standing.trouble.map { .string($0.word) } ?? .null),
            ("troubleSince", stamp(standing.troubleSince)), ("lastContactAt", stamp(standing.lastContact)),
            ("services", .array(standing.services.map { .string($0) })),
            ("keys", .object(standing.keys.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ])
    }
}
