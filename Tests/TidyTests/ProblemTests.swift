internal import Foundation
internal import TestSupport
internal import Testing

/// Types of problems are for programs: each stands in the documentation with its status, and has one title.
struct ProblemTests {
    private struct Entry: Hashable {
        var status: String
        var type: String
        var title: String
    }

    /// Problems that are made with literal words, and those whose type has a name of its own.
    private static var entries: Set<Entry> {
        var entries: Set<Entry> = []
        for file in SourceFile.sources where ["HTTP", "axidrawd"].contains(file.target) {
            let text = file.lines.joined(separator: "\n")
            for match in text.matches(
                of: #/(?:Problem|\.init)\(\s*(\d{3}),\s*(?:"([a-z-]+)"|Problem\.(\w+)Slug),\s*"([^"]*)"/#)
            {
                let named = match.3.map { _ in "drawing-too-costly" }
                entries.insert(
                    Entry(
                        status: String(match.1), type: match.2.map(String.init) ?? named ?? "", title: String(match.4)))
            }
        }
        return entries
    }

    private static func documented() throws -> [String: String] {
        let text = try String(contentsOf: packageDirectory.appendingPathComponent("docs/api.md"), encoding: .utf8)
        var statuses: [String: String] = [:]
        for row in text.matches(of: #/\n\| ((?:`[a-z-]+`(?:, )?)+) \| (\d{3}) \| [^|]+ \|/#) {
            for type in row.1.matches(of: #/`([a-z-]+)`/#) { statuses[String(type.1)] = String(row.2) }
        }
        return statuses
    }

    @Test func eachTypeStandsInTheDocumentation() throws {
        let entries = Self.entries
        let documented = try Self.documented()
        #expect(entries.count > 50)
        let missing = Set(entries.map(\.type)).subtracting(documented.keys).sorted()
        #expect(missing == [], "not in docs/api.md")
        let unknown = Set(documented.keys).subtracting(entries.map(\.type)).sorted()
        #expect(unknown == [], "in docs/api.md but nowhere made")
    }

    @Test func theStatusIsTheDocumentedOne() throws {
        let documented = try Self.documented()
        // A product that a press asks for is part of a body there, of the path elsewhere.
        let wrong = Self.entries.filter { documented[$0.type] != $0.status && $0.type != "unknown-product" }
        #expect(wrong.map { "\($0.type) \($0.status)" }.sorted() == [])
    }

    @Test func aTypeHasOneTitle() {
        let titles = Dictionary(grouping: Self.entries, by: \.type).mapValues { Set($0.map(\.title)) }
        #expect(titles.filter { $0.value.count > 1 } == [:])
    }

    @Test func theWaysOfBeingGoneAreTold() throws {
        let gone = try Self.documented().filter { $0.value == "410" }.keys.sorted()
        #expect(
            gone == ["drawing-gone", "job-gone", "page-gone", "picture-gone", "screen-gone", "stream-gone"])
    }
}
