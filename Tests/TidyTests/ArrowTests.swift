internal import Testing

/// The rooms of `axidrawd` lie above one another: a file names types of its own room and of those below it.
struct ArrowTests {
    /// From the top. `docs/code-flow.md` walks through them with one job.
    static let rooms = [
        "Command", "Client", "Operation", "Cluster", "Outbox", "Installation", "Page", "API", "Jobs", "Drawn",
        "Planning",
        "Devices", "Plotter", "Options",
    ]

    /// Arrows that point up and are not mended yet, `file names type`. They may go, never come.
    private static let known: Set<String> = []

    @Test func everyFolderIsARoom() {
        let folders = Set(
            SourceFile.sources.filter { $0.target == "axidrawd" }.compactMap { $0.folders.dropFirst(2).first })
        #expect(folders == Set(Self.rooms))
    }

    @Test(arguments: rooms.indices) func noArrowPointsUp(from index: Int) {
        let above = Self.rooms[..<index]
        var owners: [String: String] = [:]
        for room in above {
            for type in files(in: room).flatMap(\.declaredTypes) { owners[type] = room }
        }
        var found: [String] = []
        for file in files(in: Self.rooms[index]) {
            let names = file.freeWords.subtracting(file.ownTypes).intersection(owners.keys)
            found += names.sorted().map { "\(file.path) names \($0) of \(owners[$0] ?? "")" }
        }
        #expect(found.filter { !Self.known.contains($0) } == [])
    }

    /// What becomes of an error in HTTP is decided in the API: the rooms below have errors of their own.
    @Test(arguments: rooms.drop { $0 != "API" }.dropFirst()) func noAnswerIsMadeBelowTheAPI(in room: String) {
        #expect(files(in: room).filter { $0.words.contains("Problem") }.map(\.path) == [])
    }

    @Test func theScanFindsAnArrow() {
        let file = SourceFile(
            path: "Sources/axidrawd/Jobs/X.swift",
            text:
                "private enum Hidden {}\nstruct X {\n  enum Failure {}\n  // Daemon\n  let a: Verb.Body, b = \"Site\"\n}\n"
        )
        #expect(file.declaredTypes == ["X"])
        #expect(file.ownTypes == ["Hidden", "X", "Failure"])
        #expect(file.freeWords.contains("Verb") && !file.freeWords.contains("Body"))
        #expect(file.freeWords.isDisjoint(with: ["Daemon", "Site"]))
    }

    private func files(in room: String) -> [SourceFile] {
        SourceFile.sources.filter { $0.path.hasPrefix("Sources/axidrawd/\(room)/") }
    }
}
