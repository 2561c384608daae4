internal import Foundation
internal import Text

extension Verb {
    /// The configuration file.
    static let config = Verb(
        "config", "check or show the configuration",
        examples: [
            Example("axidrawd config check", "read the file as the daemon would, and say what is wrong"),
            Example("axidrawd config show", "what is in force: environment over file over built-in"),
        ],
        verbs: [
            Verb(
                "config check", "read the file and say what is wrong",
                examples: [Example("axidrawd config check ./config.json", "check a file before it is installed")],
                positionals: [Positional("FILE", isRequired: false, isFile: true)]
            ) { invocation, console in
                try ConfigCommand.run(invocation, console, looks: true) { _ in "" }
            },
            Verb(
                "config show", "print what is in force as JSON",
                examples: [Example("axidrawd config show", "environment over file over built-in")],
                positionals: [Positional("FILE", isRequired: false, isFile: true)]
            ) { invocation, console in
                try ConfigCommand.run(invocation, console) { $0.json.text + "\n" }
            },
        ])
}

/// The bodies of `config …`.
enum ConfigCommand {
    static func run(
        _ invocation: Invocation, _ console: Console, looks: Bool = false, text: (ServiceConfiguration) -> String
    ) throws -> ExitCode {
        let environment = ProcessInfo.processInfo.environment
        let path =
            invocation.positionals.first
            ?? DaemonPaths(environment: environment, isSimulated: false).configurationFile
        if invocation.positionals.first != nil, !FileManager.default.fileExists(atPath: path) {
            console.fail("cannot read \(quoted(path)): there is no such file")
            return .missingInput
        }
        do throws(ServiceConfiguration.Failure) {
            let configuration = try ServiceConfiguration.file(path).overridden(by: environment)
                .over(ServiceConfiguration.standard(environment))
            if looks, let trouble = tokenTrouble(configuration) {
                console.fail("\(path): \(trouble)")
                return .configuration
            }
            try? console.result(text(configuration))
            console.note("\(path): nothing is wrong; \(configuration.accessSentence)")
            return .success
        } catch {
            console.fail(error.description)
            return .configuration
        }
    }

    /// What keeps files with tokens and keys that the configuration names from being used; nil = nothing.
    private static func tokenTrouble(_ configuration: ServiceConfiguration) -> String? {
        let plan = configuration.cluster
        let files = [
            ("cluster.consul.tokenFile", plan?.consul?.tokenFile), ("cluster.nomad.tokenFile", plan?.nomad?.tokenFile),
            ("cluster.keyFile", plan?.keyFile),
        ]
        for case (let name, let file?) in files {
            do throws(ClusterFailure) { _ = try ClusterToken(path: file, credential: "").read() } catch {
                if case .token(let reason) = error { return "\(name): \(reason)" }
            }
        }
        return nil
    }
}
