internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// From a press, in the words of every vendor, to a finished plot on a virtual board with its preview.
@Suite(.serialized) struct WebhookTests {
    private static let json = "Content-Type: application/json\r\n"

    private static func plan(_ buttons: [InstallationPlan.Button] = []) -> InstallationPlan {
        var plan = InstallationPlan.small(paper: .endless)
        plan.buttons = buttons
        return plan
    }

    /// What a vendor's sender does for one press of the button `b1`.
    private struct Sender {
        var source: String
        var method = "POST"
        var query = ""
        var body = ""
    }

    private static let senders = [
        Sender(
            source: "aws-iot", body: #"{"serialNumber":"b1","batteryVoltage":"1615mV","clickType":"SINGLE"}"#),
        Sender(
            source: "aws-1-click",
            body:
                #"{"deviceEvent":{"buttonClicked":{"clickType":"SINGLE"}},"deviceInfo":{"deviceId":"b1","remainingLife":5.0}}"#
        ),
        Sender(source: "flic", body: #"{"bdaddr":"b1","isSingleClick":true,"isDoubleClick":false,"isHold":false}"#),
        Sender(source: "shelly", method: "GET", query: "?device=b1&event=input.button_push"),
        Sender(source: "home-assistant", body: #"{"press":"single","device":"b1"}"#),
        Sender(source: "esphome", body: #"{"press":"single","device":"b1"}"#),
        Sender(source: "my-button", method: "GET", query: "?press=single&device=b1"),
    ]

    private func idle(_ server: TestDaemon, _ plotter: String = "plot1") async throws {
        _ = try await server.wait(for: "/state/\(plotter)") { $0["state"] == .string("idle") }
    }

    @Test func everyVendorsPressIsDrawn() async throws {
        let server = try TestDaemon(
            installation: Self.plan([.init(source: nil, device: "b1", plotter: "plot1")]))
        try await idle(server)
        for (count, sender) in Self.senders.enumerated() {
            let answer = try await server.ask(
                sender.method, "/v1/webhooks/\(sender.source)\(sender.query)", sender.body.isEmpty ? "" : Self.json,
                body: sender.body)
            #expect(answer.status == 200, "\(sender.source): \(answer.body)")
            let said = try JSONReader.read(Array(answer.body.utf8))
            #expect(said["result"] == .string("queued") && said["device"] == .string("plot1"), "\(answer.body)")
            let jobs = try await server.wait(for: "/v1/devices/plot1/jobs") { jobs in
                guard case .array(let items)? = jobs["items"] else { return false }
                return items.count == count + 1 && items.allSatisfy { $0["state"] == .string("done") }
            }
            guard case .array(let items)? = jobs["items"], case .string(let id)? = items.first?["id"] else {
                Issue.record("\(sender.source) is not drawn")
                return
            }
            #expect(try await server.ask("GET", "/v1/jobs/\(id)/preview.svg").body.contains("<path"))
            let show = try await server.wait(for: "/v1/installation") { show in
                guard case .array(let plotters)? = show["plotters"] else { return false }
                return plotters[0]["current"]?["job"] == .string(id)
                    && plotters[0]["current"]?["isDone"] == .bool(true)
            }
            #expect(show["position"] == .integer(count + 1))
        }
        let ink = try await server.wait(for: "/v1/devices/plot1/ink") {
            $0["count"].map { $0 != .integer(0) } ?? false
        }
        #expect(ink["count"].map { $0 != .integer(0) } ?? false)
        // The same press again within a second counts once.
        let press = #"{"press":"single","device":"b1","id":"twice"}"#
        let answers = try await [
            server.json("POST", "/v1/webhooks/x", Self.json, body: press),
            server.json("POST", "/v1/webhooks/x", Self.json, body: press),
        ]
        #expect(answers.map { $0["result"] } == [.string("queued"), .string("repeated")])
    }

    @Test func aSecretAddressPressesItsOwnPlotterOnly() async throws {
        let credentials = CredentialTable()
        let secret = "axb_\(String(repeating: "s", count: 43))"
        credentials.replaceKeys([
            .init(
                name: "door", role: .viewer, hash: SHA256.digest(secret.utf8), created: "", expires: nil,
                plotter: "plot2")
        ])
        let server = try TestDaemon(simulated: 2, credentials: credentials, installation: Self.plan())
        try await idle(server, "plot2")
        let answer = try await server.json("GET", "/v1/webhooks/shelly/\(secret)?press=single&device=plot1")
        #expect(answer["device"] == .string("plot2") && answer["result"] == .string("queued"))
        // It is no key for anything else.
        let asKey = try await server.ask("GET", "/v1/devices", "Authorization: Bearer \(secret)\r\n")
        #expect(asKey.status == 401)
        let wrong = try await server.ask("GET", "/v1/webhooks/shelly/axb_wrong?press=single")
        #expect(wrong.status == 404 && !wrong.body.contains("axb_wrong"))
        // Revoked is gone.
        credentials.replaceKeys([])
        #expect(try await server.ask("GET", "/v1/webhooks/shelly/\(secret)?press=single").status == 404)
    }

    @Test func saysWhatIsWrongAndDoesNothing() async throws {
        let server = try TestDaemon(installation: Self.plan())
        try await idle(server)
        let cases: [(String, String, Int)] = [
            ("plain?press=single&device=nobody", "", 404), ("plain?press=single", "", 404),
            ("plain?device=plot1", "", 422), ("plain?press=treble&device=plot1", "", 422),
            ("plain", "{", 400), ("a.b?press=single&device=plot1", "", 404),
            ("aws-iot", #"{"serialNumber":"plot1"}"#, 422), ("plain?press=long&device=plot1", "", 409),
        ]
        for (target, body, status) in cases {
            let answer = try await server.ask(
                "POST", "/v1/webhooks/\(target)", body.isEmpty ? "" : Self.json, body: body)
            #expect(answer.status == status, "\(target): \(answer.body)")
            #expect(answer.head.contains("application/problem+json"))
        }
        let health = #"{"deviceEvent":{"deviceHealthMonitor":{}},"deviceInfo":{"deviceId":"plot1","remainingLife":3}}"#
        let noted = try await server.json("POST", "/v1/webhooks/aws-1-click", Self.json, body: health)
        #expect(noted["result"] == .string("noted"))
        let old = #"{"press":"single","device":"plot1","at":"2018-05-04T23:26:33.747Z"}"#
        #expect(try await server.json("POST", "/v1/webhooks/plain", Self.json, body: old)["result"] == .string("old"))
        #expect(try await server.json("GET", "/v1/installation")["position"] == .integer(0))
        #expect(try await server.json("GET", "/state/plot1")["state"] == .string("idle"))
        // A page of another site cannot press through a picture.
        let foreign = try await server.ask(
            "GET", "/v1/webhooks/plain?press=single&device=plot1", "Sec-Fetch-Site: cross-site\r\n")
        #expect(foreign.status == 403)
        for path in ["/v1/products/none/scene.json", "/preview/plot9", "/preview?plotter=plot9"] {
            #expect(try await server.ask("GET", path).status == 404, "\(path)")
        }
    }

    @Test func screensAndPagesNeedNothingFromElsewhere() async throws {
        let server = try TestDaemon(installation: Self.plan())
        try await idle(server)
        for path in ["/preview/plot1", "/preview?plotter=plot1", "/preview", "/installation"] {
            let page = try await server.ask("GET", path, "Accept: text/html\r\n")
            #expect(page.status == 200 && page.head.contains("Content-Security-Policy: default-src 'none'"))
            #expect(page.body.contains("SIMULATED"), "\(path)")
            #expect(!page.body.contains("http://") && !page.body.contains("https://") && !page.body.contains("=\"/"))
            let top = path.hasPrefix("/preview/") ? "../" : ""
            #expect(page.body.contains("src=\"\(top)\(path.hasPrefix("/pre") ? "preview" : "installation").js\""))
        }
        for (path, type) in [
            ("/preview.js", "text/javascript"), ("/preview.css", "text/css"), ("/installation.js", "text/javascript"),
        ] {
            let file = try await server.ask("GET", path)
            #expect(file.status == 200 && file.head.contains("Content-Type: \(type)"))
        }
        let scene = try await server.json("GET", "/v1/products/ant/scene.json?seed=4")
        #expect(
            SchemaValidator(document: try await server.json("GET", "/v1/openapi.json")).faults(scene, schema: "Scene")
                == [])
        let drawing = try await server.ask("GET", "/v1/products/bee/drawing.svg?seed=4")
        #expect(drawing.status == 200 && drawing.body.contains("<title>bee 4</title>"))
        // The page's own buttons, without script.
        let pressed = try await server.ask("POST", "/installation/plot1/single", "Accept: text/html\r\n")
        #expect(pressed.status == 200 && pressed.body.contains("ant is being drawn at plot1."))
        #expect(try await server.ask("POST", "/installation/plot1/treble").status == 404)
    }

    @Test func aTabletComesInWithAKey() async throws {
        let credentials = CredentialTable()
        credentials.replaceKeys([
            .init(name: "tablet", role: .viewer, hash: SHA256.digest("axd_t".utf8), created: "", expires: nil)
        ])
        let server = try TestDaemon(credentials: credentials, installation: Self.plan())
        // As a proxy forwards it, so that it is not local.
        let remote = "X-Forwarded-For: 10.0.0.7\r\n"
        #expect(try await server.ask("GET", "/preview/plot1", remote).status == 401)
        // A browser is shown where to give it.
        let browser = remote + "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
        for (path, place) in [
            ("/", "./login"), ("/?device=plot1", "./login?to=%3fdevice%3dplot1"),
            ("/installation", "./login?to=installation"),
            ("/preview/plot1", "../login?to=preview%2fplot1"),
        ] {
            let answer = try await server.ask("GET", path, browser)
            #expect(answer.status == 303 && answer.head.contains("\r\nLocation: \(place)\r\n"), "\(answer.head)")
        }
        for (method, path, fields) in [
            ("GET", "/v1/jobs", browser), ("POST", "/installation/plot1/single", browser),
            ("GET", "/", browser + "Authorization: Bearer axd_wrong\r\n"), ("GET", "/", remote),
        ] {
            #expect(try await server.ask(method, path, fields).status == 401, "\(method) \(path)")
        }
        let page = try await server.ask("GET", "/login?to=preview/plot1", remote)
        #expect(page.status == 200 && page.body.contains("login.js") && !page.body.contains("=\"/"))
        #expect(try await server.ask("GET", "/login.js", remote).body.contains("v1/session"))
        let session = try await server.ask("POST", "/v1/session", remote + "Authorization: Bearer axd_t\r\n")
        #expect(session.status == 204)
        let token = session.head.components(separatedBy: "axidrawd=")[1].prefix { $0 != ";" }
        let cookie = "Cookie: axidrawd=\(token)\r\n"
        #expect(try await server.ask("GET", "/preview/plot1", remote + cookie).status == 200)
        // A viewer looks; it does not press.
        let origin = "Origin: http://localhost\r\n"
        #expect(try await server.ask("POST", "/single/plot1", remote + cookie + origin).status == 403)
    }

    @Test func readsAnInstallationFile() throws {
        let text = """
            {
              // three of them
              "products": [
                {"name": "waves", "kind": "flow", "parameters": {"width": 100, "height": 100}},
                {"name": "ours", "kind": "tree", "history": "ours.json"}
              ],
              "cycle": ["waves", "ours", "waves"],
              "buttons": [{"source": "shelly", "device": "kitchen", "plotter": "plot1"}],
              "places": 4, "paper": "endless", "press": "draws"
            }
            """
        func read(_ text: String) throws(InstallationPlan.Failure) -> InstallationPlan {
            try InstallationPlan(Array(text.utf8), path: "i.json") { name throws(DesignError) in
                guard name == "ours.json" else { throw .badHistory(reason: "no \(name)") }
                return .sample
            }
        }
        let plan = try read(text)
        // A file of before.
        #expect(try read(text.replacing(", \"press\": \"draws\"", with: "")).press == .machine)
        #expect(plan.products.map(\.name) == ["waves", "ours"] && plan.cycle == ["waves", "ours", "waves"])
        #expect(plan.buttons == [.init(source: "shelly", device: "kitchen", plotter: "plot1")])
        #expect(
            plan.places == 4 && plan.paper == .endless && plan.press == .draws
                && plan.product("ours")?.history == .sample)
        let wrong: [(String, String, Int)] = [
            ("\"places\": 4", "\"places\": 0", 9), ("\"flow\"", "\"flaw\"", 4), ("\"width\": 100", "\"wide\": 100", 4),
            ("\"waves\", \"ours\"", "\"waves\", \"theirs\"", 7), ("\"ours.json\"", "\"none.json\"", 5),
            ("\"paper\"", "\"papers\"", 9), ("\"endless\"", "\"endles\"", 9), ("\"draws\"", "\"drawn\"", 9),
            ("\"name\": \"ours\"", "\"name\": \"waves\"", 5),
            ("\"device\"", "\"devise\"", 8), ("\"cycle\": [", "\"cycle\": 3, [", 7),
        ]
        for (part, other, line) in wrong {
            do throws(InstallationPlan.Failure) {
                _ = try read(text.replacing(part, with: other))
                Issue.record("taken: \(other)")
            } catch { #expect(error.line == line, "\(other): \(error)") }
        }
        let page = try String(
            contentsOf: packageDirectory.appendingPathComponent("docs/installation.md"), encoding: .utf8)
        let example = page.components(separatedBy: "```json\n")[1].components(separatedBy: "```")[0]
        let documented = try InstallationPlan(Array(example.utf8), path: "page") { _ throws(DesignError) in .sample }
        #expect(documented.products.count == 2 && documented.buttons.count == 1)
        let original = InstallationPlan.original
        #expect(original.cycle == ["vagrant", "packer", "consul", "terraform", "vault", "nomad"])
        for product in original.products { try product.check() }
    }
}
