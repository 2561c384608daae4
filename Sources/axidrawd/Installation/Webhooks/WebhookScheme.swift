internal import Foundation
internal import HTTP
internal import Text

/// How a sender signs its messages: over the bytes of the body as they came, with a secret that both sides hold.
enum WebhookScheme: String, Sendable, CaseIterable {
    /// Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    case standard
    /// GitHub: `X-Hub-Signature-256` and `X-GitHub-Delivery`; no time is signed.
    case github
    /// Stripe: `Stripe-Signature: t=…,v1=…`.
    case stripe

    /// What a signature says of a message.
    enum Verdict: Equatable, Sendable {
        /// Signed by the secret, and of now. The message is known by each of `marks`, for so many seconds.
        case genuine(marks: [String], seconds: Int)
        /// Signed by the secret, but so many seconds ago (negative: to come) that it may be a copy.
        case untimely(age: Int)
        case refused
    }

    /// A message counts so many seconds before and after the time that it says.
    static let toleranceSeconds = 300
    /// A message whose time is signed is known again for twice that; longer it need not, since it is untimely then.
    private static let timedSeconds = 2 * toleranceSeconds
    /// GitHub signs no time, so its messages are known again for seven days.
    private static let untimedSeconds = 7 * 24 * 3600
    /// Longest identity of a message.
    private static let longestId = 256

    /// Judges a message.
    ///
    /// - Parameters:
    ///   - keys: the secrets as keys, any of which may have signed.
    ///   - now: Unix time in seconds.
    /// - Complexity: O(keys × (body + signatures)).
    func verdict(_ head: RequestHead, body: [UInt8], keys: [[UInt8]], now: Int) -> Verdict {
        switch self {
        case .standard: Self.standard(head, body, keys, now)
        case .github: Self.github(head, body, keys)
        case .stripe: Self.stripe(head, body, keys, now)
        }
    }

    /// The bytes of a secret that sign; nil for a secret that is none of this scheme.
    func key(_ secret: String) -> [UInt8]? {
        switch self {
        case .standard:
            guard secret.hasPrefix("whsec_") else { return nil }
            let text = String(secret.dropFirst(6))
            guard let data = Data(base64Encoded: text), data.base64EncodedString() == text,
                (24...64).contains(data.count)
            else { return nil }
            return Array(data)
        case .github, .stripe:
            let bytes = Array(secret.utf8)
            return (8...256).contains(bytes.count) && bytes.allSatisfy { (0x20...0x7E).contains($0) } ? bytes : nil
        }
    }

    /// What a secret must be.
    var secretPattern: String {
        switch self {
        case .standard: "whsec_ and 24 to 64 bytes as base64"
        case .github, .stripe: "8 to 256 printable characters"
        }
    }

    /// A secret from these random bytes.
    func secret(_ random: [UInt8]) -> String {
        switch self {
        case .standard, .stripe: "whsec_" + Data(random).base64EncodedString()
        case .github: SHA256.hexadecimal(random)
        }
    }

    // MARK: Schemes

    private static func standard(_ head: RequestHead, _ body: [UInt8], _ keys: [[UInt8]], _ now: Int) -> Verdict {
        guard let id = single("webhook-id", head), isId(id), !id.contains("."),
            let stamp = single("webhook-timestamp", head), let time = seconds(stamp),
            let signatures = single("webhook-signature", head)
        else { return .refused }
        let message = Array("\(id).\(stamp).".utf8) + body
        let sent = signatures.split(separator: " ").filter { $0.hasPrefix("v1,") }.map { $0.dropFirst(3) }
        // The text is compared, so that no other spelling of the same bytes passes.
        guard matches(sent, keys, { Data(HMAC.sha256(key: $0, message)).base64EncodedString() }) else {
            return .refused
        }
        return timed([mark("id", id)], time, now)
    }

    private static func github(_ head: RequestHead, _ body: [UInt8], _ keys: [[UInt8]]) -> Verdict {
        guard let id = single("x-github-delivery", head), isId(id),
            let signature = single("x-hub-signature-256", head), signature.hasPrefix("sha256=")
        else { return .refused }
        let code = signature.dropFirst(7)
        guard matches([code], keys, { SHA256.text(HMAC.sha256(key: $0, body)) }) else { return .refused }
        // The identity is not signed: a copy under another one is known by what it says.
        return .genuine(
            marks: [mark("id", id), mark("body", SHA256.hexadecimal(body))], seconds: untimedSeconds)
    }

    private static func stripe(_ head: RequestHead, _ body: [UInt8], _ keys: [[UInt8]], _ now: Int) -> Verdict {
        guard let field = single("stripe-signature", head) else { return .refused }
        var stamps: [Substring] = []
        var sent: [Substring] = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            if part.hasPrefix("t=") { stamps.append(part.dropFirst(2)) }
            if part.hasPrefix("v1=") { sent.append(part.dropFirst(3)) }
        }
        guard stamps.count == 1, let stamp = stamps.first, let time = seconds(String(stamp)) else { return .refused }
        let message = Array("\(stamp).".utf8) + body
        guard matches(sent, keys, { SHA256.text(HMAC.sha256(key: $0, message)) }) else { return .refused }
        // A repeat is signed anew with its own time; it is known by the event's identity in the body.
        if case .string(let id)? = (try? JSONReader.read(body))?["id"], isId(id) {
            return timed([mark("id", id)], time, now)
        }
        return timed([mark("message", SHA256.hexadecimal(message))], time, now)
    }

    // MARK: Parts

    private static func timed(_ marks: [String], _ time: Int, _ now: Int) -> Verdict {
        guard abs(now - time) <= toleranceSeconds else { return .untimely(age: now - time) }
        return .genuine(marks: marks, seconds: timedSeconds)
    }

    /// Whether any key gives any of the sent codes. Every pair is looked at, each to its end.
    private static func matches(_ sent: [Substring], _ keys: [[UInt8]], _ code: ([UInt8]) -> String) -> Bool {
        var found = false
        for key in keys {
            let right = Array(code(key).utf8)
            for text in sent where SHA256.isEqual(right, Array(text.utf8)) { found = true }
        }
        return found
    }

    /// A field that was sent once.
    private static func single(_ name: String, _ head: RequestHead) -> String? {
        let values = head.values(name)
        return values.count == 1 ? values[0] : nil
    }

    /// Unix seconds as decimal digits without leading zeros.
    private static func seconds(_ text: String) -> Int? {
        guard (1...12).contains(text.utf8.count), let number = ASCII.decimal(text.utf8), String(number) == text else {
            return nil
        }
        return number
    }

    private static func isId(_ text: String) -> Bool {
        (1...longestId).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// What an identity is remembered as: of one length, whatever it was.
    private static func mark(_ kind: String, _ text: String) -> String {
        kind + ":" + SHA256.hexadecimal(text.utf8).prefix(32)
    }
}
