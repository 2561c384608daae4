internal import Text

/// One thing that happened to what is owed, as it is written down.
enum OutboxRecord: Equatable, Sendable {
    /// From when on things are told, Unix ms.
    case began(Int)
    case added(OutgoingMessage, receiver: String)
    /// A message with this key was made, whoever has it.
    case made(key: String)
    case tried(id: String, receiver: String, tries: Int, due: Int)
    /// Delivered, or given up.
    case done(id: String, receiver: String)
    case off(receiver: String, address: String, isEmptied: Bool)
    case on(receiver: String)
    case forgotten(receiver: String)

    var json: JSONValue {
        func made(_ event: String, _ members: [(String, JSONValue)]) -> JSONValue {
            .object([("event", .string(event))] + members)
        }
        func to(_ receiver: String) -> (String, JSONValue) { ("receiver", .string(receiver)) }
        return switch self {
        case .began(let time): made("began", [("time", .integer(time))])
        case .added(let message, let receiver):
            made(
                "added",
                [
                    to(receiver), ("id", .string(message.id)), ("type", .string(message.type)),
                    ("time", .integer(message.time)), ("key", message.key.map { .string($0) } ?? .null),
                    ("body", .string(String(decoding: message.body, as: UTF8.self))),
                ])
        case .made(let key): made("made", [("key", .string(key))])
        case .tried(let id, let receiver, let tries, let due):
            made("tried", [to(receiver), ("id", .string(id)), ("tries", .integer(tries)), ("due", .integer(due))])
        case .done(let id, let receiver): made("done", [to(receiver), ("id", .string(id))])
        case .off(let receiver, let address, let isEmptied):
            made("off", [to(receiver), ("address", .string(address)), ("emptied", .bool(isEmptied))])
        case .on(let receiver): made("on", [to(receiver)])
        case .forgotten(let receiver): made("forgotten", [to(receiver)])
        }
    }

    /// Nil for what is damaged, or of another program.
    init?(_ value: JSONValue) {
        func text(_ name: String) -> String? { if case .string(let text)? = value[name] { text } else { nil } }
        func number(_ name: String) -> Int? { if case .integer(let number)? = value[name] { number } else { nil } }
        guard let event = text("event") else { return nil }
        switch (event, text("receiver"), text("id")) {
        case ("began", _, _):
            guard let time = number("time") else { return nil }
            self = .began(time)
        case ("made", _, _):
            guard let key = text("key") else { return nil }
            self = .made(key: key)
        case ("added", let receiver?, let id?):
            guard let type = text("type"), let time = number("time"), let body = text("body") else { return nil }
            let message = OutgoingMessage(id: id, type: type, time: time, body: Array(body.utf8), key: text("key"))
            self = .added(message, receiver: receiver)
        case ("tried", let receiver?, let id?):
            guard let tries = number("tries"), let due = number("due"), (0...100).contains(tries) else { return nil }
            self = .tried(id: id, receiver: receiver, tries: tries, due: due)
        case ("done", let receiver?, let id?): self = .done(id: id, receiver: receiver)
        case ("off", let receiver?, _):
            guard let address = text("address") else { return nil }
            self = .off(receiver: receiver, address: address, isEmptied: value["emptied"] == .bool(true))
        case ("on", let receiver?, _): self = .on(receiver: receiver)
        case ("forgotten", let receiver?, _): self = .forgotten(receiver: receiver)
        default: return nil
        }
    }
}
