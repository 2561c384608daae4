internal import HTTP

/// The page with the installation's buttons: for a show without hardware buttons, and to try one.
enum ButtonPage {
    static func response(
        _ installation: Installation, _ status: Int = 200, isSimulated: Bool, said: String?, root: String
    ) async -> Response {
        var sections = ""
        for plotter in installation.queue.plotters {
            sections += section(
                plotter, state: installation.queue.state(of: plotter) ?? .absent,
                waiting: await installation.waitingCount(plotter), root: root)
        }
        let next = await installation.nextProduct
        let html = page(sections, next: next, isSimulated: isSimulated, said: said, root: root)
        var response = Response(status, contentType: "text/html; charset=utf-8", Array(html.utf8))
        response.fields = [
            .init("Content-Security-Policy", Page.contentSecurityPolicy), .init("Referrer-Policy", "same-origin"),
        ]
        return response
    }

    private static func page(
        _ sections: String, next: String?, isSimulated: Bool, said: String?, root: String
    ) -> String {
        let banner =
            isSimulated
            ? "<p class=\"banner\"><strong>SIMULATED</strong> – virtual boards draw; no machine moves.</p>" : ""
        let what =
            next.map { "The next press draws <strong id=\"next\">\(escapedMarkup($0))</strong>." }
            ?? "No products are configured: start with --installation. The buttons move the pen."
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Installation · axidrawd</title>
            <link rel="icon" href="\(root)icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="\(root)page.css">
            <script src="\(root)installation.js" defer></script>
            </head>
            <body data-root="\(root)">
            <header><div class="top"><span></span><div><h1>Installation <span class="quiet">axidrawd</span></h1>
            <p>\(what)</p><p class="gone" id="gone" role="alert"></p></div></div>\(banner)</header>
            <main class="one">
            <p id="said" role="status">\(escapedMarkup(said ?? ""))</p>
            \(sections)
            </main>
            </body>
            </html>

            """
    }

    private static func section(_ plotter: String, state: PlotterState, waiting: Int, root: String) -> String {
        let name = escapedMarkup(plotter)
        let path = RequestTarget.queryEncoded(plotter)
        let buttons = [("single", "Press"), ("double", "Press twice"), ("long", "Press long")].map { verb, words in
            "<form method=\"post\" action=\"\(root)installation/\(path)/\(verb)\">"
                + "<button\(verb == "single" ? " class=\"main\"" : "")>\(words)</button></form>"
        }
        return """
            <section aria-labelledby="title-\(name)" data-plotter="\(name)">
            <h2 id="title-\(name)">\(name)</h2>
            <p><span class="state">\(state.publicName)</span>, <span class="waiting">\(waiting)</span> waiting ·
            <a href="\(root)preview/\(path)">preview screen</a> · <a href="\(root)?device=\(path)">plotter</a></p>
            <div class="acts">\(buttons.joined())</div>
            </section>

            """
    }

    static let script = #"""
        'use strict';
        const root = document.body.dataset.root;
        const of = name => [...document.querySelectorAll('[data-plotter]')].find(s => s.dataset.plotter === name);
        const put = (section, part, text) => { if (section) section.querySelector('.' + part).textContent = text; };
        for (const form of document.forms) form.addEventListener('submit', async e => {
          e.preventDefault();
          const [name, verb] = form.getAttribute('action').split('/').slice(-2);
          const said = document.getElementById('said');
          try {
            const r = await fetch(`${root}${verb}/${name}`, {method: 'POST'});
            const a = await r.json();
            said.textContent = !r.ok ? a.error || a.detail : a.jobId ? `Queued at ${decodeURIComponent(name)}.` :
              a.previousState === a.state ? `${decodeURIComponent(name)} stays ${a.state}.` : `${decodeURIComponent(name)} is ${a.state} now.`;
          } catch { said.textContent = 'The daemon does not answer.'; }
        });
        const lose = isLost => {
          document.body.classList.toggle('stale', isLost);
          document.getElementById('gone').textContent = isLost ? 'No contact with the daemon; what you see may be old. Trying again.' : '';
        };
        function listen() {
          const source = new EventSource(`${root}v1/events?topics=snapshot,state,installation`);
          const on = (kind, take) => source.addEventListener(kind, e => take(JSON.parse(e.data)));
          source.onopen = () => lose(false);
          source.onerror = () => { lose(true); if (source.readyState === 2) { source.close(); setTimeout(listen, 3000); } };
          on('snapshot', e => { for (const d of e.devices) put(of(d.name), 'state', d.state); });
          on('state', d => put(of(d.name), 'state', d.state));
          on('installation', q => {
            const next = document.getElementById('next');
            put(of(q.device), 'waiting', q.waiting);
            if (next && q.next) next.textContent = q.next;
          });
        }
        listen();

        """#
}
