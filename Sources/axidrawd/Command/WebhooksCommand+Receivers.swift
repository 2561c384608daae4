internal import Foundation
internal import HTTP
internal import Text

/// The bodies of `webhooks secret` and `webhooks test`: what concerns those who are told.
extension WebhooksCommand {
    static func secret(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        guard ButtonDecoder.isSource(name) else {
            throw UsageError.badValue(name: "RECEIVER", value: name, expected: "1 to 64 letters, digits or hyphens")
        }
        if invocation.isOn("new"), invocation.isOn("old") {
            throw UsageError.conflict("--new and --old exclude each other")
        }
        let (folder, owner) = try folder(invocation)
        let file = WebhookSecretFile(folder: folder)
        var secrets: [String] = []
        let code = trying(console) { () throws(KeyFile.Failure) in
            secrets = try file.secrets(
                of: name, invocation.isOn("new") ? .add : invocation.isOn("old") ? .keepNewest : .nothing)
        }
        guard code == .success else { return code }
        try console.result((secrets.first ?? "") + "\n")
        let count = secrets.count == 1 ? "it alone signs" : "\(secrets.count) sign"
        console.note("of the receiver \(name) of \(owner), in \(file.file.path); \(count)")
        return .success
    }

    static func test(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let environment = ProcessInfo.processInfo.environment
        let path =
            invocation.text("config") ?? DaemonPaths(environment: environment, isSimulated: false).configurationFile
        let plan: WebhookPlan
        do throws(ServiceConfiguration.Failure) {
            plan = try ServiceConfiguration.file(path).webhooks ?? WebhookPlan()
        } catch {
            console.fail(error.description)
            return .configuration
        }
        let word = invocation.positionals[0]
        let listed = plan.receivers.first { $0.name == word || $0.location == HTTPLocation(word) }
        guard let location = listed?.location ?? HTTPLocation(word) else {
            let known = plan.receivers.map(\.name).joined(separator: ", ")
            console.fail(
                "\(quoted(word)) is no address, and \(path) names no such receiver"
                    + (known.isEmpty ? "" : "; known are \(known)"))
            return .usage
        }
        var secret = WebhookScheme.standard.secret((0..<32).map { _ in .random(in: 0...255) })
        if let listed {
            let file = WebhookSecretFile(folder: try folder(invocation).0)
            let code = trying(console) { () throws(KeyFile.Failure) in
                secret = try file.secrets(of: listed.name).first ?? secret
            }
            guard code == .success else { return code }
        } else {
            console.note("signed with \(secret)")
        }
        let now = Int(Date().timeIntervalSince1970 * 1000)
        let message = OutgoingMessage(
            type: "webhook.test", time: now, data: [("message", .string("A test, sent by a person."))])
        let outcome = Outbox.attempt(
            message, location, keys: [secret].compactMap(WebhookScheme.standard.key), rule: plan.addresses,
            patience: 15_000, now: now)
        return try say(outcome, message, location, console)
    }

    private static func say(
        _ outcome: DeliveryOutcome, _ message: OutgoingMessage, _ location: HTTPLocation, _ console: Console
    ) throws -> ExitCode {
        switch outcome {
        case .delivered:
            try console.result("\(message.id) delivered to \(location.origin)\n")
            return .success
        case .gone:
            console.fail("\(location.origin) answers 410: it wants nothing any more; the daemon would switch it off")
        case .later(_, let reason):
            console.fail("\(location.origin) has not taken it: \(reason); the daemon would try again")
        case .refused(_, let reason):
            console.fail("\(location.origin) has not taken it: \(reason)")
        case .forbidden(let reason):
            console.fail("nothing was sent to \(location.origin): \(reason)")
        }
        return .failure
    }
}
