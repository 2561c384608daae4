internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Help, manual page and completions all come from the table, and hold all of it.
struct HelpTests {
    private static var leaves: [Verb] { ManualPage.leaves(of: Verb.all) }

    @Test func namesInTheTableAreSound() {
        for verb in Self.leaves {
            let flags = verb.flags.map(\.name)
            #expect(Set(flags).count == flags.count, "\(verb.name) has a flag twice")
            let shorts = verb.flags.compactMap(\.short)
            #expect(Set(shorts).count == shorts.count, "\(verb.name) has a short flag twice")
            #expect(!verb.summary.hasSuffix(".") && !verb.summary.isEmpty)
            #expect(!verb.examples.isEmpty, "\(verb.name) has no example")
            for flag in verb.flags { #expect(!flag.help.isEmpty && !flag.help.hasSuffix("."), "\(flag.name)") }
            for example in verb.examples { #expect(example.command.contains("axidrawd"), "\(example.command)") }
        }
        #expect(Set(Verb.all.map(\.name)).count == Verb.all.count)
    }

    @Test func examplesCanBeParsed() throws {
        let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
        for example in Self.leaves.flatMap(\.examples) {
            for command in example.command.split(separator: "|") {
                let words = command.split(whereSeparator: { $0 == " " }).map { $0.replacing("'", with: "") }
                guard words.first == "axidrawd" else { continue }
                do {
                    _ = try parser.parse(Array(words.dropFirst().map(String.init).prefix { $0 != "&" && $0 != ">" }))
                } catch {
                    Issue.record("\(example.command): \(error)")
                }
            }
        }
    }

    @Test func helpShowsExamplesFirstAndEveryFlag() {
        for verb in Self.leaves {
            let text = HelpText.verb(verb)
            #expect(text.contains("\nExamples:\n"))
            for flag in verb.flags { #expect(text.contains("--\(flag.name)"), "\(verb.name) --\(flag.name)") }
            for line in text.split(separator: "\n") where !line.hasPrefix("Usage:") && !line.contains("axidrawd ") {
                #expect(line.count <= 100 || !line.contains("  "), "\(line)")
            }
        }
        let program = HelpText.program(Verb.all, standard: Verb.standard)
        for verb in Verb.all { #expect(program.contains("\n  \(verb.name)"), "\(verb.name)") }
    }

    @Test(arguments: ["man", "bash", "zsh", "fish"])
    func everyFormHoldsEveryVerbAndFlag(_ form: String) {
        let text = Verb.whole(as: form).replacing("\\-", with: "-")
        for verb in Self.leaves {
            #expect(text.contains(verb.lastName), "\(verb.name)")
            for flag in verb.flags {
                let shown = form == "fish" ? "-l \(flag.name)" : "--\(flag.name)"
                #expect(text.contains(shown), "\(verb.name) --\(flag.name)")
                for word in flag.kind.words { #expect(text.contains(word) || form == "man", "\(word)") }
            }
        }
    }

    @Test(arguments: [
        ("man", "deploy/axidrawd.1"), ("bash", "deploy/completions/axidrawd.bash"),
        ("zsh", "deploy/completions/_axidrawd"), ("fish", "deploy/completions/axidrawd.fish"),
    ])
    func theFilesInDeployAreThoseOfTheTable(_ form: String, _ path: String) throws {
        try expectGolden(Verb.whole(as: form), at: packageDirectory.appendingPathComponent(path))
    }

    @Test(arguments: [
        ["bash", "-n", "deploy/completions/axidrawd.bash"], ["zsh", "-n", "deploy/completions/_axidrawd"],
        ["fish", "--no-execute", "deploy/completions/axidrawd.fish"],
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "deploy/axidrawd.1"],
    ])
    func theirReadersAcceptThem(_ command: [String]) throws {
        let outcome = try Tool.run(command, environment: ["LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"])
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
    }

    @Test(arguments: [
        ("axidrawd pla", "plan"), ("axidrawd plan --tol", "--tolerance"), ("axidrawd plan --fit sh", "shrink"),
        ("axidrawd help --as f", "fish"), ("axidrawd plot x.svg --simul", "--simulate"),
    ])
    func bashCompletes(_ line: String, _ expected: String) throws {
        let script = """
            source deploy/completions/axidrawd.bash
            COMP_WORDS=(\(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _axidrawd; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try Tool.run(["bash", "-c", script])
        #expect(outcome.output.split(separator: "\n").contains(Substring(expected)), "\(outcome)")
    }

    @Test(arguments: [
        ("axidrawd pla", "plan"), ("axidrawd plan --tol", "--tolerance"), ("axidrawd plan --fit sh", "shrink"),
    ])
    func fishCompletes(_ line: String, _ expected: String) throws {
        let script = "source deploy/completions/axidrawd.fish; complete -C '\(line)'"
        let outcome = try Tool.run(["fish", "--no-config", "-c", script])
        let words = outcome.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
        #expect(words.contains(Substring(expected)), "\(outcome)")
    }

    @Test func unknownNamesGetTheNearest() throws {
        let outcome = try Executable.run(["versoin"])
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("did you mean version?"))
        #expect(try Executable.run(["help", "plna"]).errors.contains("did you mean plan?"))
    }

    @Test func versionTellsNumberCompilerAndTarget() throws {
        for arguments in [["version"], ["--version"]] {
            let outcome = try Executable.run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.output.hasPrefix("axidrawd \(Version.number) (Swift 6."))
            #expect(outcome.output.contains("-linux"))
        }
    }

    @Test func aReaderThatGoesAwayEndsItQuietly() throws {
        let script = "'\(Executable.place.path)' help plan | true"
        let outcome = try Tool.run(["bash", "-c", "set -o pipefail; " + script])
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
    }
}
