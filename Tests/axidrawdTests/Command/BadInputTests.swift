internal import Foundation
internal import TestSupport
internal import Testing

/// Each kind of bad input through the real program: its own message, the right code, nothing half-written.
struct BadInputTests {
    private static let line =
        "<svg xmlns='http://www.w3.org/2000/svg' width='50mm' height='30mm' viewBox='0 0 50 30' stroke='black'>"

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// The drawing; nil = there is no file.
        var drawing: String?
        var flags: [String] = []
        var code: Int32
        /// Words that the message must hold.
        var words: [String]

        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "no file", drawing: nil, code: 66, words: ["cannot read", "in.svg", "No such file"]),
        Case(name: "empty file", drawing: "", code: 65, words: ["in.svg", "empty"]),
        Case(name: "blank file", drawing: " \n", code: 65, words: ["in.svg", "empty"]),
        Case(name: "not XML", drawing: "G1 X10 Y10\n", code: 65, words: ["in.svg", "line 1", "XML"]),
        Case(name: "cut off", drawing: line + "<path d='M0 0", code: 65, words: ["in.svg", "line 1", "XML"]),
        Case(name: "other XML", drawing: "<html></html>", code: 65, words: ["in.svg", "svg"]),
        Case(
            name: "no drawable element", drawing: line + "<title>t</title></svg>", code: 65,
            words: ["in.svg", "nothing to draw"]),
        Case(
            name: "nothing inside", drawing: line + "<path d='M100 0h5'/></svg>", code: 65,
            words: ["in.svg", "inside page and machine", "--fit"]),
        Case(
            name: "nothing inside the machine", drawing: line + "<path d='M0 0h5'/></svg>",
            flags: ["--origin", "1000,0"], code: 65, words: ["inside page and machine"]),
        Case(
            name: "strict", drawing: line + "<path d='M40 5h20'/></svg>", flags: ["--strict"], code: 65,
            words: ["--strict", "lost"]),
        Case(
            name: "a number that is none", drawing: line + "<path d='M0 0h5'/></svg>", flags: ["--tolerance", "nan"],
            code: 64, words: ["--tolerance", "nan", "0.001", "1 mm"]),
        Case(
            name: "a number out of range", drawing: line + "<path d='M0 0h5'/></svg>",
            flags: ["--pen-down-speed", "401"], code: 64, words: ["--pen-down-speed", "401", "0.1", "400"]),
        Case(
            name: "a flag that does not exist", drawing: line + "<path d='M0 0h5'/></svg>", flags: ["--margins", "3"],
            code: 64, words: ["--margins", "did you mean --margin"]),
        Case(
            name: "a profile that does not exist", drawing: line + "<path d='M0 0h5'/></svg>",
            flags: ["--profile", "axidraw-v4"], code: 64, words: ["axidraw-v4", "did you mean axidraw-v3"]),
    ]

    @Test(arguments: cases)
    func isRefusedInItsOwnWords(_ bad: Case) throws {
        let folder = try TemporaryFolder()
        if let drawing = bad.drawing { try folder.write(drawing, to: "in.svg") }
        let before = try folder.names()
        for verb in [["plot", "--simulate"], ["plan"]] {
            let arguments = verb + [folder.path("in.svg"), "-o", folder.path("out.png")] + bad.flags
            let outcome = try Executable.run(arguments)
            #expect(outcome.code == bad.code, "\(outcome.errors)")
            for word in bad.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
            #expect(outcome.errors.split(separator: "\n").count == 1, "one line: \(outcome.errors)")
            #expect(outcome.output == "")
            #expect(try folder.names() == before, "nothing is left behind")
        }
    }

    @Test func anOutputThatCannotBeWrittenIsRefusedBeforeTheWork() throws {
        let folder = try TemporaryFolder()
        let drawing = try folder.write(Self.line + "<path d='M0 0h5'/></svg>", to: "in.svg")
        let missing = folder.path("missing/out.png")
        let outcome = try Executable.run(["plot", drawing, "--simulate", "-o", missing])
        #expect(outcome.code == 73)
        #expect(outcome.errors.contains("cannot create") && outcome.errors.contains("missing/out.png"))
        let wrong = try Executable.run(["plot", drawing, "--simulate", "-o", folder.path("out.gif")])
        #expect(wrong.code == 64)
        #expect(wrong.errors.contains(".png or .svg"))
        #expect(try folder.names() == ["in.svg"])
    }

    @Test func aFullDiskIsAnInputOutputError() throws {
        let folder = try TemporaryFolder()
        let drawing = try folder.write(Self.line + "<path d='M0 0h5'/></svg>", to: "in.svg")
        let outcome = try Executable.run(["plan", drawing, "--commands", "/dev/full"])
        #expect(outcome.code == 74)
        #expect(outcome.errors.contains("No space left"))
    }

    @Test func aFileThatIsAFolderIsNamed() throws {
        let folder = try TemporaryFolder()
        let outcome = try Executable.run(["plan", folder.root.path])
        #expect(outcome.code == 66)
        #expect(outcome.errors.contains("folder"))
    }

    @Test func plotSaysWhatItNeeds() throws {
        let folder = try TemporaryFolder()
        let drawing = try folder.write(Self.line + "<path d='M0 0h5'/></svg>", to: "in.svg")
        let outcome = try Executable.run(["plot", drawing])
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("--simulate"))
    }

    @Test func anExistingResultStaysWhenTheDrawingIsBad() throws {
        let folder = try TemporaryFolder()
        try folder.write("<svg", to: "in.svg")
        try folder.write("old", to: "out.png")
        #expect(try Executable.run(["plan", folder.path("in.svg"), "-o", folder.path("out.png")]).code == 65)
        #expect(try folder.text("out.png") == "old")
        #expect(try folder.names() == ["in.svg", "out.png"])
    }
}
