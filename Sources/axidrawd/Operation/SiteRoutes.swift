internal import HTTP
internal import Synchronization
internal import Text

/// The one table of routes: served, documented and tested from here.
enum SiteRoutes {
    static func all(
        workshop: Workshop, installation: Installation, credentials: CredentialTable, settings: Settings,
        metrics: MetricsRoutes, web: WebFront, repeats: IdempotencyTable, keys: KeyRoutes,
        webhookSources: WebhookSources, drawings: Live<DrawingSources>,
        cluster: Cluster, passing: PassingOn, roles: Set<DaemonRole>, isReady: @escaping @Sendable () async -> Bool
    ) -> [Route] {
        let webhooks = WebhookRoutes(
            installation: installation, credentials: credentials, figures: metrics.webhooks, sources: webhookSources,
            plots: WebhookPlots(
                workshop: workshop, installation: installation, sources: drawings, repeats: repeats, passing: passing),
            passing: passing)
        let isPlotter = roles.contains(.plotter)
        var routes =
            PageRoutes(workshop: workshop, web: web).routes
            + SystemRoutes(workshop: workshop, isReady: isReady, fleet: { cluster.word }).routes
        if isPlotter {
            routes += DeviceRoutes(workshop: workshop).routes + JobRoutes(workshop: workshop).routes
            routes += StreamRoutes(workshop: workshop).routes
        }
        routes +=
            SessionRoutes(credentials: credentials, keep: keys.keepSessions).routes
            + ScreenRoutes(codes: ScreenCodes(), credentials: credentials, keys: keys).routes
            + keys.routes + LoginPage(web: web).routes
        if roles.contains(.design) { routes += DesignRoutes().routes }
        if !roles.isDisjoint(with: [.design, .preview, .webhooks]) {
            routes +=
                InstallationRoutes(installation: installation, workshop: workshop, web: web, passing: passing).routes
        }
        if roles.contains(.webhooks) { routes += webhooks.routes }
        if isPlotter { routes.append(webhooks.passedOn) }
        if isPlotter || roles.contains(.webhooks) {
            routes += OriginalRoutes(installation: installation, passing: passing, hasQueue: isPlotter).routes
        }
        routes += ClusterRoutes(cluster: cluster).routes + settings.routes + metrics.routes
        routes = routes.map { $0.isRepeatable ? repeats.guarding($0) : $0 }
        let described = DocumentBox()
        routes.append(
            Route(
                method: "GET", pattern: "/v1/openapi.json", role: .viewer, operation: "describe",
                summary: "This document", schema: "Document", handler: { _ in .now(described.response) }))
        described.fill(OpenAPI.document(routes))
        return routes
    }
}

/// Holds the description of the table that it is itself part of.
private final class DocumentBox: Sendable {
    private let document = Mutex(Response(500))

    var response: Response { document.withLock { $0 } }
    func fill(_ value: JSONValue) { document.withLock { $0 = Response(200, value) } }
}
