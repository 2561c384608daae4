internal import HTTP

/// The page with the installation's buttons: for a show without hardware buttons, and to try one.
struct InstallationPage: Sendable {
    /// The outcome of the press that was sent with the page's form, or nil.
    var said: String?
    var isSimulated: Bool
    /// From where the page is shown to the top of the site.
    var root: String

    /// The whole answer.
    func response(_ web: WebFront, _ installation: Installation, status: Int = 200) async -> Response {
        var plotters: [Template.Values] = []
        for name in installation.queue.plotters {
            plotters.append([
                "name": .text(name), "path": .text(RequestTarget.queryEncoded(name)),
                "state": .text((installation.queue.state(of: name) ?? .absent).publicName),
                "waiting": .text("\(await installation.waitingCount(name))"),
            ])
        }
        return web.page(
            "installation.html",
            [
                "draws": .flag(installation.plan.press == .draws && !installation.plan.cycle.isEmpty),
                "root": .text(root), "said": .text(said ?? ""), "isSimulated": .flag(isSimulated),
                "next": .text(await installation.nextProduct ?? ""), "plotters": .list(plotters),
            ], status: status)
    }
}
