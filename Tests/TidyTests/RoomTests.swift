internal import Foundation
internal import TestSupport
internal import Testing

/// Whoever opens the tree finds a word about every folder.
struct RoomTests {
    @Test func everyFolderHasARowInTheWalk() throws {
        let walk = try String(contentsOf: packageDirectory.appendingPathComponent("docs/code-flow.md"), encoding: .utf8)
        let rows = walk.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
            .compactMap { $0.components(separatedBy: " | ").first }.joined()
        // Below a room of the daemon, folders are told with their room.
        let folders = Set(
            SourceFile.sources.map { file in
                file.target == "axidrawd"
                    ? file.folders.dropFirst(2).first ?? "" : file.folders.dropFirst().prefix(2).joined(separator: "/")
            })
        #expect(folders.count > 20)
        #expect(folders.filter { !$0.isEmpty && !rows.contains("`\($0)`") && !rows.contains("`\($0)/") }.sorted() == [])
    }
}
