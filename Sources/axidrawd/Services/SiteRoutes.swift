/// The one table of routes: served, documented and tested from here.
enum SiteRoutes {
    static func all(
        workshop: Workshop, credentials: CredentialTable, isReady: @escaping @Sendable () -> Bool
    ) -> [Route] {
        PageRoutes(workshop: workshop).routes
            + SystemRoutes(workshop: workshop, isReady: isReady).routes
            + DeviceRoutes(workshop: workshop).routes
            + JobRoutes(workshop: workshop).routes
    }
}
