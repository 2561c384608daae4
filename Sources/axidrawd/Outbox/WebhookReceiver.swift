internal import HTTP

/// Somebody who is told what happens: an address that messages are posted to.
struct WebhookReceiver: Equatable, Sendable {
    /// For people, and for its secret: 1 to 64 letters, digits or hyphens.
    var name: String
    var location: HTTPLocation
    /// Kinds of message that it gets: whole names, or a word and `.*`; empty = all.
    var events: [String] = []

    /// So many may be configured.
    static let most = 16

    func wants(_ type: String) -> Bool {
        events.isEmpty || events.contains(type)
            || events.contains { $0.hasSuffix(".*") && type.hasPrefix($0.dropLast()) }
    }

    /// Every kind of message that there is.
    static let types = [
        "job.queued", "job.started", "job.paused", "job.resumed", "job.interrupted", "job.finished", "job.failed",
        "job.cancelled", "device.attached", "device.detached", "device.faulted", "device.recovered", "layer.started",
        "layer.finished", "incident.reported", "webhook.test",
    ]

    /// Whether a word of `events` can ever mean anything.
    static func isPattern(_ text: String) -> Bool {
        types.contains {
            WebhookReceiver(name: "", location: .init(.unix(path: ""), target: ""), events: [text]).wants($0)
        }
    }
}

/// What is configured about messages that are sent, and about drawings that are fetched.
struct WebhookPlan: Equatable, Sendable {
    var receivers: [WebhookReceiver] = []
    /// Addresses and ranges of private networks that may be connected to; others than public ones are refused.
    var allowed: [String] = []
    /// What the addresses of drawings begin with that presses may name.
    var drawings: [String] = []

    var addresses: AddressRule { .public(and: allowed) }
}
