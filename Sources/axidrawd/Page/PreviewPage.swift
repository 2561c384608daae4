internal import HTTP
internal import Motion

/// The screen beside a plotter: what the pen draws as it draws it, between plots the design turning in space.
struct PreviewPage: Sendable {
    let device: DeviceRecord
    /// From where the page is shown to the top of the site.
    let root: String

    var response: Response {
        var response = Response(200, contentType: "text/html; charset=utf-8", Array(html.utf8))
        response.fields = [
            .init("Content-Security-Policy", Page.contentSecurityPolicy), .init("Referrer-Policy", "same-origin"),
        ]
        return response
    }

    private var html: String {
        let name = escapedMarkup(device.name)
        let banner = device.isSimulated ? "<p class=\"banner\">SIMULATED – a virtual board draws.</p>" : ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(name) · preview</title>
            <link rel="icon" href="\(root)icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="\(root)preview.css">
            <noscript><meta http-equiv="refresh" content="10"></noscript>
            <script src="\(root)preview.js" defer></script>
            </head>
            <body data-device="\(name)" data-root="\(root)" data-width="\(device.travel.width)" \
            data-height="\(device.travel.height)">
            <main>
            <h1 class="hidden">What \(name) draws</h1>
            <img id="plan" alt="" hidden>
            <canvas id="screen" role="img" aria-label="What the pen has drawn"></canvas>
            <noscript><img class="plain" alt="What the pen has drawn" \
            src="\(root)v1/devices/\(RequestTarget.queryEncoded(device.name))/drawn.svg"></noscript>
            </main>
            <footer>
            \(banner)
            <p id="title" role="status">\(escapedMarkup(device.sentence))</p>
            <p id="gone" role="alert"></p>
            </footer>
            </body>
            </html>

            """
    }

    /// The screen's style and script.
    static let files: [Route] = [
        .asset("/preview.css", "text/css; charset=utf-8", Array(style.utf8)),
        .asset("/preview.js", "text/javascript; charset=utf-8", Array(PreviewScript.text.utf8)),
        .asset("/installation.js", "text/javascript; charset=utf-8", Array(ButtonPage.script.utf8)),
    ]

    private static let style = """
        :root{color-scheme:light;--back:#fbfaf5;--ink:#16161a;--quiet:#5b5a54}
        *{box-sizing:border-box}
        html,body{margin:0;height:100%;background:var(--back);color:var(--ink);
        font:1.1rem/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        body{display:flex;flex-direction:column;overflow:hidden}
        main{position:relative;flex:1 1 auto;min-height:0}
        canvas{position:absolute;inset:0;width:100%;height:100%;display:block}
        #plan{position:absolute;opacity:.12}
        .plain{position:absolute;inset:0;width:100%;height:100%;object-fit:contain}
        footer{flex:none;padding:.4rem 1rem .8rem;text-align:center}
        footer p{margin:0}
        .banner{color:var(--quiet);font-size:.9rem}
        #gone{color:#a31a12}
        #gone:empty{display:none}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        body.stale canvas{opacity:.35}

        """
}
