internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

/// Spools that earlier versions have left, and those that later ones will leave.
struct OldSpoolTests {
    private static func copy(_ version: String) throws -> ShowFolder {
        let folder = try ShowFolder()
        let source = packageDirectory.appendingPathComponent("fixtures/spool/" + version)
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try FileManager.default.copyItem(
                atPath: source.path + "/" + name, toPath: folder.path + "/" + name)
        }
        return folder
    }

    private static func bytes(below path: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            found[name] = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
        }
        return found
    }

    private static func open(_ folder: ShowFolder) throws -> JobStore {
        try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: 1_800_000_000_000)
    }

    /// As a daemon of version 1 left it that was killed in the middle of a plot.
    @Test func aSpoolOfVersion1OpensUnchanged() throws {
        let folder = try Self.copy("version-1")
        let store = try Self.open(folder)
        #expect(store.findings.isEmpty)
        let jobs = store.records.values.sorted { $0.id < $1.id }
        let told = jobs.map { "\($0.job.name ?? ""): \($0.state.word) \($0.state.detail ?? "")" }
        #expect(
            told == [
                "done: done ", "cut: interrupted ", "queued: queued ", "held: held person", "armed: held button",
                "copies: queued ", "cancelled: cancelled ",
            ])
        #expect(store.queue(of: "plot1").compactMap(\.job.name) == ["cut", "held", "queued", "armed", "copies"])
        #expect(jobs[2].options["pen-down-height"] == "25" && jobs[5].job.copies == 2)
        #expect(store.progress(of: jobs[1].id) != nil)
        for job in jobs where !job.state.isFinal {
            #expect(try store.drawing(of: job.id) { SHA256.hexadecimal($0) } != nil)
        }
        #expect(store.deviceSettings == ["plot1": DeviceSettings(autoAdvance: true)])
        #expect(try store.historyPage(after: nil, limit: 10)?.compactMap(\.job.name) == ["h3", "h2", "h1"])
        #expect(store.picture(of: jobs[0].id, "svg") != nil)
        // Version 1 does not know lines that are closed, nor 2 the rule of today: they refuse what this one has opened.
        #expect(try String(contentsOfFile: folder.path + "/VERSION", encoding: .utf8) == "3\n")
    }

    /// As a daemon of version 2 left it that was killed in the middle of a plot, while the line of another plotter was closed.
    @Test func aSpoolOfVersion2OpensUnchanged() throws {
        let folder = try Self.copy("version-2")
        let store = try Self.open(folder)
        #expect(store.findings.isEmpty)
        let jobs = store.records.values.sorted { $0.id < $1.id }
        let told = jobs.map { "\($0.job.name ?? ""): \($0.state.word) \($0.state.detail ?? "")" }
        #expect(
            told == [
                "done: done ", "closed: cancelled ", "cut: interrupted ", "queued: queued ", "held: held person",
                "named: queued ", "copies: queued ", "cancelled: cancelled ",
            ])
        #expect(store.queue(of: "plot1").compactMap(\.job.name) == ["cut", "queued", "held", "named", "copies"])
        #expect(jobs[3].options["pen-down-height"] == "25" && jobs[6].job.copies == 2)
        #expect(store.progress(of: jobs[2].id) != nil)
        for job in jobs where !job.state.isFinal {
            #expect(try store.drawing(of: job.id) { SHA256.hexadecimal($0) } != nil)
        }
        #expect(
            store.deviceSettings == ["plot2": DeviceSettings(autoAdvance: false, stoppedAt: 1_795_990_511_924)])
        #expect(store.picture(of: jobs[0].id, "svg") != nil && store.picture(of: jobs[1].id, "svg") != nil)
        // Version 2 would go on with what is half drawn by another plan: it refuses what this one has opened.
        #expect(try String(contentsOfFile: folder.path + "/VERSION", encoding: .utf8) == "3\n")
    }

    /// A plot that an earlier program has begun goes on by the very commands that it was planned with.
    @Test(arguments: ["version-1", "version-2"]) func whatWasPlannedByTheEarlierRuleStaysSo(_ version: String) throws {
        let folder = try Self.copy(version)
        let store = try Self.open(folder)
        for record in store.records.values {
            let motion = try PlotJob(record).request(over: .standard).options.motion
            #expect(motion == (record.job.name == "named" ? .physical : .junction))
        }
        let cut = try #require(store.records.values.first { $0.job.name == "cut" })
        let drawing = try #require(try store.drawing(of: cut.id) { SHA256.hexadecimal($0) })
        var request = try PlotJob(cut).request(over: .standard)
        request.firmware = .v281
        let plot = try PreparedPlot(drawing: drawing, request: request, execution: .serial)
        // Of the last program whose motion was that by itself.
        #expect(
            SHA256.hexadecimal(plot.bytes(lineEnd: 10))
                == "e0417b2b5e9f2535a81157140fd9b6dba5c0057ffe586ace096d50d13c01ddb6")
        // Asked for by name it is as asked, and what comes from now on is planned by the rule of today.
        var other = PlotJob(cut)
        other.options = ["motion": "physical"]
        #expect(try other.request(over: .standard).options.motion == .physical)
        var generator = SeededGenerator(seed: 1)
        let new = try store.submit(
            JobStore.Submission(
                device: "plot1", name: "new", drawing: drawing, drawingSHA256: SHA256.hexadecimal(drawing),
                options: [:], copies: 1, source: "api", isHeld: false, heldReason: nil, idempotency: nil),
            nowMilliseconds: 1_800_000_000_001, using: &generator)
        let again = try #require(try Self.open(folder).record(new.id))
        #expect(try PlotJob(again).request(over: .standard).options.motion == .physical)
    }

    @Test func aNewerSpoolIsRefusedAndNotTouched() throws {
        let folder = try Self.copy("version-1")
        try Data("4\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/VERSION"))
        let before = try Self.bytes(below: folder.path)
        #expect(throws: JobStore.Refusal.spool(.version(found: "4\n"))) { try Self.open(folder) }
        #expect(try Self.bytes(below: folder.path) == before)
        // As the program opens it: its lock is not made, nor written where the newer program left one.
        for text in [nil, "4711\n"] {
            let lock = URL(fileURLWithPath: folder.path + "/lock")
            if let text { try Data(text.utf8).write(to: lock) } else { try? FileManager.default.removeItem(at: lock) }
            let before = try Self.bytes(below: folder.path)
            let refusal = #expect(throws: JobStore.Refusal.self) { try JobKeeper.open(path: folder.path) }
            #expect(refusal == .spool(.version(found: "4\n")))
            #expect(try Self.bytes(below: folder.path) == before)
        }
        let words = SpoolError.version(found: "4\n").description
        #expect(words.contains("\"4\"") && words.contains("writes 3"), "\(words)")
    }

    @Test func aClosedLineIsKeptBesideWhatElseIsSet() throws {
        let folder = try Self.copy("version-1")
        let store = try Self.open(folder)
        try store.change(settingsOf: "plot1") { $0.stoppedAt = 5 }
        try store.change(settingsOf: "plot2") { $0.stoppedAt = 6 }
        let again = try Self.open(folder)
        #expect(again.deviceSettings["plot1"] == DeviceSettings(autoAdvance: true, stoppedAt: 5))
        #expect(again.deviceSettings["plot2"] == DeviceSettings(autoAdvance: false, stoppedAt: 6))
    }
}
