internal import EBB
internal import Motion
internal import Testing

@testable internal import Text
@testable internal import axidrawd

struct ArgumentParserTests {
    private static let draw = Verb(
        "draw", "draws", positionals: [Positional("X"), Positional("Y", isRequired: false)],
        groups: [
            FlagGroup(
                "All kinds",
                [
                    Flag("output", short: "o", .output("F"), ""), Flag("trace", .output("F"), ""),
                    Flag("json", .on, ""), Flag("verbose", short: "v", .on, ""),
                    Flag("size", .length(0...100), ""), Flag("at", .pair(-10...10), ""), Flag("paper", .page, ""),
                    Flag("margin", .margin(0...10), ""), Flag("speed", .wordOr(["max"], .number(1...9, "N")), ""),
                    Flag("simulate", .optionalInteger(1...16, 1), ""), Flag("mode", .choice(["a", "b"]), ""),
                    Flag("firmware", .firmware, ""), Flag("device", .text("PATH"), "", isRepeatable: true),
                ])
        ]
    ) { _, _ in .success }
    private static let inner = Verb("device walk", "walks", positionals: [Positional("DX"), Positional("DY")])
    private static let device = Verb("device", "the device", verbs: [inner])
    private let parser = ArgumentParser(table: [draw, device], standard: nil)

    private func invocation(_ line: String) throws -> Invocation {
        let words = line.split(separator: " ").map(String.init)
        guard case .run(let invocation) = try parser.parse(words) else {
            throw ExitCode.failure
        }
        return invocation
    }

    private func error(_ line: String) -> UsageError? {
        do {
            _ = try parser.parse(line.split(separator: " ").map(String.init))
            return nil
        } catch {
            return error
        }
    }

    @Test func readsEveryKindOfFlag() throws {
        let got = try invocation(
            "draw 1 --size 2cm --at -5,1cm --paper a5 --margin 1,2,3,4 --speed max --mode b --firmware 2.8.1 -vo x.png")
        #expect(got.number("size") == 20)
        #expect(got.point("at") == Point(-5, 10))
        #expect(got.size("paper") == Size(width: 148, height: 210))
        #expect(got.margin("margin") == .init(top: 1, right: 2, bottom: 3, left: 4))
        #expect(got.text("speed") == "max")
        #expect(got.text("mode") == "b")
        #expect(got.firmware("firmware") == .v281)
        #expect(got.isOn("verbose"))
        #expect(got.text("output") == "x.png")
    }

    @Test func readsValuesThatBeginWithAMinusSign() throws {
        #expect(try invocation("draw 1 --at -5,-.5").point("at") == Point(-5, -0.5))
        #expect(try invocation("draw 1 --at=-5,1").point("at") == Point(-5, 1))
        #expect(try invocation("draw - -o -").positionals == ["-"])
    }

    @Test func takesNegativeNumbersAsArguments() throws {
        let got = try invocation("device walk -10 5")
        #expect(got.verb.name == "device walk")
        #expect(got.positionals == ["-10", "5"])
    }

    @Test func optionalValuesNeedAnEqualsSign() throws {
        #expect(try invocation("draw --simulate 3").integer("simulate") == 1)
        #expect(try invocation("draw --simulate=3 x").integer("simulate") == 3)
        #expect(try invocation("draw x").integer("simulate") == nil)
    }

    @Test func flagsEndAtTwoDashes() throws {
        #expect(try invocation("draw -- --json").positionals == ["--json"])
    }

    @Test func repeatsOnlyWhatMayBeRepeated() throws {
        #expect(try invocation("draw x --device a --device b").all("device") == [.text("a"), .text("b")])
        #expect(error("draw x --size 1 --size 2") == .repeatedFlag("--size"))
        #expect(error("draw x --json --json") == nil)
    }

    @Test(arguments: [
        ("drwa x", UsageError.unknownVerb("drwa", nearest: "draw")),
        ("zzzzzzz", .unknownVerb("zzzzzzz", nearest: nil)),
        ("device wlak", .unknownVerb("device wlak", nearest: "walk")),
        ("draw x --szie 1", .unknownFlag("--szie", verb: "draw", nearest: "--size", others: [])),
        ("device walk 1 2 --size 1", .unknownFlag("--size", verb: "device walk", nearest: nil, others: ["draw"])),
        ("draw x -z", .unknownFlag("-z", verb: "draw", nearest: nil, others: [])),
        ("draw x --size", .missingValue(flag: "--size", placeholder: "MM")),
        ("draw x --size --json", .missingValue(flag: "--size", placeholder: "MM")),
        ("draw x --json=1", .unexpectedValue(flag: "--json")),
        ("draw", .missingArgument(verb: "draw", name: "X")),
        ("draw 1 2 3", .unexpectedArgument(verb: "draw", value: "3")),
        ("draw x -o - --trace -", .severalStandardOutputs(["--output -", "--trace -"])),
        ("draw x --json -o -", .severalStandardOutputs(["--output -", "--json"])),
    ])
    func refusesWhatItCannotRead(_ line: String, _ expected: UsageError) {
        #expect(error(line) == expected)
    }

    @Test(arguments: [
        "--size nan", "--size 101", "--size -1", "--size 1e999", "--size 0x5", "--size 1,5", "--at 1", "--at 1,2,3",
        "--at 11,0", "--paper a9", "--paper 0x5", "--paper 10x", "--margin 1,2", "--margin 11",
        "--speed fast", "--speed 0", "--simulate=0", "--simulate=1.5", "--mode c", "--firmware 3",
    ])
    func namesFlagValueAndRangeOfBadValues(_ flag: String) throws {
        let caught = try #require(error("draw x " + flag))
        guard case .badValue(let name, let value, let expected) = caught else {
            Issue.record("\(caught)")
            return
        }
        #expect(caught.description.contains(name) && caught.description.contains(value))
        #expect(caught.description.contains(expected) && !expected.isEmpty)
    }

    @Test func helpAndVersionWinWithoutArguments() throws {
        guard case .help(let verb?) = try parser.parse(["draw", "-h"]) else {
            Issue.record("no help")
            return
        }
        #expect(verb.name == "draw")
        guard case .version = try parser.parse(["--version"]) else {
            Issue.record("no version")
            return
        }
    }

    @Test func anErrorTextCarriesNoControlCharacters() {
        let text = UsageError.unknownVerb("a\u{1b}[31m\n", nearest: nil).description
        #expect(!text.contains("\u{1b}") && !text.contains("\n"))
    }
}
