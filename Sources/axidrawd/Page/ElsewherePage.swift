internal import HTTP

/// The screen of a plotter that another daemon drives: its state, and the design that is published of it, turning in space if
/// it has depth. The ink is at the plotter's own daemon. Without script the design stands still.
struct ElsewherePage: Sendable {
    let name: String
    /// As it is published; nil = nothing is.
    let state: String?
    let product: String?
    /// Path and query of the design's drawing, from the top of the site; nil = no product of ours.
    let drawing: String?
    /// The same of its lines in space; nil = it is flat.
    let scene: String?
    /// From where the page is shown to the top of the site.
    let root: String

    /// A screen looks so often, seconds: the page is small, and the drawing stays the same.
    private static let refreshSeconds = 5

    /// The whole answer.
    func response(_ web: WebFront) -> Response {
        web.page(
            text: Self.text,
            [
                "name": .text(name), "root": .text(root), "drawing": .text(drawing ?? ""),
                "scene": .text(scene ?? ""), "sentence": .text(sentence),
                "seconds": .text("\(Self.refreshSeconds)"),
            ])
    }

    private var sentence: String {
        let doing = state.map { $0 == "absent" ? "is not there now" : "is \($0)" } ?? "is driven by another daemon"
        return "\(name) \(doing)" + (product.map { state == "plotting" ? ": \($0)" : " · last: \($0)" } ?? "")
    }

    private static let text = """
        {{head}}<title>{{name}} · preview</title>
        <link rel="stylesheet" href="{{root}}preview.css">
        <noscript><meta http-equiv="refresh" content="{{seconds}}"></noscript>
        <script type="module" src="{{root}}again.js"></script>
        </head>
        <body data-scene="{{#scene}}{{root}}{{scene}}{{/scene}}">
        <main>
        <h1 class="hidden">What {{name}} draws</h1>
        <canvas id="space" role="img" aria-label="The design" hidden></canvas>
        {{#drawing}}<img id="flat" alt="The design" src="{{root}}{{drawing}}">{{/drawing}}
        </main>
        <footer>
        <p id="title" role="status">{{sentence}}</p>
        </footer>
        </body>
        </html>

        """
}
