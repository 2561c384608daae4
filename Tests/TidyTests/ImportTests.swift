internal import Testing

/// The arrows between targets, and between folders inside them.
struct ImportTests {
    /// What each target may import.
    private static let allowed: [String: Set<String>] = [
        "Motion": ["Synchronization"],
        "EBB": ["Motion", "CUdev", "CLinux", "Glibc", "Dispatch", "Foundation", "Synchronization"],
        "Text": ["Foundation"],
        "Picture": ["Text"],
        "HTTP": [
            "Text", "CLinux", "Glibc", "Dispatch", "Foundation", "FoundationNetworking", "Synchronization",
        ],
        "Simulator": ["EBB", "Picture", "CLinux", "Glibc", "Dispatch", "Foundation", "Synchronization"],
        "axidrawd": [
            "EBB", "HTTP", "Motion", "Picture", "Simulator", "Text", "CAssets", "CLinux", "Glibc", "Dispatch",
            "Foundation", "Synchronization",
        ],
    ]
    /// Single files that may import more than their target.
    private static let exceptions: [String: Set<String>] = [
        "Sources/Motion/Geometry/Trigonometry.swift": ["Glibc"],
        // The program: its folder is shared with the library.
        "Sources/axidrawd/main.swift": ["axidrawd"],
    ]

    @Test func targetsImportOnlyWhatTheirArrowsAllow() {
        #expect(SourceFile.sources.count > 20)
        var found: [String] = []
        for file in SourceFile.sources {
            let allowed = (Self.allowed[file.target] ?? []).union(Self.exceptions[file.path] ?? [])
            found += file.imports.filter { !allowed.contains($0) }.map { "\(file.path) imports \($0)" }
        }
        #expect(found == [])
    }

    @Test func onlyThePipelineNamesTheReader() {
        let found = below("Motion").filter { file in
            file.folders.dropFirst(2).first != "SVG" && file.path != "Sources/Motion/Pipeline.swift"
                && file.words.contains("SVG")
        }
        #expect(found.map(\.path) == [])
    }

    @Test func theWireUsesNoOtherFolder() {
        let wire = below("EBB/Wire")
        let others = Set(below("EBB").filter { !$0.path.hasPrefix("Sources/EBB/Wire/") }.flatMap(\.declaredTypes))
        #expect(!wire.isEmpty && !others.isEmpty)
        #expect(uses(of: others, in: wire) == [])
        #expect(wire.filter { $0.imports.contains("Motion") }.map(\.path) == [])
    }

    @Test func theSimulatorKnowsOnlyWireAndTransport() {
        let open =
            ["Sources/EBB/Wire/"]
            + ["Transport", "QueueExecutor", "OwnedDescriptor"].map { "Sources/EBB/Serial/\($0)" }
        let closed = below("EBB").filter { file in !open.contains { file.path.hasPrefix($0) } }
        let own = Set(below("Simulator").flatMap(\.declaredTypes))
        #expect(uses(of: Set(closed.flatMap(\.declaredTypes)).subtracting(own), in: below("Simulator")) == [])
    }

    @Test func nothingAbovePlotterAndDevicesTouchesADriver() {
        let rooms = ["API", "Page", "Installation", "Operation", "Jobs", "Planning", "Drawn", "Options"]
        #expect(uses(of: ["Driver"], in: rooms.flatMap { below("axidrawd/\($0)") }) == [])
    }

    private func below(_ folder: String) -> [SourceFile] {
        SourceFile.sources.filter { $0.path.hasPrefix("Sources/\(folder)/") }
    }

    private func uses(of names: Set<String>, in files: [SourceFile]) -> [String] {
        files.flatMap { file in file.words.intersection(names).sorted().map { "\(file.path) uses \($0)" } }
    }
}
