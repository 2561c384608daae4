internal import Foundation
internal import TestSupport
internal import Testing

/// `axidrawd replay` through its front door.
struct ReplayVerbTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func replay(_ stream: String, _ flags: [String] = []) throws -> Executable.Outcome {
        try Executable.run(["replay", "-"] + flags, input: stream)
    }

    private func summary(_ stream: String, _ flags: [String] = []) throws -> [String: Any] {
        let outcome = try replay(stream, ["--json"] + flags)
        try #require(outcome.code == 0, "\(outcome.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func jsonHasEveryMemberOfTheContract() throws {
        let summary = try summary("EM,1,1\nSP,0,500\nSM,1000,800,800\n\nXX\nSM,1,1\nSP,1,500\n")
        #expect(summary["firmware"] as? String == "3.0.3")
        #expect(summary["commands"] as? Int == 6)
        let errors = try #require(summary["errors"] as? [[String: Any]])
        #expect(errors.count == 1)
        #expect(errors.first?["command"] as? Int == 3)
        #expect(errors.first?["text"] as? String == "!8 Err: Unknown command 'XX:5858'")
        let ticks = try #require(summary["ticks"] as? Int)
        #expect(summary["durationSeconds"] as? Double == Double(ticks) / 25_000)
        #expect((summary["position"] as? [String: Int])?["motor2"] == 800)
        let carriage = try #require(summary["carriage"] as? [String: Double])
        #expect(abs((carriage["xMillimetres"] ?? 0) - 10) < 0.02)
        #expect(summary["penUp"] as? Bool == true)
        #expect(summary["penLifts"] as? Int == 1)
        #expect(summary["penDownMillimetres"] as? Double ?? 0 > 9)
        #expect(summary["penUpMillimetres"] is Double || summary["penUpMillimetres"] is Int)
        #expect(summary["incidents"] is [[String: Any]])
    }

    @Test func rowsQuoteCommandsAndLeaveOutWhatTakesNoTick() throws {
        let outcome = try replay("EM,1,1\rsm,10,5,-3\rSC,4,20000\rLT,9\r\r\nSP,0\r", ["--rows", "-", "-q"])
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "index,command,ticks,motor1,motor2,penUp")
        #expect(lines.dropFirst().map { $0.split(separator: ",").first } == ["0", "1", "4"])
        #expect(lines[2].hasPrefix("1,\"sm,10,5,-3\",251,5,-3,1"))
        #expect(lines[3] == "4,\"SP,0\",1,5,-3,0")
    }

    @Test func stepsAreTheRowsToTheTick() throws {
        let (rows, steps) = (folder.path("rows"), folder.path("steps"))
        let outcome = try replay(
            "SM,30,7,-3,3\nSM,20,2,2\n", ["--rows", rows, "--steps", steps, "--firmware", "2.8.1"])
        #expect(outcome.code == 0)
        let lines = try folder.text("steps").split(separator: "\n").map(String.init)
        #expect(lines.first == "tick,axis,direction")
        let parsed = lines.dropFirst().map { $0.split(separator: ",").compactMap { Int($0) } }
        #expect(parsed.count == 7 + 3 + 2 + 2)
        #expect(parsed.map { $0[0] } == parsed.map { $0[0] }.sorted())
        #expect(parsed.filter { $0[1] == 2 }.reduce(0) { $0 + $1[2] } == -1)
        #expect(try folder.text("rows").contains("\"SM,30,7,-3,3\",753,7,-3,1"))
    }

    @Test func pictureIsThatOfAServedBoardAndTheSameEveryTime() throws {
        let stream = "EM,1,1\nXM,200,800,800\nSP,0,600\nXM,1000,1600,400\nXM,500,-400,800\nSP,1,600\n"
        for name in ["a.png", "b.png", "c.svg"] {
            #expect(try replay(stream, ["-o", folder.path(name), "--scale", "4"]).code == 0)
        }
        #expect(try Data(contentsOf: folder.url("a.png")) == Data(contentsOf: folder.url("b.png")))
        let image = try PNGImage([UInt8](Data(contentsOf: folder.url("a.png"))))
        #expect((image.width, image.height) == (1200, 872))
        // Half way along the first line: 20, 12.5 mm.
        #expect(image.pixels[50 * 1200 + 80] < 0x808080)
        #expect(image.pixels[20 * 1200 + 20] == 0xFFFFFF, "travel is not drawn")
        let served = try Executable.run(
            ["board", "--stdio", "--speed", "max", "-o", folder.path("d.png"), "--scale", "4"], input: stream)
        #expect(served.code == 0)
        #expect(try Data(contentsOf: folder.url("a.png")) == Data(contentsOf: folder.url("d.png")))
        #expect(try folder.text("c.svg").contains("stroke=\"#000000\""))
    }

    @Test func strictMakesErrorsAndIncidentsAFailure() throws {
        #expect(try replay("EM,1,1\nSM,1000,100,100\n", ["--strict"]).code == 0)
        #expect(try replay("EM,1,1\nSM,1000,-800,-800\n", ["--strict"]).code == 1)
        #expect(try replay("EM,1,1\nLT,9\n", ["--strict"]).code == 1)
        #expect(try replay("EM,1,1\nLT,9\n").code == 0)
    }

    @Test(arguments: ["<svg xmlns='http://www.w3.org/2000/svg'>\n<path/>\n</svg>\n", "\n\n\r\n", "hello\n"])
    func whatIsNoStreamIsUnusable(text: String) throws {
        let outcome = try replay(text, ["-o", folder.path("x.png")])
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("no command"))
        #expect(try folder.names() == [])
    }

    private static let refused: [(String, Int32)] = [
        ("replay - -o x.jpg", 64), ("replay - --firmware 2.4.0", 64), ("replay - --firmware 9.9.9", 64),
        ("replay - --scale 100 -o x.png", 64), ("replay - --rows - --json", 64), ("replay", 64),
        ("replay /nonexistent", 66), ("replay - -o /nonexistent/x.png", 73), ("replay - --profile nothing", 64),
    ]

    @Test(arguments: refused)
    func refusals(arguments: String, code: Int32) throws {
        let words = arguments.split(separator: " ").map(String.init)
        let outcome = try Executable.run(words, input: "EM,1,1\n", in: folder.root)
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(!outcome.errors.isEmpty)
        #expect(try folder.names() == [])
    }
}

/// `axidrawd board` on standard streams; the pseudo-terminal is in Tests/Clients.
struct BoardVerbTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func answersOnStandardOutputAndTracesEveryCommand() throws {
        let outcome = try Executable.run(
            ["board", "--stdio", "--speed", "max", "--trace", folder.path("t"), "--name", "Ada", "-q"],
            input: "V\rQT\rEM,1,1\rSM,100,80,80\rXX\rSP,0,100\r")
        #expect(outcome.code == 0)
        #expect(
            outcome.output == "EBBv13_and_above EB Firmware Version 3.0.3\r\nAda\r\nOK\r\nOK\r\nOK\r\n"
                + "!8 Err: Unknown command 'XX:5858'\r\nOK\r\n")
        let lines = try folder.text("t").split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(lines.compactMap { $0["reply"] as? String }.count == 6)
        let move = try #require(lines.first { $0["command"] as? String == "SM,100,80,80" })
        #expect(move["ticks"] as? Int == 2501)
        #expect(move["motor1"] as? Int == 80)
        #expect(move["penUp"] as? Bool == true)
        let summary = try #require(lines.last)
        #expect(summary["commands"] as? Int == 6)
        #expect((summary["errors"] as? [[String: Any]])?.count == 1)
        #expect(summary["penUp"] as? Bool == false)
    }

    @Test func faultsComeFromTheScriptAndItsErrorsNameTheLine() throws {
        try folder.write("command 1 lose 1 to-board\nreply 2 say !\\n\n", to: "faults")
        let outcome = try Executable.run(
            ["board", "--stdio", "--speed", "max", "-q", "--faults", folder.path("faults")], input: "QP\rQP\rQP\r")
        #expect(outcome.output == "1\n\rOK\r\n!8 Err: Unknown command 'P:50'\r\n!\n1\n\rOK\r\n")
        try folder.write("now nothing\n", to: "faults")
        let refused = try Executable.run(["board", "--stdio", "--faults", folder.path("faults")])
        #expect(refused.code == 65)
        #expect(refused.errors.contains("line 1"))
    }

    @Test(arguments: [
        ["board", "--stdio", "--link", "x"], ["board", "--stdio", "-o", "-"], ["board", "--speed", "0"],
        ["board", "--speed", "fast"], ["board", "--name", "seventeen letters"], ["board", "--name", "a,b"],
        ["board", "--seed", "-1"], ["board", "extra"],
    ])
    func wrongUseIsRefused(arguments: [String]) throws {
        #expect(try Executable.run(arguments).code == 64)
    }
}
