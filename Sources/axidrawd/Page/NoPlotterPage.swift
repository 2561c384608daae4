internal import HTTP

/// `GET /` and `/preview/{id}` where there is no such plotter: it waits for one, and names those that there are.
struct NoPlotterPage: Sendable {
    /// The plotter that was asked for; nil = any.
    let wanted: String?
    /// Plotters that there are.
    let names: [String]
    /// From where the page is shown to the top of the site, and to where its links lead.
    var root = ""
    var link = "?device="

    /// The whole answer.
    func response(_ web: WebFront) -> Response {
        let others: [Template.Values] = names.map {
            ["name": .text($0), "path": .text(RequestTarget.queryEncoded($0))]
        }
        return web.page(
            "none.html",
            [
                "root": .text(root), "link": .text(link), "wanted": .text(wanted ?? ""),
                "hasOthers": .flag(!others.isEmpty), "others": .list(others),
            ],
            status: wanted == nil ? 200 : 404)
    }
}
