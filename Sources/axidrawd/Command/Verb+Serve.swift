internal import EBB
internal import Foundation
internal import Glibc
internal import HTTP
internal import Simulator
internal import Text

extension Verb {
    /// The daemon.
    static let serve = Verb(
        "serve", "run the daemon: plotters, queue and page over HTTP",
        examples: [
            Example("axidrawd --simulate", "serve a virtual plotter on http://127.0.0.1:8080"),
            Example("axidrawd --simulate --installation", "the whole show on one virtual plotter, page /installation"),
            Example("axidrawd serve --simulate=2 --speed 10", "two virtual plotters at ten times the speed"),
        ],
        groups: [
            FlagGroup(
                "Boards",
                [
                    Flag("simulate", .optionalInteger(1...16, 1), "serve on N virtual boards instead of real ones"),
                    Flag(
                        "name", .text("NAME"), "name of a virtual board, in their order", standard: "plot1, plot2, …",
                        isRepeatable: true),
                    Flag(
                        "speed", .wordOr(["realtime", "max"], .number(0.01...1000, "N")),
                        "speed of virtual boards", standard: "realtime"),
                    Flag(
                        "profile", .suggested("NAME|FILE", []), "machine: travel, steps per mm, servo, limits",
                        standard: "axidraw-v3"),
                    Flag("firmware", .firmware, "firmware of virtual boards", standard: "3.0.3"),
                    Flag(
                        "device", .text("PATH"), "also drive the board on this port, which udev need not show",
                        isRepeatable: true),
                ]),
            FlagGroup(
                "Installation",
                [
                    Flag("installation", .on, "a press of a button becomes a drawing: the products of the original"),
                    Flag("products", .input("FILE"), "an installation of one's own: products, cycle, buttons"),
                ]),
            FlagGroup(
                "Fleet",
                [
                    Flag(
                        "role", .choice(DaemonRole.allCases.map(\.rawValue)),
                        "be only this part; may be repeated; parts find each other through cluster.consul",
                        standard: "all of them", isRepeatable: true)
                ]),
            FlagGroup(
                "Service",
                [
                    Flag(
                        "listen", .text("HOST:PORT|unix:PATH"), "where to serve; may be repeated",
                        standard: "127.0.0.1:8080 and the runtime socket", isRepeatable: true),
                    Flag(
                        "state", .text("DIRECTORY"), "where queue, history and keys are kept",
                        standard: "the service's or user's own"),
                    Flag("config", .input("FILE"), "configuration file", standard: "the service's or user's own"),
                    Flag(
                        "hold", .on,
                        "start with every line closed, as after Stop: nothing moves until a person says go on"),
                    Flag(
                        "web", .text("DIRECTORY"), "serve the web front from here, read anew each time; to work on it"),
                    Flag("log", .choice(["text", "json"]), "form of the log on standard error", standard: "text"),
                    Flag("verbose", short: "v", .on, "log every request"),
                ]),
        ]
    ) { invocation, console in
        try await ServeCommand.run(invocation, console)
    }
}

/// Runs the daemon from its command line to its end.
enum ServeCommand {
    static func run(_ invocation: Invocation, _ console: Console) async throws -> ExitCode {
        let environment = ProcessInfo.processInfo.environment
        let processId = ProcessInfo.processInfo.processIdentifier
        let inherited = SocketActivation(environment: environment, processId: processId)
        let notify = Notify(environment: environment, processId: processId)
        Notify.clearEnvironment()
        guard inherited.refused.isEmpty else {
            console.fail("systemd handed over descriptor \(inherited.refused[0]), which is no listening socket")
            return .configuration
        }
        var options: DaemonOptions
        do {
            options = try self.options(invocation, environment, inherited: inherited.endpoints)
        } catch let failure as ServiceConfiguration.Failure {
            console.fail(failure.description)
            return .configuration
        }
        let credentials = CredentialTable()
        if let code = loadKeys(&options, credentials, invocation.text("state"), console) { return code }
        let log = Log(
            level: invocation.isOn("verbose") ? .debug : invocation.isOn("quiet") ? .warning : .info,
            form: options.layers.effective.log ?? .text, isJournal: console.isJournal)
        Socket.raiseDescriptorLimit()
        switch openSpool(options.statePath, console) {
        case .success(let keeper): options.keeper = keeper
        case .failure(let code): return code
        }
        tellAccess(options, credentials, console)
        log.write(
            .info, "daemon starts",
            [
                ("version", Version.number), ("state", options.statePath),
                ("configuration", configurationPath(invocation, environment)),
            ])
        let daemon: Daemon
        do throws(SystemError) {
            daemon = try Daemon(
                options: options, planning: .pipeline(options.memory), credentials: credentials, log: log)
        } catch {
            console.fail("cannot start: \(error)")
            return .unavailable
        }
        do throws(SocketError) {
            let served = Set(options.listen.map(\.text))
            let handed = zip(inherited.sockets, inherited.endpoints).filter { served.contains($0.1.text) }.map(\.0)
            let sockets = inherited.sockets.isEmpty ? try daemon.listen() : handed
            return await serve(
                daemon, sockets, notify, console,
                reload: { () throws(ServiceConfiguration.Failure) in
                    try ServiceConfiguration.file(configurationPath(invocation, environment))
                })
        } catch {
            return refuse(error, options, console)
        }
    }

    private static func configurationPath(_ invocation: Invocation, _ environment: [String: String]) -> String {
        invocation.text("config") ?? DaemonPaths(environment: environment, isSimulated: false).configurationFile
    }

    /// Flag over environment over what was chosen over file over built-in.
    private static func options(
        _ invocation: Invocation, _ environment: [String: String], inherited: [DaemonOptions.Endpoint]
    ) throws -> DaemonOptions {
        var options = DaemonOptions()
        options.simulated = invocation.integer("simulate") ?? 0
        options.ports = invocation.all("device").compactMap { if case .text(let text) = $0 { text } else { nil } }
        if options.simulated > 0, !options.ports.isEmpty {
            throw UsageError.conflict("--device and --simulate exclude each other")
        }
        try takeParts(invocation, &options)
        let paths = try DaemonPaths(invocation, environment, isSimulated: options.simulated > 0)
        options.statePath = paths.state
        let settings = SettingsFile(folder: paths.state)
        options.settingsFile = settings
        options.layers.file = try ServiceConfiguration.file(configurationPath(invocation, environment))
        options.layers.chosen = try ServiceConfiguration.file(settings.path)
        options.layers.standard = try ServiceConfiguration.standard(environment)
        options.layers.fixed = try fixed(invocation, environment, inherited: inherited)
        options.hasInheritedSockets = !inherited.isEmpty
        if options.layers.effective.listen == nil {
            let socket = paths.makeSocketFolder().map { DaemonOptions.Endpoint(.unix(path: $0)) }
            options.layers.fixed.listen =
                [.init(.internet(host: "127.0.0.1", port: 8080))] + (socket.map { [$0] } ?? [])
        }
        let configuration = options.layers.effective
        try checkParts(options.roles, configuration)
        options.listen = configuration.listen ?? []
        options.speed = invocation.text("speed") == "max" ? .maximum : .times(invocation.number("speed") ?? 1)
        if let name = configuration.profile { options.profile = try ProfileFile.profile(named: name) }
        if let firmware = configuration.firmware { options.firmware = firmware }
        options.access = configuration.access(machineName: Socket.machineName)
        options.memory.replace(MemoryAllowance(settingMebibytes: configuration.memoryMebibytes))
        options.keyFile = KeyFile(path: paths.keys)
        options.holdsAtStart = invocation.isOn("hold")
        options.installation = try installation(invocation, paths, isSimulated: options.simulated > 0)
        options.webFolder = try webFolder(invocation)
        options.installationFolder = paths.state + "/installation"
        return options
    }

    /// Roles, and names of virtual boards.
    private static func takeParts(_ invocation: Invocation, _ options: inout DaemonOptions) throws(UsageError) {
        func texts(_ name: String) -> [String] {
            invocation.all(name).compactMap { if case .text(let text) = $0 { text } else { nil } }
        }
        let roles = Set(texts("role").compactMap(DaemonRole.init))
        if !roles.isEmpty { options.roles = roles }
        if !options.roles.contains(.plotter), options.simulated > 0 || !options.ports.isEmpty {
            throw .conflict("--simulate and --device are for those who drive machines: add --role plotter")
        }
        options.simulatedNames = texts("name")
        for (place, name) in options.simulatedNames.enumerated() {
            let isName =
                (1...32).contains(name.utf8.count)
                && name.utf8.allSatisfy {
                    ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || "-_".utf8.contains($0)
                }
            guard isName, !options.simulatedNames[..<place].contains(name) else {
                throw .badValue(
                    name: "--name", value: name, expected: "1 to 32 letters, digits, - or _, each name once")
            }
        }
        guard options.simulatedNames.count <= options.simulated else {
            throw .conflict("--name is for virtual boards, and there are \(options.simulated) of them: --simulate=N")
        }
    }

    /// Who has no machines of its own must find those of others.
    private static func checkParts(
        _ roles: Set<DaemonRole>, _ configuration: ServiceConfiguration
    ) throws(ServiceConfiguration.Failure) {
        guard !roles.contains(.plotter), !roles.isDisjoint(with: [.webhooks, .preview]),
            configuration.cluster?.consul == nil
        else { return }
        throw ServiceConfiguration.Failure(
            source: "--role", line: nil,
            reason: "without plotters of its own a daemon finds them through Consul: set cluster.consul in the "
                + "configuration file, or add --role plotter")
    }

    /// The file that is named, or beside the configuration; else the original's products where they are asked for.
    private static func installation(
        _ invocation: Invocation, _ paths: DaemonPaths, isSimulated: Bool
    ) throws -> InstallationPlan {
        if let path = invocation.text("products") { return try .file(path) }
        guard invocation.isOn("installation") else { return InstallationPlan() }
        let own = paths.configuration + "/installation.json"
        if FileManager.default.fileExists(atPath: own) { return try .file(own) }
        var plan = InstallationPlan.original
        // Nobody lays a new sheet on a virtual board.
        if isSimulated { plan.paper = .endless }
        return plan
    }

    /// A folder that is there; a slip of the pen would show as pages of the binary.
    private static func webFolder(_ invocation: Invocation) throws(UsageError) -> String? {
        guard let path = invocation.text("web") else { return nil }
        guard (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil else {
            throw .badValue(name: "--web", value: path, expected: "a folder, such as Sources/axidrawd/Page/Assets")
        }
        return path
    }

    /// What flags, systemd and the environment fix for the life of the process.
    private static func fixed(
        _ invocation: Invocation, _ environment: [String: String], inherited: [DaemonOptions.Endpoint]
    ) throws -> ServiceConfiguration {
        var fixed = try ServiceConfiguration().overridden(by: environment)
        let texts = invocation.all("listen").compactMap { if case .text(let text) = $0 { text } else { nil } }
        if !texts.isEmpty { fixed.listen = try texts.map(endpoint) }
        if !inherited.isEmpty { fixed.listen = inherited }
        if let form = invocation.choice("log", as: Log.Form.self) { fixed.log = form }
        if let name = invocation.text("profile") { fixed.profile = name }
        if let firmware = invocation.firmware("firmware") { fixed.firmware = firmware }
        return fixed
    }

    /// Opens the queue's folder; a message and a code if it cannot be had.
    private static func openSpool(_ path: String, _ console: Console) -> Result<JobKeeper, ExitCode> {
        do throws(JobStore.Refusal) { return .success(try JobKeeper.open(path: path)) } catch {
            switch error {
            case .spool(.locked):
                console.fail(
                    "another axidrawd keeps its queue in \(path); stop that one, or give this one a folder of its own: "
                        + "--state DIRECTORY")
                return .failure(.tryLater)
            case .spool(.version(let found)):
                let version = found.trimmingCharacters(in: .whitespacesAndNewlines)
                console.fail(
                    "\(path) has queues of version \(quoted(version)), and this program knows them up to version "
                        + "\(quoted(SpoolOpening.version.trimmingCharacters(in: .newlines))); use the program that wrote them, or another folder: --state DIRECTORY"
                )
                return .failure(.configuration)
            default:
                console.fail("the queue in \(path) cannot be opened: \(error); \(remedy(error))")
                return .failure(.cannotCreate)
            }
        }
    }

    private static func remedy(_ refusal: JobStore.Refusal) -> String {
        switch refusal {
        case .spool(.noSpace): "make room, or give it a folder on another disk: --state DIRECTORY"
        case .spool(.inputOutput(_, _, EACCES)), .spool(.inputOutput(_, _, EPERM)), .spool(.inputOutput(_, _, EROFS)):
            "it must be a folder that you may write to: --state DIRECTORY"
        case .spool, .queueFull, .overQuota, .unknownJob, .forbidden:
            "is it a folder of yours, on a disk that works? another: --state DIRECTORY"
        }
    }

    private static func endpoint(_ text: String) throws(UsageError) -> DaemonOptions.Endpoint {
        guard let endpoint = DaemonOptions.Endpoint(text) else {
            throw .badValue(
                name: "--listen", value: text, expected: "HOST:PORT such as 127.0.0.1:8080, or unix:PATH")
        }
        return endpoint
    }

    /// Beyond this machine only with keys: without any the daemon does not start.
    ///
    /// A file that cannot be used is told, and ends nothing on this machine: no key of it counts until it is mended.
    private static func loadKeys(
        _ options: inout DaemonOptions, _ credentials: CredentialTable, _ state: String?, _ console: Console
    ) -> ExitCode? {
        guard let file = options.keyFile else { return nil }
        do throws(KeyFile.Failure) {
            credentials.replaceKeys(try file.read())
            credentials.restore(file.sessions())
        } catch {
            let kept = options.listen.filter(\.isLocal)
            let isLess = kept.count < options.listen.count
            console.fail(
                "\(error); until then no key counts"
                    + (isLess ? ", and only \(kept.map(\.text).joined(separator: ", ")) is served" : ""))
            guard !kept.isEmpty else { return .configuration }
            options.listen = kept
            return nil
        }
        guard options.access.rule != .open else { return nil }
        guard let open = options.listen.first(where: { !$0.isLocal }), !credentials.hasKeys else { return nil }
        console.fail(
            "\(open.text) can be reached from other machines, and there is no key; make one first: "
                + "axidrawd keys add NAME --role operator" + (options.simulated > 0 ? " --simulated" : "")
                + (state.map { " --state " + ($0.contains(" ") ? quoted($0) : $0) } ?? ""))
        return .configuration
    }

    /// Who may come without a key, where that is not what a person's own run does.
    private static func tellAccess(_ options: DaemonOptions, _ credentials: CredentialTable, _ console: Console) {
        let configuration = options.layers.effective
        let rule = configuration.accessRule.rule
        let needsKey = rule == .keys && !credentials.hasKeys
        let sentence = configuration.accessSentence + (needsKey ? "; there is no key yet: axidrawd keys add NAME" : "")
        if rule == .open { console.warn(sentence) } else { console.note(sentence) }
    }

    /// An address that cannot be had: in use is no mistake of the user, so it has a remedy and code of its own.
    private static func refuse(_ error: SocketError, _ options: DaemonOptions, _ console: Console) -> ExitCode {
        let places = options.listen.map(\.text).joined(separator: ", ")
        switch error.code {
        case EADDRINUSE:
            console.fail(
                "\(places) is in use, perhaps by another axidrawd; stop that one or choose another port: "
                    + "--listen 127.0.0.1:8081")
            return .tryLater
        case ENOTSOCK:
            console.fail("\(error.call) is there and is no socket; it stays as it is, name another path after unix:")
            return .cannotCreate
        case EACCES, EPERM:
            let isPath = error.call.contains("/")
            console.fail(
                "\(places) may not be opened (\(error)); "
                    + (isPath ? "name a path after unix: where you may write" : "choose a port above 1023"))
            return .notPermitted
        default:
            console.fail("cannot listen on \(places): \(error)")
            return .unavailable
        }
    }

    /// What may happen to a running daemon.
    private enum Occasion: Sendable {
        case stop(ExitCode)
        case reload, ended
    }

    /// Until a signal comes.
    private static func serve(
        _ daemon: Daemon, _ sockets: [CInt], _ notify: Notify, _ console: Console,
        reload: () throws(ServiceConfiguration.Failure) -> ServiceConfiguration
    ) async -> ExitCode {
        let (occasions, continuation) = AsyncStream.makeStream(of: Occasion.self)
        // A terminal that is closed sends SIGHUP, and whoever started us there has gone; with nohup that is no reason.
        let reloads = Signals.isIgnored(SIGHUP) || !Terminal.controlsProcess
        let watch = Signals([SIGINT, SIGTERM, SIGHUP]) { number in
            let isReload = number == SIGHUP && reloads
            continuation.yield(isReload ? .reload : .stop(number == SIGINT ? .interrupted : .success))
        }
        tell(daemon, sockets.compactMap(Socket.localEndpoint(of:)), console)
        daemon.start(on: sockets) { continuation.yield(.ended) }
        let supervisor = Supervisor(notify) { await daemon.probe() }
        notify.send("READY=1", "STATUS=serving \(daemon.workshop.stations.count) plotters")
        var result = ExitCode.internalError
        occasions: for await occasion in occasions {
            switch occasion {
            case .ended: break occasions
            case .reload:
                notify.send("RELOADING=1", Notify.monotonicLine)
                take(daemon, reload)
                notify.send("READY=1")
            case .stop(let code):
                guard result == .internalError else { continue }
                result = code
                notify.send("STOPPING=1", "STATUS=bringing plotters to rest")
                Task { await daemon.stop() }
            }
        }
        withExtendedLifetime((watch, supervisor)) {}
        if !daemon.options.hasInheritedSockets {
            for case .unix(let path) in daemon.options.listen.map(\.kind) { Socket.removeFile(path) }
        }
        daemon.log.flush()
        return result
    }

    private static func tell(_ daemon: Daemon, _ endpoints: [DaemonOptions.Endpoint], _ console: Console) {
        for endpoint in endpoints {
            let place = endpoint.text.hasPrefix("unix:") ? endpoint.text : "http://\(endpoint.text)/"
            let kind = daemon.options.simulated > 0 ? " (simulated)" : ""
            let hasShow = !daemon.options.installation.cycle.isEmpty && place.hasSuffix("/")
            let show = hasShow ? ", the installation at \(place)installation" : ""
            console.note("axidrawd serves \(place)\(kind)\(show); end it with Ctrl-C")
        }
    }

    /// Reads configuration and keys again; what is wrong is said and changes nothing.
    private static func take(
        _ daemon: Daemon, _ reload: () throws(ServiceConfiguration.Failure) -> ServiceConfiguration
    ) {
        daemon.reloadKeys()
        do throws(ServiceConfiguration.Failure) {
            let (changed, waiting) = daemon.settings.reload(try reload())
            daemon.wakeReceivers()
            daemon.log.write(.info, "configuration read again", [("changed", changed.joined(separator: " "))])
            if !waiting.isEmpty {
                let members = waiting.joined(separator: " ")
                daemon.log.write(.warning, "some members count from the next start", [("members", members)])
            }
        } catch {
            daemon.log.write(
                .error, "the configuration cannot be used; the one in force stays", [("reason", error.description)])
        }
    }
}

extension DaemonPaths {
    /// Where a daemon keeps things, by `--state` or the environment; what is simulated has a folder of its own in any case.
    init(_ invocation: Invocation, _ environment: [String: String], isSimulated: Bool) throws(UsageError) {
        guard let path = invocation.text("state") else {
            self.init(environment: environment, isSimulated: isSimulated)
            return
        }
        guard !path.isEmpty else { throw .badValue(name: "--state", value: path, expected: "a folder") }
        let base = FileManager.default.currentDirectoryPath
        var environment = environment
        environment["STATE_DIRECTORY"] = path.hasPrefix("/") ? path : base + "/" + path
        self.init(environment: environment, isSimulated: isSimulated)
    }
}
