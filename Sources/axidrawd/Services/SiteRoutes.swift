internal import Synchronization

/// The one table of routes: served, documented and tested from here.
enum SiteRoutes {
    static func all(
        workshop: Workshop, credentials: CredentialTable, configuration: ServiceConfiguration,
        isReady: @escaping @Sendable () -> Bool
    ) -> [Route] {
        var routes =
            PageRoutes(workshop: workshop).routes
            + SystemRoutes(workshop: workshop, isReady: isReady).routes
            + DeviceRoutes(workshop: workshop).routes
            + JobRoutes(workshop: workshop).routes
            + SessionRoutes(credentials: credentials).routes
            + DesignRoutes().routes
        routes.append(settings(configuration))
        let described = DocumentBox()
        routes.append(
            Route(
                method: "GET", pattern: "/v1/openapi.json", role: .viewer, operation: "describe",
                summary: "This document", schema: "Document", handler: { _ in .now(described.response) }))
        described.fill(OpenAPI.document(routes))
        return routes
    }

    private static func settings(_ configuration: ServiceConfiguration) -> Route {
        let json = configuration.json
        let tag = "\"\(SHA256.hexadecimal(json.bytes).prefix(16))\""
        return Route(
            method: "GET", pattern: "/v1/settings", role: .viewer, operation: "showSettings",
            summary: "The configuration in force", schema: "Settings",
            handler: { .now(EntityTag.answer($0, tag: tag, json)) })
    }
}

/// Holds the description of the table that it is itself part of.
private final class DocumentBox: Sendable {
    private let document = Mutex(Response(500))

    var response: Response { document.withLock { $0 } }
    func fill(_ value: JSONValue) { document.withLock { $0 = Response(200, value) } }
}
