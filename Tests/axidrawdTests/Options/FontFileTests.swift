internal import Foundation
internal import HTTP
internal import Motion
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// `--text`: fonts by name and by file, and what HTTP may ask for.
struct FontFileTests {
    private func request(_ flags: String...) throws -> PlotRequest {
        let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
        guard case .run(let invocation) = try parser.parse(["plan", "x.svg"] + flags) else { throw ExitCode.usage }
        return try invocation.plotRequest()
    }

    @Test func builtInFontsHaveNames() throws {
        #expect(try request().options.text == nil)
        #expect(try request("--text", "none").options.text == nil)
        for name in PenFont.builtInNames { #expect(try request("--text", name).options.text?.name == name) }
    }

    @Test func anUnknownNameSaysWhichThereAre() {
        let error = #expect(throws: FontFile.Failure.self) { try request("--text", "scrpt") }
        #expect(error?.description.contains("did you mean script") == true)
        #expect(throws: FontFile.Failure.self) { try request("--text", "Helvetica") }
    }

    @Test func aFileGivesItsFont() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("font-\(UUID().uuidString).svg")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("<svg><font><glyph unicode='T' d='M0 0H1'/></font></svg>".utf8).write(to: file)
        #expect(try request("--text", file.path).options.text != nil)
        try Data("<svg/>".utf8).write(to: file)
        let error = #expect(throws: FontFile.Failure.self) { try request("--text", file.path) }
        #expect(error?.description.contains("no <font>") == true)
        #expect(throws: InputFile.Failure.self) { try request("--text", "./no-such-font.svg") }
    }

    @Test func overHTTPNoFileIsOpened() throws {
        for name in PenFont.builtInNames {
            #expect(try OptionFields.request([("text", name)], over: .standard).options.text?.name == name)
        }
        #expect(try OptionFields.request([("text", "none")], over: .standard).options.text == nil)
        for name in ["/dev/zero", "./my.svg", "font.svg", "-", ""] {
            let problem = #expect(throws: OptionError.self) {
                try OptionFields.request([("text", name)], over: .standard)
            }
            #expect(problem?.sentence.contains("plain") == true, "\(name)")
        }
    }
}
