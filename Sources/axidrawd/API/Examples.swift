internal import HTTP
internal import Picture
internal import Text

/// One example of every schema, for the OpenAPI document.
enum Examples {
    /// The example of a schema; nil if there is none, which a test finds.
    static func value(_ schema: String) -> JSONValue? {
        if schema.hasSuffix("List") {
            guard let item = value(schema == "HistoryList" ? "HistoryEntry" : String(schema.dropLast(4))) else {
                return nil
            }
            return .object([("items", .array([item])), ("next", .null)])
        }
        return texts[schema].flatMap { try? JSONReader.read(Array($0.utf8)) }
    }

    /// A drawing of a square.
    static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">\
        <path d="M5 5H55V35H5Z" fill="none" stroke="black"/></svg>
        """

    private static let texts: [String: String] = [
        "Problem": """
        {"type": "/problems/state", "title": "The state forbids it", "status": 409, "detail": "The job is done.",
         "instance": "/v1/jobs/01M8ATMFWZN3BV7GNWAJPWVXX3/pause", "requestId": "01m8atmjya4v7cnpspwnzzs5nw",
         "state": "done", "event": "pause"}
        """,
        "Health": #"{"healthy": true}"#,
        "Ready": #"{"ready": true, "cluster": "none"}"#,
        "Device": """
        {"name": "plot1", "simulated": true, "profile": "axidraw-v3", "firmware": "3.0.3", "simulatedSpeed": null,
         "travelWidthMillimetres": 300, "travelHeightMillimetres": 218, "state": "idle",
         "sentence": "Waiting for the next drawing in the queue.", "job": null,
         "position": {"xMillimetres": 0, "yMillimetres": 0, "penUp": true}, "autoAdvance": false,
         "waitsForPaper": false, "positionUnknown": false, "stopped": false,
         "can": {"stop": true, "start": true, "resume": true, "penUp": false, "penDown": false, "move": false, "bounds": true, "release": false,
          "reset": true, "needsHomed": false},
         "options": {"page": "a4"}, "hindrance": null, "queue": ["01M8ATMFWZN3BV7GNWAJPWVXX3"], "revision": 9}
        """,
        "DeviceChange": #"{"autoAdvance": true, "options": {"page": "a4", "fit": "shrink"}}"#,
        "OptionTable": """
        {"groups": [{"title": "Placement", "options": [{"name": "rotate", "kind": "number", "low": -360, "high": 360,
         "unit": "°", "words": [], "standard": "0", "help": "turn the drawing clockwise",
         "expected": "a number from -360 to 360"}]}]}
        """,
        "Plan": """
        {"strokeCount": 2, "durationSeconds": 3.2, "exact": true, "inks": [[0, "#000000"], [1, "#ff0000"]],
         "starts": [0, 2, 4], "points": [10, 10, 20, 10, 20, 12, 10, 12], "begins": [0.3, 1.4], "ends": [0.9, 2.1],
         "lost": [[20, 12, 900, 12]]}
        """,
        "Job": """
        {"id": "01M8ATMFWZN3BV7GNWAJPWVXX3", "device": "plot1", "name": "square",
         "createdAt": "2026-03-14T09:26:53.589Z", "startedAt": "2026-03-14T09:27:01.206Z", "endedAt": null,
         "state": "plotting", "stop": null, "reason": null, "sentence": "It is being drawn.",
         "can": {"start": false, "pause": true, "resume": false, "cancel": true, "hold": false, "move": false,
          "change": true, "needsHomed": false},
         "source": "api", "copies": 1, "endless": false, "copiesDone": 0,
         "options": {"fit": "page"},
         "progress": {"fraction": 0.25, "strokes": 7, "strokeCount": 30, "remainingSeconds": 107.1},
         "firstStroke": 0, "wholeSeconds": 142.856,
         "summary": {"durationSeconds": 142.856, "penDownMillimetres": 6464.488, "penUpMillimetres": 445.791,
          "penLifts": 30, "strokes": 30, "points": 3382, "commands": 3537,
          "layers": [{"name": "2 red", "colour": "#ff0000",
           "pen": {"number": 2, "colour": "#ff0000", "text": "pen 2, red"}, "strokes": 30, "durationSeconds": 139.1,
           "stop": null}],
          "choices": [{"name": "2 red", "number": 2, "colour": "#ff0000", "wanted": "2 red"}],
          "page": {"xMillimetres": 0, "yMillimetres": 0, "widthMillimetres": 210, "heightMillimetres": 148},
          "ink": {"xMillimetres": 12.5, "yMillimetres": 10, "widthMillimetres": 185, "heightMillimetres": 128}},
         "diagnostics": [{"severity": "warning", "code": "text", "message": "Text is not drawn.", "offset": 120,
          "line": 4, "column": 3, "count": 1}], "revision": 4, "isFinal": false}
        """,
        "Stop": """
        {"kind": "pen", "prompt": "pen 2, red: put it in", "stroke": 12, "layer": "2 red",
         "pen": {"number": 2, "colour": "#ff0000", "text": "pen 2, red"}}
        """,
        "Layer": """
        {"name": "2 red", "colour": "#ff0000", "pen": {"number": 2, "colour": "#ff0000", "text": "pen 2, red"},
         "strokes": 30, "durationSeconds": 139.1, "stop": "pen 2, red: put it in"}
        """,
        "Stroke": #"{"stroke": 118, "strokeCount": 320, "distanceMillimetres": 0.4, "points": [10, 10, 25.5, 10]}"#,
        "JobChange":
            #"{"penDownMillimetresPerSecond": 15, "penUpHeightPercent": 70, "penUpMillimetresPerSecond": null, "options": {"fit": "page", "hatch": null}}"#,
        "HistoryEntry": """
        {"id": "01M8ATMFWZN3BV7GNWAJPWVXX3", "device": "plot1", "name": "square",
         "createdAt": "2026-03-14T09:26:53.589Z", "startedAt": "2026-03-14T09:27:01.206Z",
         "endedAt": "2026-03-14T09:29:24.062Z", "state": "done", "reason": null, "source": "api", "options": {},
         "penDownMillimetres": 6464.488, "penUpMillimetres": 445.791, "durationSeconds": 142.856, "strokes": 30,
         "firmware": "3.0.3"}
        """,
        "Ink": """
        {"device": "plot1", "job": "01M8ATMFWZN3BV7GNWAJPWVXX3", "from": 0, "count": 2,
         "points": [0, 0, 0, 4.88, 4.88, 1]}
        """,
        "Settings": """
        {"listen": ["127.0.0.1:8080"], "hosts": ["studio.example"], "proxies": ["10.0.0.2"], "origins": [],
         "access": "keys", "profile": "axidraw-v3", "firmware": null, "log": "text",
         "limits": {"connections": 1024, "connectionsPerAddress": 256, "memoryMebibytes": 320, "uploadMebibytes": 32,
          "spoolMebibytes": null},
         "webhooks": {"out": [{"name": "museum", "url": "https://museum.example:443/…", "events": ["job.*"]}],
          "allow": ["10.0.0.0/8"], "drawings": []}, "cluster": {"consul": null, "nomad": null}}
        """,
        "PassedPress": """
        {"press": "single", "source": "door", "button": "left", "id": "01M8ATMFWZN3BV7GNWAJPWVXX3", "time": null}
        """,
        "Cluster": """
        {"state": "linked", "message": "Consul at http://127.0.0.1:8500 knows this daemon and 1 plotter.",
         "consul": {"url": "http://127.0.0.1:8500", "linked": true, "trouble": null, "troubleSince": null,
          "lastContactAt": "2026-03-01T10:00:00.000Z", "services": ["axidrawd-studio-8080", "axidrawd-studio-8080-plot1"],
          "keys": {"axidraw_plot1_state": "raised"}}}
        """,
        "SettingsChange":
            #"{"hosts": ["studio.example"], "origins": null, "access": "local", "limits": {"connections": 2048}}"#,
        "Key": """
        {"name": "studio", "role": "operator", "plotter": null, "createdAt": "2026-03-01T10:00:00.000Z",
         "expiresAt": null, "lastUsedAt": null}
        """,
        "ScreenCode": #"{"code": "7K2M9QXA", "token": "…", "expiresInSeconds": 600}"#,
        "ScreenClaim": #"{"token": "…"}"#,
        "ScreenGrant": #"{"code": "7K2M-9QXA", "name": "hall"}"#,
        "ScreenKey": #"{"name": "hall", "role": "viewer"}"#,
        "NewKey": #"{"name": "studio", "key": "axd_…", "path": "/var/lib/axidrawd/keys.json"}"#,
        "Document": #"{"openapi": "3.1.0", "info": {"title": "axidrawd", "version": "1"}, "paths": {}}"#,
        "Reply": #"{"reply": "EBBv13_and_above EB Firmware Version 3.0.3"}"#,
        "Design": """
        {"name": "flow", "summary": "evenly spaced lines that follow a random field", "hasScene": false,
         "parameters": [{"name": "spacing", "summary": "distance between lines, mm", "standard": 2.2, "low": 0.5,
          "high": 20}]}
        """,
        "Press": """
        {"result": "queued", "device": "plot1", "press": "single", "state": "idle",
         "ticket": "01m8atmjxycga4s6b4df85tctf", "product": "vault", "seed": 1795659811774, "waiting": 0}
        """,
        "Installation": """
        {"products": [{"name": "vault", "kind": "tree", "parameters": {"margin": 6}, "history": "vault, 420 commits"}],
         "cycle": ["vault"], "position": 0, "next": "vault", "paper": "endless", "press": "draws",
         "plotters": [{"device": "plot1", "waiting": 0, "places": 10, "next": "vault", "line": [], "current": null}]}
        """,
        "Scene": """
        {"width": 158.75, "height": 158.75, "middle": [79.38, 79.38], "eye": 400,
         "layers": [{"name": "trunk", "colour": "black", "strokes": [[0, 0, 0, 0, 10, 0.5]]}]}
        """,
        "OriginalState": #"{"state": "idle", "id": "plot1"}"#,
        "OriginalPress": #"{"previousState": "raised", "state": "lowered", "id": "plot1"}"#,
        "OriginalOutcome": #"{"success": true, "state": "plotting", "id": "plot1"}"#,
        "OriginalDrawing": #"{"key": "4f1d2c", "svg": "<svg/>"}"#,
    ]
}
