internal import Testing

/// Limits on files and functions. Excess is listed by name: it may shrink, never grow.
struct SizeTests {
    private static let fileLimit = 600
    private static let functionLimit = 70
    /// Functions above the limit, `path:first line` → lines. None today.
    private static let longFunctions: [String: Int] = [:]

    @Test func filesStayBelowTheHardLimit() {
        let long = (SourceFile.sources + SourceFile.tests).filter { $0.lines.count > Self.fileLimit }
        #expect(long.map { "\($0.path) has \($0.lines.count) lines" } == [])
    }

    @Test func functionsStayBelowTheHardLimit() {
        var count = 0
        var found: [String] = []
        for file in SourceFile.sources + SourceFile.tests {
            for function in file.functionLengths {
                count += 1
                let place = "\(file.path):\(function.line)"
                if function.length > Self.longFunctions[place] ?? Self.functionLimit {
                    found.append("\(place) has \(function.length) lines")
                }
            }
        }
        #expect(found == [])
        #expect(count > 100, "the scan finds functions")
    }

    @Test func theScanCountsBraces() {
        let file = SourceFile(
            path: "Sources/X/Y.swift",
            text:
                "func a() {\n  if x { \"}\" } // }\n}\nstruct S {\n  init(\n    b: Int\n  ) {\n  }\n  var c: Int { 1 }\n}\n"
        )
        #expect(file.functionLengths.map(\.line) == [1, 5])
        #expect(file.functionLengths.map(\.length) == [3, 4])
    }
}
