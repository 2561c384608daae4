internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// What the member `cluster` of the configuration may say, and what is said about what it may not.
struct ClusterSettingsTests {
    private static func read(_ text: String) throws -> ServiceConfiguration {
        try ServiceConfiguration(Array(text.utf8), path: "config.json")
    }

    @Test func whatIsSaidIsShownAndReadAgain() throws {
        let consul =
            #"{"url":"http://127.0.0.1:8500","tokenFile":"/run/token","datacenter":"dc1","service":"studio","id":"one","#
            + #""address":"https://plotter.example/a/","tags":["urlprefix-/a/ strip=/a"],"ttlSeconds":9,"#
            + #""prefix":"studio/","cycle":"own"}"#
        let nomad =
            #"{"url":"http://10.0.0.4:4646","namespace":"art","region":"eu","job":"plotter","jobs":{"plot1":"plotter1"}}"#
        let configuration = try Self.read(#"{"cluster":{"consul":\#(consul),"nomad":\#(nomad)}}"#)
        let plan = try #require(configuration.cluster)
        #expect(plan.consul?.ttlSeconds == 9 && plan.consul?.prefix == "studio/" && plan.consul?.sharesCycle == false)
        #expect(plan.consul?.address?.text == "https://plotter.example/a")
        #expect(plan.nomad?.job(for: "plot1") == "plotter1" && plan.nomad?.job(for: "plot2") == "plotter")
        let again = try Self.read(JSONValue.object([("cluster", plan.json)]).text)
        #expect(again.cluster == plan)
        // As it is shown where nothing is configured.
        #expect(try Self.read(#"{"cluster":{"consul":null,"nomad":null}}"#).cluster == ClusterPlan())
        let least = try Self.read(#"{"cluster":{"consul":{"url":"unix:/run/consul.sock"}}}"#).cluster?.consul
        #expect(least?.service == "axidrawd" && least?.ttlSeconds == 30 && least?.sharesCycle == true)
    }

    @Test(arguments: [
        (#"{"cluster":[]}"#, "cluster must be an object"),
        (#"{"cluster":{"console":{}}}"#, "did you mean consul?"),
        (#"{"cluster":{"consul":{}}}"#, "cluster/consul needs a url"),
        (#"{"cluster":{"consul":{"url":"127.0.0.1:8500"}}}"#, "url must be a server"),
        (#"{"cluster":{"consul":{"url":"http://127.0.0.1:8500/v1"}}}"#, "url must be a server without a path"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","ttl":3}}}"#, "unknown member \"ttl\""),
        (#"{"cluster":{"consul":{"url":"http://h:8500","ttlSeconds":2}}}"#, "from 3 to 3600"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","ttlSeconds":"30s"}}}"#, "from 3 to 3600"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","token":"secret"}}}"#, "did you mean tokenFile?"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","tokenFile":"token"}}}"#, "whole path"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","service":"my plotters"}}}"#, "as a name in DNS is"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","address":"plotter:80"}}}"#, "where others reach"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","tags":"a"}}}"#, "tags must be a list"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","tags":[7]}}}"#, "texts in the list"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","prefix":"/a b"}}}"#, "prefix must be"),
        (#"{"cluster":{"consul":{"url":"http://h:8500","cycle":"all"}}}"#, "\"shared\" or \"own\""),
        (#"{"cluster":{"nomad":{"url":"http://h:4646"}}}"#, "the job that a press dispatches"),
        (#"{"cluster":{"nomad":{"url":"http://h:4646","job":"a/b"}}}"#, "without a slash"),
        (#"{"cluster":{"nomad":{"url":"http://h:4646","jobs":["a"]}}}"#, "such as { \"plot1\": \"plotter1\" }"),
        (#"{"cluster":{"nomad":{"url":"http://h:4646","job":"a","region":"e u"}}}"#, "without blanks"),
    ]) func whatCannotBeMeantIsRefusedWithItsReason(text: String, reason: String) {
        let error = #expect(throws: ConfigurationFailure.self) { try Self.read(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.line == 1)
    }

    /// A token is read from a file that others cannot read, each time anew.
    @Test func aTokenIsReadEachTimeAndOnlyFromAFileOfOnesOwn() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/token-" + Identifier.make()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/consul-token"
        func write(_ text: String, _ mode: Int) {
            _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
            try? FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        let token = ClusterToken(path: path, credential: "x", environment: [:])
        #expect(throws: ClusterFailure.self) { try token.read() }
        write("first\n", 0o600)
        #expect(try token.read() == "first")
        write("second", 0o600)
        #expect(try token.read() == "second")
        write("second", 0o640)
        #expect(throws: ClusterFailure.self) { try token.read() }
        for bad in ["", "two words", String(repeating: "x", count: 5000), "a\u{0}b"] {
            write(bad, 0o600)
            #expect(throws: ClusterFailure.self) { try token.read() }
        }
        write("third", 0o400)
        let handed = ClusterToken(
            path: nil, credential: "consul-token", environment: ["CREDENTIALS_DIRECTORY": folder])
        #expect(try handed.read() == "third")
        #expect(
            try ClusterToken(path: nil, credential: "none", environment: ["CREDENTIALS_DIRECTORY": folder]).read()
                == nil)
        #expect(try ClusterToken(path: nil, credential: "none", environment: [:]).read() == nil)
    }
}
