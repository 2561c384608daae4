internal import Foundation
internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

/// What ships beside the program and what the page about running it says.
struct OperationPageTests {
    @Test func theExampleConfigurationIsReadAndNamesEveryMember() throws {
        let path = packageDirectory.appendingPathComponent("deploy/config.json").path
        let configuration = try ServiceConfiguration.file(path)
        #expect(configuration.hosts == ["plotter.example.org"] && configuration.proxies == ["127.0.0.1"])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // Which machine and which firmware is of virtual boards; a service has real ones.
        for name in ServiceConfiguration.names where !["profile", "firmware"].contains(name) {
            #expect(text.contains("\"\(name)\":"), "\(name) is not in the example")
        }
    }

    /// Every kind of incident in the code has its line in the table, and no other has.
    @Test func everyIncidentIsExplained() throws {
        let call = try Regex(#"incident\(\s*"([a-z-]+)""#)
        var kinds: Set<String> = []
        let sources = packageDirectory.appendingPathComponent("Sources/axidrawd")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: call) {
                if let kind = match.output[1].substring { kinds.insert(String(kind)) }
            }
        }
        #expect(kinds.count >= 7)
        let page = try String(
            contentsOf: packageDirectory.appendingPathComponent("docs/operation.md"), encoding: .utf8)
        let row = try Regex(#"(?m)^\| `([a-z-]+)` \|"#)
        let explained = Set(page.matches(of: row).compactMap { $0.output[1].substring.map(String.init) })
        #expect(explained == kinds)
    }
}
