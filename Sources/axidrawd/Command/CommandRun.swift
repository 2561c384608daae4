internal import Foundation

/// Runs one command line from its words to its exit code.
package enum CommandRun {
    /// The words after the program's own name.
    ///
    /// The kernel keeps them as they were given. The language's runtime finds them next to the environment in memory,
    /// which a library that is loaded before us may have moved: then there are none, and the daemon would be served.
    package static var arguments: [String] {
        guard let bytes = try? InputFile.read("/proc/self/cmdline") else {
            return Array(CommandLine.arguments.dropFirst())
        }
        // Every word ends with a zero byte, also an empty one.
        return bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).dropFirst()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The number that the process ends with.
    package static func exitCode(_ arguments: [String]) async -> Int32 {
        Allocator.returnsMemory()
        return await run(arguments).rawValue
    }

    static func run(_ arguments: [String]) async -> ExitCode {
        Terminal.ignoreBrokenPipes()
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = Terminal.isTerminal(Terminal.standardError)
        var console = Console(colour: nil, isQuiet: false, environment: environment, isTerminal: isTerminal)
        do {
            let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
            switch try parser.parse(arguments) {
            case .version: try console.result(Version.text + "\n")
            case .help(let verb?): try console.result(HelpText.verb(verb))
            case .help(nil): try console.result(HelpText.program(Verb.all, standard: Verb.standard))
            case .run(let invocation):
                console = Console(
                    colour: invocation.text("color"), isQuiet: invocation.isOn("quiet"), environment: environment,
                    isTerminal: isTerminal)
                return try await invocation.verb.run(invocation, console)
            }
            return .success
        } catch {
            let (code, message) = failure(for: error)
            if let message { console.fail(message) }
            return code
        }
    }
}
