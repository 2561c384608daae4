internal import HTTP

/// `/login`: a browser swaps a key for a cookie, so that tablets and phones on the network can open the pages.
enum LoginPage {
    static let routes: [Route] = [
        Route(
            method: "GET", pattern: "/login", role: .anyone, operation: "", summary: "", produces: ["text/html"],
            handler: { _ in .now(response) }),
        .asset("/login.js", "text/javascript; charset=utf-8", Array(script.utf8)),
    ]

    private static let response: Response = {
        var response = Response(200, contentType: "text/html; charset=utf-8", Array(html.utf8))
        response.fields = [
            .init("Content-Security-Policy", Page.contentSecurityPolicy), .init("Referrer-Policy", "same-origin"),
        ]
        return response
    }()

    private static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Key · axidrawd</title>
        <link rel="icon" href="icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="page.css">
        <script src="login.js" defer></script>
        </head>
        <body>
        <main class="one">
        <section aria-labelledby="title">
        <h1 id="title">This browser needs a key</h1>
        <p>On the machine of the plotter: <code>axidrawd keys add NAME --role viewer</code>. The key is kept for 12 hours
        as a cookie that only this site can read.</p>
        <form id="form">
        <label for="key">Key</label>
        <input class="file" id="key" type="password" autocomplete="current-password" required>
        <div class="acts apart"><button class="main">Open</button></div>
        </form>
        <p id="said" role="alert"></p>
        <noscript><p>This page needs a script to send the key.</p></noscript>
        </section>
        </main>
        </body>
        </html>

        """

    private static let script = #"""
        'use strict';
        const said = document.getElementById('said');
        document.getElementById('form').addEventListener('submit', async e => {
          e.preventDefault();
          const key = document.getElementById('key').value.trim();
          // A path below this site, whatever the address says.
          const to = (new URLSearchParams(location.search).get('to') || '').replace(/^[/\\]+/, '');
          if (!/^[\x21-\x7e]+$/.test(key)) { said.textContent = 'That is no key.'; return; }
          try {
            const r = await fetch('v1/session', {method: 'POST', headers: {Authorization: `Bearer ${key}`}});
            if (r.ok) { location.replace(/^[\w.~?-][\w.~\/?=&%-]*$/.test(to) ? './' + to : './'); return; }
            said.textContent = (await r.json()).detail;
          } catch { said.textContent = 'The daemon does not answer.'; }
        });

        """#
}
