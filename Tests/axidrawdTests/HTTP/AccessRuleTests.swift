internal import Testing

@testable import HTTP
@testable import axidrawd

/// Who needs a key under each rule, and which rule holds where nobody has said one.
struct AccessRuleTests {
    private static func role(_ rule: AccessRule, _ peer: PeerAddress, _ fields: [(String, String)] = []) throws -> Role
    {
        var access = Access()
        access.rule = rule
        var head = RequestHead(
            method: "GET", target: try RequestTarget(ArraySlice("/".utf8), method: "GET"), minorVersion: 1,
            fields: ([("host", "localhost")] + fields).map { .init(name: $0.0, value: $0.1) })
        try head.settle()
        return try access.identify(head, peer: peer, credentials: CredentialTable()).role
    }

    @Test func theRuleDecidesWhoIsLocal() throws {
        let forwarded = [("x-forwarded-for", "10.0.0.7")]
        let rows: [(AccessRule, [Role])] = [
            (.open, [.admin, .admin, .admin, .admin]),
            (.local, [.admin, .admin, .anyone, .anyone]),
            (.keys, [.admin, .anyone, .anyone, .anyone]),
        ]
        for (rule, roles) in rows {
            let found = [
                try Self.role(rule, .unix), try Self.role(rule, .internet("127.0.0.1")),
                try Self.role(rule, .internet("10.0.0.7")), try Self.role(rule, .internet("127.0.0.1"), forwarded),
            ]
            #expect(found == roles, "\(rule)")
        }
        #expect(try Self.role(.keys, .unix, forwarded) == .anyone)
    }

    /// Also where nothing is needed, a wrong key is told.
    @Test func aWrongKeyIsNeverPassedOver() {
        #expect(throws: Problem.self) {
            try Self.role(.open, .internet("10.0.0.7"), [("authorization", "Bearer axd_wrong")])
        }
    }

    @Test(arguments: [
        ("{}", "local"), (#"{"listen": ["127.0.0.1:1", "unix:/x", "[::1]:1"]}"#, "local"),
        (#"{"proxies": ["127.0.0.1"]}"#, "keys proxies are set"), (#"{"hosts": ["a.example"]}"#, "keys hosts are set"),
        (#"{"listen": ["127.0.0.1:1", "10.0.0.1:2"]}"#, "keys it listens on 10.0.0.1:2"),
        (#"{"proxies": ["unix"], "access": "local"}"#, "local"), (#"{"access": "open"}"#, "open"),
    ]) func whatSpeaksForAProxyOrForGuestsAsksForKeys(file: String, expected: String) throws {
        let rule = try ServiceConfiguration(Array(file.utf8), path: "config.json").accessRule
        #expect(rule.rule.rawValue + (rule.reason.map { " " + $0 } ?? "") == expected)
    }

    @Test func anUnknownRuleIsToldWithThoseThatAreKnown() {
        let bytes = Array("{\n\"access\": \"all\"}".utf8)
        #expect {
            try ServiceConfiguration(bytes, path: "c")
        } throws: { error in
            "\(error)" == "c, line 2: access must be one of open, local, keys"
        }
    }
}
