internal import Foundation
internal import Glibc
internal import Simulator

extension Verb {
    /// The daemon.
    static let serve = Verb(
        "serve", "run the daemon: plotters, queue and page over HTTP",
        examples: [
            Example("axidrawd --simulate", "serve a virtual plotter on http://127.0.0.1:8080"),
            Example("axidrawd serve --simulate=2 --speed 10", "two virtual plotters at ten times the speed"),
        ],
        groups: [
            FlagGroup(
                "Boards",
                [
                    Flag("simulate", .optionalInteger(1...16, 1), "serve on N virtual boards instead of real ones"),
                    Flag(
                        "speed", .wordOr(["realtime", "max"], .number(0.01...1000, "N")),
                        "speed of virtual boards", standard: "realtime"),
                    Flag(
                        "profile", .suggested("NAME|FILE", []), "machine: travel, steps per mm, servo, limits",
                        standard: "axidraw-v3"),
                    Flag("firmware", .firmware, "firmware of virtual boards", standard: "3.0.3"),
                ]),
            FlagGroup(
                "Service",
                [
                    Flag(
                        "listen", .text("HOST:PORT|unix:PATH"), "where to serve; may be repeated",
                        standard: "127.0.0.1:8080", isRepeatable: true),
                    Flag("config", .input("FILE"), "configuration file", standard: "the service's or user's own"),
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
        let options: DaemonOptions
        do {
            options = try self.options(invocation, environment)
        } catch let failure as ServiceConfiguration.Failure {
            console.fail(failure.description)
            return .configuration
        }
        let credentials = CredentialTable()
        if let code = try loadKeys(options, credentials, console) { return code }
        let log = Log(
            level: invocation.isOn("verbose") ? .debug : invocation.isOn("quiet") ? .warning : .info,
            form: options.configuration.log ?? .text, isJournal: environment["JOURNAL_STREAM"] != nil)
        Socket.raiseDescriptorLimit()
        do throws(SystemError) {
            let daemon = try Daemon(options: options, planning: .pipeline, credentials: credentials, log: log)
            let inherited = SocketActivation.descriptors(
                environment: environment, processId: ProcessInfo.processInfo.processIdentifier)
            return await serve(daemon, inherited.isEmpty ? try daemon.listen() : inherited, console)
        } catch {
            return refuse(error, options, console)
        }
    }

    /// Flag over environment over file over built-in.
    private static func options(_ invocation: Invocation, _ environment: [String: String]) throws -> DaemonOptions {
        var options = DaemonOptions()
        options.simulated = invocation.integer("simulate") ?? 0
        let paths = DaemonPaths(environment: environment, isSimulated: options.simulated > 0)
        var configuration = try ServiceConfiguration.file(invocation.text("config") ?? paths.configurationFile)
            .overridden(by: environment)
        let texts = invocation.all("listen").compactMap { if case .text(let text) = $0 { text } else { nil } }
        if !texts.isEmpty { configuration.listen = try texts.map(endpoint) }
        if configuration.listen == nil {
            configuration.listen = [.init(.internet(host: "127.0.0.1", port: 8080))]
        }
        if let form = invocation.choice("log", as: Log.Form.self) { configuration.log = form }
        if let name = invocation.text("profile") { configuration.profile = name }
        if let firmware = invocation.firmware("firmware") { configuration.firmware = firmware }
        options.configuration = configuration
        options.listen = configuration.listen ?? []
        options.speed = invocation.text("speed") == "max" ? .maximum : .times(invocation.number("speed") ?? 1)
        if let name = configuration.profile { options.profile = try ProfileFile.profile(named: name) }
        if let firmware = configuration.firmware { options.firmware = firmware }
        options.limits.connections = configuration.connections ?? options.limits.connections
        options.limits.connectionsPerAddress =
            configuration.connectionsPerAddress ?? options.limits.connectionsPerAddress
        options.access = access(configuration)
        options.keyFile = KeyFile(path: paths.keys)
        return options
    }

    private static func endpoint(_ text: String) throws(UsageError) -> DaemonOptions.Endpoint {
        guard let endpoint = DaemonOptions.Endpoint(text) else {
            throw .badValue(
                name: "--listen", value: text, expected: "HOST:PORT such as 127.0.0.1:8080, or unix:PATH")
        }
        return endpoint
    }

    /// Names that are ours: the machine's, the addresses bound, what the configuration adds.
    private static func access(_ configuration: ServiceConfiguration) -> Access {
        var access = Access()
        access.hostNames = Set((configuration.hosts ?? []).map { $0.lowercased() })
        if let name = Socket.machineName?.lowercased(), !name.isEmpty {
            access.hostNames.formUnion([name, name + ".local"])
        }
        for endpoint in configuration.listen ?? [] {
            if case .internet(let host, _) = endpoint.kind, !host.isEmpty {
                access.hostNames.insert(host.contains(":") ? "[\(host.lowercased())]" : host.lowercased())
            }
        }
        access.ownsAddresses = (configuration.listen ?? []).contains { endpoint in
            if case .internet(let host, _) = endpoint.kind { ["", "0.0.0.0", "::"].contains(host) } else { false }
        }
        access.proxies = Set((configuration.proxies ?? []).map { $0.lowercased() })
        access.origins = Set((configuration.origins ?? []).map { $0.lowercased() })
        return access
    }

    /// Beyond this machine only with keys: without any the daemon does not start.
    private static func loadKeys(
        _ options: DaemonOptions, _ credentials: CredentialTable, _ console: Console
    ) throws -> ExitCode? {
        guard let file = options.keyFile else { return nil }
        do throws(KeyFile.Failure) { credentials.replaceKeys(try file.read()) } catch {
            console.fail("\(file.path) cannot be used: \(error)")
            return .configuration
        }
        guard let open = options.listen.first(where: { !$0.isLocal }), !credentials.hasKeys else { return nil }
        console.fail(
            "\(open.text) can be reached from other machines, and there is no key; make one first: "
                + "axidrawd keys add NAME --role operator" + (options.simulated > 0 ? " --simulated" : ""))
        return .configuration
    }

    /// An address that cannot be had: in use is no mistake of the user, so it has a remedy and code of its own.
    private static func refuse(_ error: SystemError, _ options: DaemonOptions, _ console: Console) -> ExitCode {
        let places = options.listen.map(\.text).joined(separator: ", ")
        switch error.code {
        case EADDRINUSE:
            console.fail(
                "\(places) is in use, perhaps by another axidrawd; stop that one or choose another port: "
                    + "--listen 127.0.0.1:8081")
            return .tryLater
        case EACCES, EPERM:
            console.fail("\(places) may not be opened (\(error)); choose a port above 1023")
            return .notPermitted
        default:
            console.fail("cannot listen on \(places): \(error)")
            return .unavailable
        }
    }

    /// Until a signal comes.
    private static func serve(_ daemon: Daemon, _ sockets: [CInt], _ console: Console) async -> ExitCode {
        let (signals, continuation) = AsyncStream.makeStream(of: ExitCode?.self)
        let watch = Signals([SIGINT, SIGTERM]) { number in
            continuation.yield(number == SIGINT ? .interrupted : .success)
        }
        daemon.start(on: sockets) { continuation.yield(nil) }
        for endpoint in daemon.options.listen {
            let place = endpoint.text.hasPrefix("unix:") ? endpoint.text : "http://\(endpoint.text)/"
            let kind = daemon.options.simulated > 0 ? " (simulated)" : ""
            console.note("axidrawd serves \(place)\(kind); end it with Ctrl-C")
        }
        var result = ExitCode.internalError
        var iterator = signals.makeAsyncIterator()
        if let code = await iterator.next() ?? nil {
            result = code
            await daemon.stop()
            _ = await iterator.next()
        }
        withExtendedLifetime(watch) {}
        for case .unix(let path) in daemon.options.listen.map(\.kind) { Socket.removeFile(path) }
        daemon.log.flush()
        return result
    }
}
