internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// The schemes against their published vectors, and every small change of a signed message.
struct WebhookSchemeTests {
    /// A signed message as it would come.
    struct Message {
        var scheme: WebhookScheme
        var secret: String
        var fields: [RequestHead.Field]
        var body: String
        var now: Int

        func verdict(secrets: [String]? = nil, now: Int? = nil) throws -> WebhookScheme.Verdict {
            let target = try RequestTarget("/v1/webhooks/x"[...].utf8.map(\.self)[...], method: "POST")
            let head = RequestHead(method: "POST", target: target, minorVersion: 1, fields: fields)
            return scheme.verdict(
                head, body: Array(body.utf8), keys: (secrets ?? [secret]).compactMap(scheme.key), now: now ?? self.now)
        }

        func isGenuine() throws -> Bool { if case .genuine = try verdict() { true } else { false } }
    }

    /// Of the Standard Webhooks 1.0 specification's reference libraries.
    static let standard = Message(
        scheme: .standard, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        fields: [
            .init(name: "webhook-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            .init(name: "webhook-timestamp", value: "1614265330"),
            .init(name: "webhook-signature", value: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ], body: #"{"test": 2432232314}"#, now: 1_614_265_400)

    /// Of GitHub's documentation of webhook deliveries; the delivery's identity is of no matter there.
    static let github = Message(
        scheme: .github, secret: "It's a Secret to Everybody",
        fields: [
            .init(name: "x-github-delivery", value: "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            .init(
                name: "x-hub-signature-256",
                value: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
        ], body: "Hello, World!", now: 1_700_000_000)

    /// Worked out with Python's hmac from Stripe's documented rule.
    static let stripe = Message(
        scheme: .stripe, secret: "whsec_test",
        fields: [
            .init(
                name: "stripe-signature",
                value: "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789")
        ], body: #"{"a":1}"#, now: 1_700_000_100)

    static let all = [standard, github, stripe]

    @Test(arguments: [0, 1, 2]) func publishedVectorsPass(_ index: Int) throws {
        #expect(try Self.all[index].isGenuine())
    }

    @Test(arguments: [0, 1, 2]) func everyChangeOfOneByteIsRefused(_ index: Int) throws {
        let message = Self.all[index]
        for i in message.body.utf8.indices {
            var bytes = Array(message.body.utf8)
            bytes[message.body.utf8.distance(from: message.body.utf8.startIndex, to: i)] ^= 1
            var other = message
            other.body = String(decoding: bytes, as: UTF8.self)
            #expect(try !other.isGenuine(), "\(other.body)")
        }
        for (number, field) in message.fields.enumerated() {
            // GitHub signs no identity; a copy under another one is a copy by its body.
            if field.name == "x-github-delivery" { continue }
            for place in 0..<field.value.utf8.count {
                for change in [UInt8(1), 0x20] {
                    var bytes = Array(field.value.utf8)
                    bytes[place] ^= change
                    guard (0x20...0x7E).contains(bytes[place]) else { continue }
                    var other = message
                    other.fields[number].value = String(decoding: bytes, as: UTF8.self)
                    #expect(try !other.isGenuine(), "\(other.fields[number].value)")
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2]) func everyFieldIsNeededOnce(_ index: Int) throws {
        let message = Self.all[index]
        for number in message.fields.indices {
            var missing = message
            missing.fields.remove(at: number)
            #expect(try missing.verdict() == .refused)
            var doubled = message
            doubled.fields.append(message.fields[number])
            #expect(try doubled.verdict() == .refused)
            var empty = message
            empty.fields[number].value = ""
            #expect(try empty.verdict() == .refused)
            var huge = message
            huge.fields[number].value = String(repeating: "9", count: 8000)
            #expect(try huge.verdict() == .refused)
        }
    }

    @Test func timesOutsideTheToleranceAreNotOfNow() throws {
        for message in [Self.standard, Self.stripe] {
            let signed = message.scheme == .standard ? 1_614_265_330 : 1_700_000_000
            for offset in [-300, 300] {
                guard case .genuine = try message.verdict(now: signed + offset) else {
                    Issue.record("refused at \(offset) s")
                    continue
                }
            }
            #expect(try message.verdict(now: signed + 301) == .untimely(age: 301))
            #expect(try message.verdict(now: signed - 301) == .untimely(age: -301))
            #expect(try message.verdict(now: 0) == .untimely(age: -signed))
        }
    }

    @Test func secretsRotateAndOtherVersionsAreSkipped() throws {
        let other = WebhookScheme.standard.secret([UInt8](repeating: 7, count: 32))
        guard case .genuine = try Self.standard.verdict(secrets: [other, Self.standard.secret]) else {
            Issue.record("the old secret is refused while both are valid")
            return
        }
        #expect(try Self.standard.verdict(secrets: [other]) == .refused)
        #expect(try Self.standard.verdict(secrets: []) == .refused)
        var several = Self.standard
        several.fields[2].value = "v1a,AAAA v1,AAAA " + Self.standard.fields[2].value
        #expect(try several.isGenuine())
        // Another spelling of the same bytes is not the signature.
        var spelled = Self.standard
        spelled.fields[2].value = String(Self.standard.fields[2].value.dropLast())
        #expect(try !spelled.isGenuine())
        var capital = Self.github
        capital.fields[1].value = "sha256=" + capital.fields[1].value.dropFirst(7).uppercased()
        #expect(try !capital.isGenuine())
    }

    @Test func secretsAreWhatTheirSchemeSays() {
        for text in [
            "", "whsec_", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            #expect(WebhookScheme.standard.key(text) == nil, "\(text)")
        }
        #expect(WebhookScheme.github.key("short") == nil && WebhookScheme.stripe.key("line\nbreak") == nil)
        for scheme in WebhookScheme.allCases {
            #expect(scheme.key(scheme.secret([UInt8](repeating: 1, count: 32))) != nil)
        }
    }

    @Test func copiesAreKnownByWhatIsSigned() throws {
        func marks(_ message: Message) throws -> Set<String> {
            if case .genuine(let marks, _) = try message.verdict() { Set(marks) } else { [] }
        }
        var renamed = Self.github
        renamed.fields[0].value = "another"
        #expect(try !marks(renamed).isDisjoint(with: marks(Self.github)))
    }
}
