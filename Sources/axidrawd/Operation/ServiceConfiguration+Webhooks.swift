internal import HTTP
internal import Text

/// The member `webhooks`: who is told what happens, where in the own network messages and fetches may go, and which
/// drawings a press may name.
extension ServiceConfiguration {
    private static let webhookNames = ["out", "allow", "drawings"]
    private static let receiverNames = ["name", "url", "events"]

    static func webhookPlan(_ value: JSONValue) throws(Reason) -> WebhookPlan {
        var plan = WebhookPlan()
        for (name, value) in try members(value, "webhooks", known: webhookNames) {
            let pointer = "webhooks/" + name
            guard case .array(let items) = value else { throw Reason(pointer: pointer, text: "\(name) must be a list") }
            switch name {
            case "out": plan.receivers = try receivers(items, pointer)
            case "allow":
                plan.allowed = try texts(items, pointer)
                if let wrong = plan.allowed.first(where: { AddressRange($0) == nil }) {
                    throw Reason(
                        pointer: pointer,
                        text: "\(quoted(wrong)) is no address such as 10.0.0.2, no range such as 10.0.0.0/8")
                }
            default:
                plan.drawings = try texts(items, pointer)
                if let wrong = plan.drawings.first(where: { !isWebAddress($0) || !$0.hasSuffix("/") }) {
                    throw Reason(
                        pointer: pointer,
                        text: "\(quoted(wrong)) is no beginning of addresses such as \"https://example.org/drawings/\"")
                }
            }
        }
        return plan
    }

    /// Where drawings may be fetched from.
    var drawingSources: DrawingSources {
        DrawingSources(
            prefixes: (webhooks?.drawings ?? []).compactMap(HTTPLocation.init), allowed: webhooks?.allowed ?? [],
            limit: limits(over: HTTPLimits()).drawingBody)
    }

    private static func receivers(_ items: [JSONValue], _ pointer: String) throws(Reason) -> [WebhookReceiver] {
        guard items.count <= WebhookReceiver.most else {
            throw Reason(pointer: pointer, text: "at most \(WebhookReceiver.most) receivers can be named")
        }
        var receivers: [WebhookReceiver] = []
        for (index, item) in items.enumerated() {
            let place = "\(pointer)/\(index)"
            let receiver = try receiver(item, place)
            guard !receivers.contains(where: { $0.name == receiver.name }) else {
                throw Reason(pointer: place + "/name", text: "there are two receivers named \(quoted(receiver.name))")
            }
            receivers.append(receiver)
        }
        return receivers
    }

    private static func receiver(_ item: JSONValue, _ place: String) throws(Reason) -> WebhookReceiver {
        var (name, address): (String?, String?)
        var events: [String] = []
        for (member, value) in try members(item, place, known: receiverNames) {
            let pointer = "\(place)/\(member)"
            switch (member, value) {
            case ("name", .string(let text)) where ButtonDecoder.isSource(text): name = text
            case ("name", _): throw Reason(pointer: pointer, text: "name must be 1 to 64 letters, digits or hyphens")
            case ("url", .string(let text)) where isWebAddress(text): address = text
            case ("url", _):
                throw Reason(pointer: pointer, text: "url must be http:// or https://, a host, and what follows it")
            case (_, .array(let items)):
                events = try texts(items, pointer)
                guard let wrong = events.first(where: { !WebhookReceiver.isPattern($0) }) else { continue }
                let meant =
                    nearest(wrong, in: WebhookReceiver.types).map { "did you mean \($0)?" }
                    ?? "known are \(WebhookReceiver.types.joined(separator: ", "))"
                throw Reason(pointer: pointer, text: "\(quoted(wrong)) is no event; \(meant)")
            default: throw Reason(pointer: pointer, text: "events must be a list")
            }
        }
        guard let name else { throw Reason(pointer: place, text: "a receiver needs a name") }
        guard let location = address.flatMap(HTTPLocation.init) else {
            throw Reason(pointer: place, text: "the receiver \(name) needs a url")
        }
        return WebhookReceiver(name: name, location: location, events: events)
    }

    static func isWebAddress(_ text: String) -> Bool { text.hasPrefix("http") && HTTPLocation(text) != nil }

    static func members(
        _ value: JSONValue, _ pointer: String, known: [String]
    ) throws(Reason) -> [(String, JSONValue)] {
        guard case .object(let members) = value else {
            throw Reason(pointer: pointer, text: "\(pointer) must be an object { … }")
        }
        if let stranger = members.first(where: { !known.contains($0.0) }) {
            throw unknown(stranger.0, pointer: "\(pointer)/\(stranger.0)", known: known)
        }
        return members
    }

    static func texts(_ items: [JSONValue], _ pointer: String) throws(Reason) -> [String] {
        try items.map { item throws(Reason) in
            guard case .string(let text) = item, !text.isEmpty else {
                throw Reason(pointer: pointer, text: "there must be texts in the list")
            }
            return text
        }
    }
}

extension WebhookPlan {
    /// As it is shown: what follows the server in an address may be a secret of it.
    var json: JSONValue {
        func list(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }
        return .object([
            (
                "out",
                .array(
                    receivers.map { receiver in
                        let rest = receiver.location.target.utf8.count > 1 ? "/…" : receiver.location.target
                        return .object([
                            ("name", .string(receiver.name)), ("url", .string(receiver.location.origin + rest)),
                            ("events", list(receiver.events)),
                        ])
                    })
            ),
            ("allow", list(allowed)), ("drawings", list(drawings)),
        ])
    }
}
