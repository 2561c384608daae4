internal import Foundation
internal import TestSupport
internal import Testing

struct SourceTests {
    @Test func noSourceFileIsLongerThanTheHardLimit() throws {
        let sources = packageDirectory.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 600, "\(file.path)")
        }
    }
}
