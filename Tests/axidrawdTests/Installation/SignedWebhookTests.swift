internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Signed messages at a daemon: who is let in, and that each counts once.
@Suite(.serialized) struct SignedWebhookTests {
    private static let secret = WebhookScheme.standard.secret(Array(1...32))

    /// Header fields of a message, signed now.
    private static func signed(_ id: String, _ body: String, at seconds: Int? = nil) -> String {
        let stamp = String(seconds ?? Int(Date().timeIntervalSince1970))
        let key = WebhookScheme.standard.key(secret) ?? []
        let code = Data(HMAC.sha256(key: key, Array("\(id).\(stamp).\(body)".utf8))).base64EncodedString()
        return "webhook-id: \(id)\r\nwebhook-timestamp: \(stamp)\r\nwebhook-signature: v1,\(code)\r\n"
            + "Content-Type: application/json\r\n"
    }

    private static func plan() -> InstallationPlan { InstallationPlan.small(paper: .endless) }

    private func idle(_ server: TestDaemon) async throws {
        _ = try await server.wait(for: "/state/plot1") { $0["state"] == .string("idle") }
    }

    private func result(_ answer: (status: Int, head: String, body: String)) -> String {
        guard answer.status == 200, let value = try? JSONReader.read(Array(answer.body.utf8)),
            case .string(let word)? = value["result"]
        else { return String(answer.status) }
        return word
    }

    @Test func aSignedMessageIsOnePressAlsoAfterARestart() async throws {
        let folder = try TemporaryFolder()
        try WebhookSourceFile(folder: folder.root.path).change { sources in
            sources.append(
                WebhookSource(source: "hub", scheme: .standard, secrets: [Self.secret], plotter: "plot1"))
        }
        let body = #"{"type":"door.opened"}"#
        let fields = Self.signed("msg_1", body)
        do {
            let server = try TestDaemon(
                installation: Self.plan(), installationFolder: folder.path("installation"),
                keyFile: KeyFile(path: folder.path("keys.json")))
            try await idle(server)
            // A key of an operator, or coming from this machine, is no signature.
            #expect(result(try await server.ask("POST", "/v1/webhooks/hub?press=single&device=plot1")) == "401")
            let stale = Self.signed("msg_0", body, at: Int(Date().timeIntervalSince1970) - 400)
            for wrong in [
                stale, fields.replacing("msg_1", with: "msg_2"), fields + "webhook-id: msg_1\r\n",
                fields.replacing("webhook-signature", with: "x-signature"),
            ] {
                let answer = try await server.ask("POST", "/v1/webhooks/hub", wrong, body: body)
                #expect(answer.status == 401 && answer.body.contains("not rightly"), "\(answer.body)")
            }
            // Fifty copies at once: all are sent before the first answer is read.
            let copies = try (0..<50).map { _ in
                let client = try RawClient(port: server.port)
                client.send(
                    "POST /v1/webhooks/hub HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                return client
            }
            var results: [String] = []
            for copy in copies {
                let text = await copy.receiveAll()
                results.append(
                    result((statuses(text).first ?? 0, "", text.components(separatedBy: "\r\n\r\n").last ?? "")))
            }
            #expect(results.count { $0 == "queued" } == 1 && results.count { $0 == "repeated" } == 49, "\(results)")
            // Another message in the same second is another press.
            let second = try await server.ask("POST", "/v1/webhooks/hub", Self.signed("msg_2", body), body: body)
            #expect(result(second) == "queued")
            // What is not signed goes on by key, or locally.
            #expect(result(try await server.ask("POST", "/v1/webhooks/plain?press=single&device=plot1")) == "queued")
            await server.stop()
        }
        let again = try TestDaemon(
            installation: Self.plan(), installationFolder: folder.path("installation"),
            keyFile: KeyFile(path: folder.path("keys.json")))
        try await idle(again)
        #expect(result(try await again.ask("POST", "/v1/webhooks/hub", fields, body: body)) == "repeated")
        #expect(try await again.json("GET", "/v1/installation")["position"] == .integer(3))
        await again.stop()
    }

    @Test func kindsOfMessageThatDoNotPressAreNoted() async throws {
        let folder = try TemporaryFolder()
        let secret = "It's a Secret to Everybody"
        try WebhookSourceFile(folder: folder.root.path).change { sources in
            sources.append(
                WebhookSource(
                    source: "github", scheme: .github, secrets: [secret], plotter: "plot1", events: ["push"]))
        }
        let server = try TestDaemon(installation: Self.plan(), keyFile: KeyFile(path: folder.path("keys.json")))
        try await idle(server)
        func deliver(_ event: String, _ id: String, _ body: String) async throws -> String {
            let code = SHA256.text(HMAC.sha256(key: Array(secret.utf8), Array(body.utf8)))
            let fields =
                "X-GitHub-Event: \(event)\r\nX-GitHub-Delivery: \(id)\r\nX-Hub-Signature-256: sha256=\(code)\r\n"
                + "Content-Type: application/json\r\n"
            return result(try await server.ask("POST", "/v1/webhooks/github", fields, body: body))
        }
        #expect(try await deliver("ping", "a", #"{"zen":"quiet"}"#) == "noted")
        #expect(try await deliver("star", "b", #"{"n":1}"#) == "noted")
        #expect(try await deliver("push", "c", #"{"n":2}"#) == "queued")
        #expect(try await deliver("push", "c", #"{"n":2}"#) == "repeated")
        // GitHub signs no identity, so a copy comes under any.
        #expect(try await deliver("push", "d", #"{"n":2}"#) == "repeated")
        await server.stop()
    }

    @Test func whoHasNoKeyAndNoSignatureIsNotLetIn() async throws {
        var access = Access()
        access.rule = .keys
        let server = try TestDaemon(access: access, installation: Self.plan())
        let answer = try await server.ask("POST", "/v1/webhooks/plain?press=single&device=plot1")
        #expect(answer.status == 401 && answer.head.contains("WWW-Authenticate: Bearer"))
        await server.stop()
    }

    @Test func theFileKeepsItsSecretsToItself() throws {
        let folder = try TemporaryFolder()
        let file = WebhookSourceFile(folder: folder.root.path)
        let sender = WebhookSource(
            source: "hub", scheme: .standard, secrets: [Self.secret], plotter: nil, events: ["a"])
        try file.change { $0.append(sender) }
        #expect(try file.read() == [sender])
        #expect(!sender.shown.text.contains("whsec_"))
        let mode = try FileManager.default.attributesOfItem(atPath: file.file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.file.path)
        #expect(throws: KeyFile.Failure.exposed(path: file.file.path, mode: 0o644)) { try file.read() }
        // What cannot be read lets nobody in.
        let sources = WebhookSources(file.place, log: .silent)
        #expect(throws: Problem.self) { try sources.source("hub") }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.file.path)
        #expect(try sources.source("hub") == sender)
    }
}
