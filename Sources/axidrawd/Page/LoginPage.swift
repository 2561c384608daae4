internal import HTTP

/// `/login`: a browser swaps a key for a cookie, so that tablets and phones on the network can open the pages.
struct LoginPage: Sendable {
    let web: WebFront

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/login", role: .anyone, operation: "", summary: "", produces: ["text/html"],
                handler: { [web] _ in .now(web.page("login.html", ["root": .text("")])) })
        ]
    }
}
