internal import Foundation
internal import Glibc
internal import HTTP
internal import Text

extension Verb {
    static let task = Verb(
        "task", "one drawing for a batch scheduler: wait for the turn, draw when called; exit 0 only if it was drawn",
        examples: [
            Example(
                "axidrawd task", "in a task of Nomad: its payload, its plotter and Consul are found in its environment"),
            Example("axidrawd task press.json --to plot1 --url http://plotter:8080", "the same by hand"),
        ],
        positionals: [Positional("FILE", isRequired: false, isFile: true)],
        groups: [
            FlagGroup(
                "Task",
                [
                    Flag(
                        "to", .text("DEVICE"), "plotter",
                        standard: "as the payload says, else $NOMAD_META_plotter, else $PLOTTER_ID"),
                    Flag(
                        "url", .text("URL"),
                        "where the plotter's daemon is; of several the next is tried when one fails",
                        standard: "$AXIDRAWD_URL, else as Consul says", isRepeatable: true),
                    Flag(
                        "consul", .text("URL"), "agent that knows where the plotter is, asked before every connection",
                        standard: "$CONSUL_HTTP_ADDR, else $CONSUL_HOST:$CONSUL_PORT"),
                    Flag("key-file", .input("FILE"), "file with the key for the daemon", standard: "$AXIDRAWD_KEY"),
                    Flag("products", .input("FILE"), "installation file with the products", standard: "the original's"),
                    Flag(
                        "design", .text("URL"), "daemon that makes drawings of products which are not known here",
                        standard: "$DESIGN_URL, else the plotter's"),
                    Flag(
                        "patience", .integer(1...86_400), "seconds without a place in the line before it gives up",
                        standard: "600"),
                    Flag("timeout", .integer(1...604_800), "seconds it may take in all", standard: "86400"),
                ])
        ]
    ) { invocation, console in
        try TaskCommand(invocation, console, ProcessInfo.processInfo.environment).run()
    }
}

/// Reads what a task is to do and what it may use, runs it, and says how it ended.
struct TaskCommand {
    let invocation: Invocation
    let console: Console
    let environment: [String: String]

    init(_ invocation: Invocation, _ console: Console, _ environment: [String: String]) {
        self.invocation = invocation
        self.console = console
        self.environment = environment.filter { !$0.value.isEmpty }
    }

    func run() throws -> ExitCode {
        let task: TaskDescription
        switch try description() {
        case .success(let found): task = found
        case .failure(let failure):
            console.fail("the payload cannot be used: \(failure)")
            if case .newer = failure { return .configuration }
            return .unusableInput
        }
        let plan = try invocation.text("products").map { path throws(ConfigurationFailure) in
            try InstallationPlan.file(path)
        }
        let place = PlotterPlace(task.plotter ?? "", named: try addresses(), agent: try agent()) { console.note($0) }
        let maker = DrawingMaker(task, plan ?? .original, design: try design(), key: try key())
        let patience = TaskRun.Patience(
            withoutPlace: Int64(invocation.integer("patience") ?? 600) * 1000,
            whole: Int64(invocation.integer("timeout") ?? 86_400) * 1000)
        let ways = TaskRun.Ways(
            address: { place.next() },
            draw: { address throws(TaskRun.Undrawable) in try maker.drawing(address) },
            now: { HTTPServer.now }, wait: { usleep(UInt32(min($0, 60_000)) * 1000) },
            say: { console.note($0) }, jitter: { Double.random(in: 0...1) })
        let signals = endsWhenAsked(task)
        defer { withExtendedLifetime(signals) {} }
        return say(TaskRun(task, key: try key(), patience: patience, ways: ways).run(), task)
    }

    /// A scheduler that moves a task asks it to end: what is promised stays, for the next run of the same.
    private func endsWhenAsked(_ task: TaskDescription) -> Signals {
        Signals { [console] number in
            console.note("ends as it is asked to; run again, it goes on as \(task.ticket)")
            _exit(ExitCode(signal: number).rawValue)
        }
    }

    private func say(_ end: TaskRun.End, _ task: TaskDescription) -> ExitCode {
        switch end {
        case .drawn(let seconds):
            let time = seconds.map { " in \(Int($0.rounded())) s" } ?? ""
            console.note("\(task.product) is drawn\(time)")
            return .success
        case .unreachable(let reason):
            console.fail("\(reason); it may be tried again")
            return .unavailable
        case .busy(let reason):
            console.fail("\(reason); it may be tried again")
            return .tryLater
        case .failed(let reason):
            console.fail("\(task.product) was not drawn: \(reason)")
            return .failure
        case .refused(let reason):
            console.fail(reason)
            return .notPermitted
        case .unusable(let reason):
            console.fail(reason)
            return .unusableInput
        }
    }

    // MARK: What the environment says

    private func description() throws -> Result<TaskDescription, TaskDescription.Failure> {
        let path =
            try invocation.positionals.first ?? environment["NOMAD_TASK_DIR"].map { $0 + "/config.json" }
            ?? {
                throw UsageError.missingArgument(verb: "task", name: "FILE or $NOMAD_TASK_DIR with config.json in it")
            }()
        let bytes = try InputFile.read(path)
        do throws(TaskDescription.Failure) {
            let read = try TaskDescription(bytes)
            let meta = environment["NOMAD_META_plotter"] ?? environment["NOMAD_META_PLOTTER"]
            let plotter = invocation.text("to") ?? read.plotter ?? meta ?? environment["PLOTTER_ID"]
            guard let plotter else { return .failure(.notOurs("nothing says which plotter; --to DEVICE does")) }
            return .success(read.completed(plotter: plotter))
        } catch { return .failure(error) }
    }

    private func addresses() throws -> [DaemonAddress] {
        var texts = invocation.all("url").compactMap { if case .text(let text) = $0 { text } else { nil } }
        if texts.isEmpty, let text = environment["AXIDRAWD_URL"] { texts = [text] }
        let addresses = try texts.map { text in
            guard let address = DaemonAddress(text) else {
                throw UsageError.badValue(
                    name: "--url", value: text, expected: "http://HOST:PORT, https://HOST or unix:PATH")
            }
            return address
        }
        guard addresses.isEmpty, try agent() == nil else { return addresses }
        return [try .choice(flag: nil, environment: environment)]
    }

    private func agent() throws -> PlotterPlace.Agent? {
        let host = environment["CONSUL_HOST"].map { "\($0):\(environment["CONSUL_PORT"] ?? "8500")" }
        guard let text = invocation.text("consul") ?? environment["CONSUL_HTTP_ADDR"] ?? host else { return nil }
        // Its own variable may stand without a scheme.
        guard let location = HTTPLocation(text.contains("://") || text.hasPrefix("unix:") ? text : "http://" + text)
        else { throw UsageError.badValue(name: "--consul", value: text, expected: "http://HOST:PORT") }
        return PlotterPlace.Agent(location: location, token: environment["CONSUL_HTTP_TOKEN"])
    }

    private func design() throws -> DaemonAddress? {
        guard let text = invocation.text("design") ?? environment["DESIGN_URL"] else { return nil }
        guard let address = DaemonAddress(text) else {
            throw UsageError.badValue(name: "--design", value: text, expected: "http://HOST:PORT")
        }
        return address
    }

    private func key() throws -> String? { try ClientCommand.key(invocation, environment) }
}
