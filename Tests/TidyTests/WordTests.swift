internal import Foundation
internal import HTTP
internal import Picture
internal import TestSupport
internal import Testing

/// Words that may not stand in the code, or only in few places.
struct WordTests {
    /// Each wraps one facility of C in a safe type; docs/decisions/0362 says what earns a place here.
    private static let unsafeFiles: Set<String> = [
        "Sources/EBB/Serial/OwnedDescriptor.swift", "Sources/EBB/Serial/SerialPort.swift",
        "Sources/EBB/Serial/DescriptorWatch.swift",
        "Sources/EBB/Serial/QueueExecutor.swift", "Sources/EBB/Discovery/UdevMonitor.swift",
        "Sources/Simulator/Link/PseudoTerminal.swift", "Sources/Simulator/Link/LinkDescriptor.swift",
        "Sources/HTTP/Socket.swift", "Sources/HTTP/Socket+Client.swift",
        "Sources/HTTP/Poller.swift",
        "Sources/axidrawd/Page/EmbeddedFiles.swift", "Sources/axidrawd/Jobs/Spool/SpoolDirectory.swift",
        "Sources/axidrawd/Command/Terminal.swift",
        "Sources/axidrawd/Command/Signals.swift", "Sources/axidrawd/Command/Notify.swift",
        "Sources/axidrawd/Command/OutputFile.swift", "Sources/axidrawd/Options/InputFile.swift",
    ]

    @Test func unsafeCodeStandsOnlyInTheListedFiles() {
        let files = SourceFile.sources.filter { !Self.unsafeFiles.contains($0.path) }
        #expect(files.filter { $0.words.contains("unsafe") }.map(\.path) == [])
        #expect(files.filter { $0.words.contains("unchecked") }.map(\.path) == [])
    }

    @Test func nothingTrapsByDesign() {
        let traps = ["try" + "!", "as" + "!", "fatal" + "Error("]
        #expect(places(of: traps, in: \.code) == [])
    }

    @Test func openWorkNamesAnIssue() {
        let words: [String] = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        let marks = words.map { $0 + " " } + words.map { $0 + ":" }
        #expect(places(of: marks, in: \.lines).filter { !$0.contains("#") } == [])
    }

    /// Lines that contain one of the words.
    private func places(of words: [String], in text: KeyPath<SourceFile, [String]>) -> [String] {
        var found: [String] = []
        for file in SourceFile.sources + SourceFile.tests {
            for (i, line) in file[keyPath: text].enumerated() where words.contains(where: { line.contains($0) }) {
                found.append("\(file.path):\(i + 1) \(line)")
            }
        }
        return found
    }

    /// A comment that points to a page points to one that its reader has.
    @Test func everyPageThatIsCitedIsThere() {
        var found: [String] = []
        for file in SourceFile.sources + SourceFile.tests {
            for (i, line) in file.lines.enumerated() where line.contains("//") {
                found += Self.citations(line).filter { !Self.isThere($0) }.map { "\(file.path):\(i + 1) cites \($0)" }
            }
        }
        #expect(found == [])
    }

    /// Names of pages and numbers of decisions in a comment: `docs/board.md`, `docs/decisions/0003`, a page with a paragraph.
    private static func citations(_ line: String) -> [String] {
        let comment = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
        let words = comment.split { " ,;:()`'\"".contains($0) }.map { $0.hasSuffix(".") ? $0.dropLast() : $0 }
        var cited = words.filter { $0.hasSuffix(".md") || $0.hasPrefix("docs/") }.map(String.init)
        let others: Set<Substring> = ["architecture", "contract", "reference"]
        for (word, next) in zip(words, words.dropFirst()) where others.contains(word) && next.hasPrefix("§") {
            cited.append("\(word) \(next)")
        }
        return cited
    }

    /// "decision 0302" and `decisions/0302`, in code and in pages.
    @Test func everyDecisionThatIsCitedIsThere() {
        var (found, count): ([String], Int) = ([], 0)
        for file in texts() {
            guard let content = try? String(contentsOf: file, encoding: .utf8) else { continue }
            for match in content.matches(of: #/[Dd]ecisions?[ \/](\d{4})\b/#) {
                count += 1
                if !Self.isThere("docs/decisions/\(match.1)") { found.append("\(file.lastPathComponent): \(match.0)") }
            }
        }
        #expect(found == [])
        #expect(count > 5, "the scan finds decisions")
        #expect(!Self.isThere("docs/decisions/99" + "99"))
    }

    private static func isThere(_ page: String) -> Bool {
        let manager = FileManager.default
        let path = packageDirectory.appendingPathComponent(page).path
        if manager.fileExists(atPath: path) { return true }
        let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
        let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        return folder.hasSuffix("decisions") && names.contains { $0.hasPrefix(name + "-") }
    }

    @Test func noFileNamesAMachine() {
        // Put together so that this file does not find itself.
        let prefixes = ["/wo" + "rk/", "/tm" + "p/w/", "/ro" + "ot/", "/ho" + "me/"]
        var found: [String] = []
        for file in texts() {
            guard let content = try? String(contentsOf: file, encoding: .utf8) else { continue }
            found += prefixes.filter { content.contains($0) }.map { "\(file.lastPathComponent) names \($0)" }
        }
        #expect(found == [])
    }

    /// Files that people read, below the folders of the package.
    private func texts() -> [URL] {
        let folders = [
            "Sources", "Tests", "docs", "fixtures", "udev", "deploy", ".ci", "README.md", "CONTRIBUTING.md",
            "CHANGELOG.md", "run", "test",
        ]
        let kinds: Set<String> = [
            "swift", "md", "sh", "py", "h", "txt", "json", "svg", "rules", "html", "css", "js", "1", "",
        ]
        return folders.flatMap { folder in
            let root = packageDirectory.appendingPathComponent(folder)
            let below = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
            return ([root] + (below?.compactMap { $0 as? URL } ?? [])).filter { kinds.contains($0.pathExtension) }
        }
    }

    /// Public types and functions without a comment, by file. A file may have fewer than listed, never more; one that
    /// is not listed none.
    private static let undocumented: [String: Int] = [
        "Sources/Motion/Geometry/Box.swift": 4, "Sources/Motion/Geometry/Polylines.swift": 3,
        "Sources/Motion/Planning/Diagnostic.swift": 1, "Sources/Motion/Planning/MachineProfile.swift": 1,
        "Sources/Motion/Planning/Placement.swift": 1, "Sources/Motion/Planning/PlotOptions.swift": 6,
        "Sources/Simulator/Machine/Incident.swift": 1, "Sources/Picture/Trace.swift": 1,
    ]

    @Test func publicTypesAndFunctionsAreDocumented() {
        var found: [String] = []
        for file in SourceFile.sources {
            let bare = file.code.indices.filter { isDocumentedKind(file.code[$0]) && !hasComment(above: $0, in: file) }
            if bare.count > Self.undocumented[file.path] ?? 0 {
                found += bare.map { "\(file.path):\($0 + 1) \(file.code[$0])" }
            }
        }
        #expect(found == [])
    }

    private func isDocumentedKind(_ line: String) -> Bool {
        let words = line.split(separator: " ").map(String.init)
        guard words.first == "public" else { return false }
        if words.contains("func") {
            return !line.contains("static func ==") && !line.contains("static func <") && !line.contains(" func +")
                && !line.contains(" func -") && !line.contains(" func *") && !line.contains("hash(into")
        }
        return !Set(words).isDisjoint(with: ["struct", "enum", "class", "actor", "protocol", "typealias"])
    }

    private func hasComment(above index: Int, in file: SourceFile) -> Bool {
        var i = index - 1
        while i >= 0 {
            let line = file.lines[i].drop { $0 == " " }
            if line.hasPrefix("///") { return true }
            if !line.hasPrefix("@") { return false }
            i -= 1
        }
        return false
    }
}
