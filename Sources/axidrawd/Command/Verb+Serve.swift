internal import Dispatch
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
        let options = try options(invocation)
        let log = Log(
            level: invocation.isOn("verbose") ? .debug : invocation.isOn("quiet") ? .warning : .info,
            form: invocation.choice("log") ?? .text)
        let daemon: Daemon
        let sockets: [CInt]
        do throws(SystemError) {
            daemon = try Daemon(
                options: options, planning: .pipeline, credentials: CredentialTable(), log: log)
            sockets = try daemon.listen()
        } catch {
            return refuse(error, options, console)
        }
        return await serve(daemon, sockets, console)
    }

    private static func options(_ invocation: Invocation) throws -> DaemonOptions {
        var options = DaemonOptions()
        options.simulated = invocation.integer("simulate") ?? 0
        switch invocation.text("speed") {
        case "max": options.speed = .maximum
        default: options.speed = .times(invocation.number("speed") ?? 1)
        }
        if let name = invocation.text("profile") { options.profile = try ProfileFile.profile(named: name) }
        if let firmware = invocation.firmware("firmware") { options.firmware = firmware }
        let texts = invocation.all("listen").compactMap { if case .text(let text) = $0 { text } else { nil } }
        options.listen = try (texts.isEmpty ? ["127.0.0.1:8080"] : texts).map { text in
            guard let endpoint = DaemonOptions.Endpoint(text) else {
                throw UsageError.badValue(
                    name: "listen", value: text, expected: "HOST:PORT such as 127.0.0.1:8080, or unix:PATH")
            }
            return endpoint
        }
        return options
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
