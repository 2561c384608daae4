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
    var body: [UInt8] = []
    /// What it is known by should the same be found again after a restart; nil where that cannot be.
    var key: String?

    /// A message has at most so many bytes.
    static let longest = 20_000
    /// Texts in it are cut to so many bytes, of UTF-8; the later ones are for messages of many long texts.
    private static let longestTexts = [500, 80, 8]

    /// - Parameters:
    ///   - key: makes the identity, so that what is found again is the same message.
    ///   - data: texts in it are cut, so that the whole stays short.
    init(type: String, time: Int, key: String? = nil, data: [(String, JSONValue)]) {
        let digest = key.map { SHA256.hexadecimal($0.utf8).prefix(26) }
        id = "msg_" + (digest.map(String.init) ?? Identifier.make())
        self.type = type
        self.time = time
        self.key = key
        let fixed: [(String, JSONValue)] = [
            ("type", .string(type)), ("timestamp", .string(DateText.stamp(unixMilliseconds: time))),
        ]
        // Escaped, a text may be six times as long: what is too long still is cut further.
        for limit in Self.longestTexts {
            body = JSONValue.object(fixed + [("data", .object(data.map { ($0.0, Self.cut($0.1, to: limit)) }))]).bytes
            if body.count <= Self.longest { return }
        }
        body = JSONValue.object(fixed + [("data", .object([]))]).bytes
    }

    /// What was written down.
    init(id: String, type: String, time: Int, body: [UInt8], key: String?) {
        self.id = id
        self.type = type
        self.time = time
        self.body = body
        self.key = key
    }

    private static func cut(_ value: JSONValue, to limit: Int) -> JSONValue {
        switch value {
        case .string(let text): return .string(cut(text, to: limit))
        case .object(let members): return .object(members.prefix(16).map { ($0.0, cut($0.1, to: limit)) })
        case .array, .null, .bool, .integer, .number: return value
        }
    }

    /// Whole characters of Unicode only; one that people see as one may consist of any number of them.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var (kept, bytes) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            bytes += scalar.utf8.count
            if bytes > limit { break }
            kept.append(scalar)
        }
        return String(kept)
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
