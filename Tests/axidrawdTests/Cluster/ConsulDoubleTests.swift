internal import ClusterDoubles
internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// The double of Consul says what a real one said: each recorded exchange, in its order.
@Suite(.serialized) struct ConsulDoubleTests {
    /// One recorded question with its answer.
    private struct Exchange {
        var name: String
        var method: String
        var path: String
        var body: String
        var status: Int
        var fields: [(String, JSONValue)]
        var reply: String
    }

    private static func exchanges() throws -> [Exchange] {
        let url = packageDirectory.appendingPathComponent("fixtures/cluster/exchanges.jsonl")
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").compactMap { line in
            let value = try JSONReader.read(Array(line.utf8))
            guard value.word("server") == "consul", case .integer(let status)? = value["status"],
                case .object(let fields)? = value["replyHeaders"]
            else { return nil }
            return Exchange(
                name: value.word("name"), method: value.word("method"), path: value.word("path"),
                body: value.word("body"), status: status, fields: fields, reply: value.word("reply"))
        }
    }

    /// Names of members at every depth, and every value that is neither a number, nor made up by a server.
    private static func shape(_ value: JSONValue, _ path: String = "") -> Set<String> {
        switch value {
        case .object(let members):
            // What the agent says of itself and of what we do not use.
            let skipped: Set<String> = ["TaggedAddresses", "Proxy", "Connect", "Definition"]
            return members.reduce(into: Set<String>()) { all, member in
                all.insert(path + "/" + member.0)
                if !skipped.contains(member.0), !(path.hasSuffix("Node") && member.0 == "Meta") {
                    all.formUnion(shape(member.1, path + "/" + member.0))
                }
            }
        case .array(let items):
            return items.enumerated().reduce(into: Set<String>()) { $0.formUnion(shape($1.1, "\(path)/\($1.0)")) }
        case .string(let text):
            let isMade = ["ID", "Session", "ContentHash"].contains { path.hasSuffix("/" + $0) } && text.count > 14
            return [path + "=" + (isMade ? "…" : text)]
        case .integer, .number:
            let isIndex = path.hasSuffix("Index") && !path.hasSuffix("LockIndex") && !path.hasSuffix("OpIndex")
            return [path + "=" + (isIndex ? "…" : value.text)]
        case .null, .bool: return [path + "=" + value.text]
        }
    }

    @Test func answersAsARealOneDid() throws {
        let double = try ConsulDouble()
        defer { double.die() }
        var sessions: [String: String] = [:]
        var lastIndex = ""
        var sessionsMade = ["a8221b11-f4cb-9932-cbc2-3beadf5f0658", "a7cac495-d739-0048-e085-557399b9c9a1"]
        let all = try Self.exchanges()
        #expect(all.count == 53)
        for exchange in all {
            var path = exchange.path
            // A session that the record does not show being made.
            if exchange.name == "lock acquire by another" {
                sessions[sessionsMade.last ?? ""] = try Self.session(double)
            }
            for (recorded, ours) in sessions { path = path.replacingOccurrences(of: recorded, with: ours) }
            // Numbers are others, their relation is the same.
            for name in ["cas=23", "cas=26", "index=26"] where path.contains(name) {
                let isStale = exchange.name.contains("stale")
                path = path.replacingOccurrences(
                    of: name, with: name.prefix { $0 != "=" } + "=" + (isStale ? "1" : lastIndex))
            }
            if exchange.name == "blocking, changed at 0.7 s" {
                DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) {
                    double.put("axidraw_address", "http://plotter.local:8082")
                }
            }
            if exchange.name == "kv put flags" { double.put("axidraw_address", "http://plotter.local:8082") }
            if exchange.name == "ttl expired" { double.advance(milliseconds: 4000) }
            if exchange.name == "ttl pass unknown check" { #expect(double.check("axidrawd-plot1-ttl") != nil) }
            var body = Array(exchange.body.utf8)
            if exchange.name == "kv at limit" { body = [UInt8](repeating: 120, count: 524_288) }
            let location = try #require(HTTPLocation(double.url)?.at(path), "\(path)")
            let reply = try HTTPClient().send(.init(exchange.method, location, body: body))
            #expect(reply.status == exchange.status, "\(exchange.name)")
            if let index = reply.head.value("x-consul-index") { lastIndex = index }
            for (name, value) in exchange.fields where !["content-length", "transfer-encoding"].contains(name) {
                let ours = reply.head.value(name)
                #expect(ours != nil, "\(exchange.name): \(name)")
                if name != "x-consul-index" { #expect(.string(ours ?? "") == value, "\(exchange.name): \(name)") }
            }
            let text = String(decoding: reply.body, as: UTF8.self)
            guard reply.head.value("content-type") == "application/json" else {
                var expected = exchange.reply
                for (recorded, ours) in sessions { expected = expected.replacingOccurrences(of: recorded, with: ours) }
                #expect(text == expected, "\(exchange.name)")
                continue
            }
            let (ours, theirs) = (try JSONReader.read(reply.body), try JSONReader.read(Array(exchange.reply.utf8)))
            if exchange.name == "session create" { sessions[sessionsMade.removeFirst()] = ours.word("ID") }
            if exchange.name == "catalog services" {
                // Nomad ran beside the recorded one.
                #expect(ours["axidrawd"] == theirs["axidrawd"] && ours["consul"] == theirs["consul"])
                continue
            }
            let (a, b) = (Self.shape(ours), Self.shape(theirs))
            #expect(a == b, "\(exchange.name): \(a.symmetricDifference(b).sorted().prefix(8))")
        }
    }

    private static func session(_ double: ConsulDouble) throws -> String {
        let location = try #require(HTTPLocation(double.url)?.at("/v1/session/create"))
        return try JSONReader.read(HTTPClient().send(.init("PUT", location, body: Array("{}".utf8))).body).word("ID")
    }

    /// Over the limit it answers without waiting for the rest.
    @Test func refusesWhatIsTooLargeForAKey() throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let location = try #require(HTTPLocation(double.url)?.at("/v1/kv/big"))
        let reply = try HTTPClient().send(.init("PUT", location, body: [UInt8](repeating: 120, count: 524_289)))
        #expect(reply.status == 413)
    }
}
