internal import Foundation
internal import HTTP
internal import Text

/// One message as it is posted: the same identity and body on every try.
struct OutgoingMessage: Equatable, Sendable {
    /// `webhook-id`.
    var id: String
    var type: String
    /// When it happened, Unix ms.
    var time: Int
    var body: [UInt8]
    /// What it is known by should the same be found again after a restart; nil where that cannot be.
    var key: String?

    /// A message has at most so many bytes.
    static let longest = 20_000
    /// Texts in it are cut to so many characters.
    static let longestText = 500

    /// - Parameters:
    ///   - key: makes the identity, so that what is found again is the same message.
    ///   - data: texts in it are cut, so that the whole stays short.
    init(type: String, time: Int, key: String? = nil, data: [(String, JSONValue)]) {
        let digest = key.map { SHA256.hexadecimal($0.utf8).prefix(26) }
        id = "msg_" + (digest.map(String.init) ?? Identifier.make())
        self.type = type
        self.time = time
        self.key = key
        let cut = data.map { ($0.0, Self.cut($0.1)) }
        let document = JSONValue.object([
            ("type", .string(type)), ("timestamp", .string(DateText.stamp(unixMilliseconds: time))),
            ("data", .object(cut)),
        ])
        body = document.bytes
        precondition(body.count <= Self.longest, "a message holds a few short members")
    }

    /// What was written down.
    init(id: String, type: String, time: Int, body: [UInt8], key: String?) {
        self.id = id
        self.type = type
        self.time = time
        self.body = body
        self.key = key
    }

    private static func cut(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(String(text.prefix(longestText)))
        case .object(let members): .object(members.prefix(16).map { ($0.0, cut($0.1)) })
        case .array, .null, .bool, .integer, .number: value
        }
    }

    /// The fields by which a receiver knows who sent it (Standard Webhooks 1.0); one signature for each key, newest first.
    ///
    /// - Parameter now: of this try, Unix seconds.
    func fields(keys: [[UInt8]], now: Int) -> [Response.Field] {
        let signed = Array("\(id).\(now).".utf8) + body
        let signatures = keys.map { "v1," + Data(HMAC.sha256(key: $0, signed)).base64EncodedString() }
        return [
            .init("Content-Type", "application/json"), .init("User-Agent", "axidrawd"), .init("webhook-id", id),
            .init("webhook-timestamp", String(now)), .init("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
