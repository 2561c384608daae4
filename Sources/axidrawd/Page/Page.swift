internal import HTTP
internal import Motion

/// The page as HTML, with the state of one plotter written in, so that it says something without script.
struct Page: Sendable {
    var device: DeviceRecord
    var otherDevices: [String]
    var job: PlotJob?
    /// What went wrong with the form that was sent, or nil.
    var complaint: String?
    /// The plotter's own figures; nil = they are not told.
    var profile: MachineProfile?
    /// From where the page is shown to its top: a proxy may serve it below any prefix, so no link begins with a slash.
    var root = ""

    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    /// The whole answer.
    func response(_ status: Int = 200) -> Response {
        var response = Response(status, contentType: "text/html; charset=utf-8", Array(html.utf8))
        response.fields = [
            .init("Content-Security-Policy", Self.contentSecurityPolicy), .init("Referrer-Policy", "same-origin"),
        ]
        return response
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escapedMarkup(device.name)) · axidrawd</title>
        <link rel="icon" href="\(root)icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="\(root)page.css">
        <noscript><meta http-equiv="refresh" content="10"></noscript>
        <script src="\(root)page.js" defer></script>
        </head>
        <body data-device="\(escapedMarkup(device.name))" data-root="\(root)">
        \(top)
        <main>
        \(picture)
        <div class="side">
        \(jobSection)
        \(drawingSection)
        \(penSection)
        \(history)
        </div>
        </main>
        </body>
        </html>

        """
    }

    func action(_ verb: String) -> String { "\(root)do/\(escapedMarkup(device.name))/\(verb)" }

    private var top: String {
        let banner = """
            <p class="banner"><strong>SIMULATED</strong> – a virtual board draws; no machine moves.</p>
            """
        return """
            <header>
            <div class="top">
            <form method="post" action="\(action("stop"))"><button class="stop" id="stop">Stop</button></form>
            <div>
            <h1>\(escapedMarkup(device.name)) <span class="quiet">axidrawd</span></h1>
            <p class="state" id="state">\(escapedMarkup(sentence))</p>
            <p class="quiet" id="connection">\(escapedMarkup(connection))</p>
            <p class="gone" id="gone" role="alert"></p>
            \(deviceLinks)
            </div>
            </div>
            <a class="skip" href="#drawing">Skip to the drawing</a>
            \(device.isSimulated ? banner : "")
            <p class="error" id="error" role="alert">\(complaint.map { "<b>Not done: </b>\(escapedMarkup($0))" } ?? "")</p>
            <p class="hidden" role="status" id="announce"></p>
            </header>
            """
    }

    private var sentence: String {
        guard let job, !job.state.isFinal else { return device.sentence }
        switch job.state {
        case .queued where job.summary == nil: return "Planning the drawing."
        case .held: return "A drawing is loaded. Ready to plot."
        case .interrupted:
            return "A drawing was cut off. Go on with it or cancel it; a carriage that was moved must be home first."
        case .queued, .plotting, .paused, .waitingForPaper, .stopping, .done, .cancelled, .failed:
            return device.sentence
        }
    }

    private var connection: String {
        let firmware = device.firmware.map { ", firmware \($0)" } ?? ""
        let kind = device.isSimulated ? "Virtual board" : "Connected"
        return device.firmware == nil ? "No board connected" : "\(kind), \(device.profile)\(firmware)"
    }

    private var deviceLinks: String {
        guard !otherDevices.isEmpty else { return "" }
        let links = otherDevices.map { "<a href=\"\(root)?device=\(escapedMarkup($0))\">\(escapedMarkup($0))</a>" }
        return
            "<nav aria-label=\"Other plotters\" class=\"quiet\">Other plotters: \(links.joined(separator: ", "))</nav>"
    }

    private var picture: String {
        let travel = device.travel
        return """
            <section aria-labelledby="picture-title">
            <h2 id="picture-title">The paper</h2>
            <figure>
            <div class="bed" id="bed" data-width="\(travel.width)" data-height="\(travel.height)">
            <div class="sheet" id="sheet" hidden></div>
            <img id="before" alt="" hidden>
            <img id="preview" alt="" hidden>
            <canvas id="ink" role="img" aria-label="What the pen has drawn" width="\(brief(travel.width))" \
            height="\(brief(travel.height))"></canvas>
            <div class="empty" id="empty" hidden><span>Drop an SVG file here.</span></div>
            <noscript><img class="plain" alt="What the pen has drawn" \
            src="\(root)v1/devices/\(escapedMarkup(device.name))/drawn.svg"></noscript>
            </div>
            <figcaption class="quiet">Reach of the carriage \(brief(travel.width)) × \(brief(travel.height)) mm; \
            pale lines are still to come. <span id="place"></span> \
            <a href="\(root)preview/\(RequestTarget.queryEncoded(device.name))">Full screen</a></figcaption>
            </figure>
            </section>
            """
    }

    private var jobSection: String {
        let text = job.map { "\(Int($0.progress.fraction * 100)) %, \($0.state.name)" } ?? ""
        return """
            <section aria-labelledby="job-title" id="job"\(job == nil ? " hidden" : "")>
            <h2 id="job-title">Plot</h2>
            <p class="error" id="fault" role="alert">\(escapedMarkup(fault))</p>
            <p><strong id="job-name">\(escapedMarkup(job?.name ?? ""))</strong></p>
            <progress id="bar" max="1" value="\(job?.progress.fraction ?? 0)" aria-labelledby="job-title"></progress>
            <p id="progress">\(escapedMarkup(text))</p>
            <div class="acts" id="acts">
            \(button("go", "start", "Start", isMain: true))
            \(button("pause", "pause", "Pause"))
            \(button("cancel", "cancel", "Cancel"))
            <form method="post" action="\(action("reset"))"><button id="reset" hidden>Clear the fault</button></form>
            <p id="pick" class="quiet" hidden>Or go on from another stroke, once the carriage is home: click it on the picture. \
            <span id="picked" role="status"></span> <button id="from" type="button" hidden>Go on from there</button></p>
            <p class="why quiet"><span id="why-go"></span> <span id="why-pause"></span> <span id="why-cancel"></span></p>
            </div>
            \(changeForm)
            <dl id="facts" hidden><dt>Time</dt><dd id="fact-time"></dd><dt>Ink</dt><dd id="fact-ink"></dd>\
            <dt>Travel, pen up</dt><dd id="fact-travel"></dd><dt>Strokes</dt><dd id="fact-strokes"></dd></dl>
            <div id="notes-box" hidden><p class="quiet">About this drawing:</p><ul class="quiet" id="notes"></ul></div>
            </section>
            """
    }

    private var fault: String {
        if case .faulted = device.state { return device.sentence }
        if case .failed(let reason)? = job?.state { return "The plot failed: \(reason)" }
        return ""
    }

    private func button(_ id: String, _ verb: String, _ label: String, isMain: Bool = false) -> String {
        """
        <form method="post" action="\(action(verb))"><button id="\(id)" \
        \(isMain ? "class=\"main\" " : "")aria-describedby="why-\(id)">\(label)</button></form>
        """
    }

    private var drawingSection: String {
        """
        <section aria-labelledby="drawing" >
        <h2 id="drawing" tabindex="-1">Drawing</h2>
        <form method="post" enctype="multipart/form-data" action="\(action("submit"))">
        <div class="field"><label for="file">SVG file (or drop one anywhere on the page)</label>
        <input class="file" id="file" name="drawing" type="file" accept=".svg,image/svg+xml" required></div>
        <div class="field"><label for="fit">Size</label>
        <select id="fit" name="fit"><option value="none">As drawn</option>\
        <option value="shrink">Shrink if too large</option><option value="page">Fill the machine</option></select></div>
        <div class="field"><label class="check"><input type="checkbox" id="hold" name="hold" value="true"\
        \(device.isSimulated ? "" : " checked")> Show the plan first, then wait for Start</label></div>
        <button class="main" id="send" aria-describedby="why-send">Plot this file</button>
        <p class="why quiet" id="why-send"></p>
        </form>
        <form method="post" action="\(action("sample"))" class="apart">
        <button id="sample" aria-describedby="why-sample">Plot a sample drawing</button>
        <p class="why quiet" id="why-sample"></p></form>
        </section>
        """
    }

    private var penSection: String {
        """
        <section aria-labelledby="pen-title">
        <h2 id="pen-title">By hand</h2>
        <div class="acts">
        <form method="post" action="\(action("up"))"><button id="up" aria-describedby="why-up">Pen up</button></form>
        <form method="post" action="\(action("down"))"><button id="down" aria-describedby="why-up">Pen down</button></form>
        <form method="post" action="\(action("release"))"><button id="release" \
        aria-describedby="why-up">Release motors</button></form>
        <p class="why quiet" id="why-up"></p>
        </div>
        </section>
        """
    }

    private var history: String {
        """
        <section aria-labelledby="queue-title" id="queue-box" hidden>
        <h2 id="queue-title">Waiting</h2>
        <ol class="queue" id="queue"></ol>
        </section>
        <section aria-labelledby="history-title" id="history-box" hidden>
        <h2 id="history-title">Earlier plots</h2>
        <table><thead><tr><th scope="col">When</th><th scope="col">Drawing</th><th scope="col">Outcome</th></tr></thead>
        <tbody id="history"></tbody></table>
        </section>
        """
    }
}
