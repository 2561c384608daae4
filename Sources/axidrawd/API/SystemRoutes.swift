internal import Foundation
internal import HTTP

/// Health, the OpenAPI document, events.
struct SystemRoutes: Sendable {
    let workshop: Workshop
    /// Whether the daemon takes work: it is neither starting nor stopping, and the spool can be written.
    let isReady: @Sendable () async -> Bool
    /// How the link to the fleet stands, in a word; it keeps nobody from working.
    let fleet: @Sendable () -> String

    var routes: [Route] {
        let workshop = workshop
        let isReady = isReady
        let fleet = fleet
        return [
            Route(
                method: "GET", pattern: "/healthz", role: .anyone, operation: "health",
                summary: "200 while the process runs its loop", schema: "Health",
                handler: { _ in .now(Response(200, .object([("healthy", .bool(true))]))) }),
            Route(
                method: "GET", pattern: "/readyz", role: .anyone, operation: "ready",
                summary: "200 while the daemon takes work", schema: "Ready",
                handler: { _ in
                    .later {
                        await isReady()
                            ? .now(Response(200, .object([("ready", .bool(true)), ("cluster", .string(fleet()))])))
                            : .refused(.busy("The daemon takes no work now.", retryAfterSeconds: 2))
                    }
                }),
            Route(
                method: "GET", pattern: "/v1/options", role: .viewer, operation: "listOptions",
                summary: "The plot options as a table, to make a form of", schema: "OptionTable",
                handler: { _ in .now(Response(200, OptionFields.table)) }),
            Route(
                method: "GET", pattern: "/v1/events", role: .viewer, operation: "events",
                summary: "Events as they happen, first a snapshot or what was missed",
                query: [
                    .init(name: "topics", summary: "Comma-separated event names; all without it"),
                    .init(name: "lastEventId", summary: "Continue after this event, as Last-Event-ID"),
                ],
                produces: ["text/event-stream"], handler: { Self.events($0, workshop) }),
        ]
    }

    private static func events(_ request: HTTPRequest, _ workshop: Workshop) -> Answer {
        let hub = workshop.events
        let topics = request.query("topics")?.split(separator: ",").map(String.init) ?? []
        if let unknown = topics.first(where: { !Self.topics.contains($0) }) {
            return .refused(
                Problem(
                    400, "topic", "Unknown topic",
                    "\(unknown) is none of \(Self.topics.joined(separator: ", "))."))
        }
        let last = request.head.value("last-event-id") ?? request.query("lastEventId")
        return .events(
            EventRequest(
                hub: hub, topics: Set(topics), after: last.flatMap(hub.number(ofId:)),
                snapshot: { [workshop] in workshop.roster.snapshot }))
    }

    static let topics = [
        "device", "state", "position", "progress", "job", "queue", "incident", "snapshot", "ink", "layer",
        "installation",
    ]
}
