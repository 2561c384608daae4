internal import Foundation
internal import Glibc
internal import HTTP
internal import TestSupport
internal import Text

/// Where a daemon of the fleet is asked; a value that any thread may use.
struct FleetPlace: Sendable {
    var name: String
    /// Its Unix socket.
    var path: String

    /// The answer, or nil when there was none to its end: then the request may have had its effect or not.
    func ask(
        _ method: String, _ target: String, _ body: JSONValue? = nil, seconds: Int64 = 15
    ) -> (status: Int, value: JSONValue)? {
        var bounds = HTTPClient.Bounds()
        bounds.totalMilliseconds = seconds * 1_000
        let location = HTTPLocation(.unix(path: path), target: target)
        let fields = body == nil ? [] : [Response.Field("Content-Type", "application/json")]
        guard
            let reply = try? HTTPClient(bounds: bounds).send(
                .init(method, location, fields: fields, body: body?.bytes ?? []))
        else { return nil }
        return (reply.status, (try? JSONReader.read(reply.body)) ?? .null)
    }
}

/// One daemon of the fleet: a process that is killed and started again at the same place, and its address for others.
final class FleetDaemon {
    let place: FleetPlace
    let relay: FleetRelay
    private let scratch: TemporaryFolder
    private let flags: [String]
    private let cluster: (_ port: Int) -> JSONValue
    private var process: Process?
    private var spentSeconds = 0.0
    private(set) var killCount = 0
    private var aloneBefore = 0

    struct Trouble: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameters:
    ///   - show: the installation's file.
    ///   - cluster: what is configured about the fleet, by the port at which others find this daemon.
    init(_ name: String, flags: [String], show: String, cluster: @escaping (Int) -> JSONValue) throws {
        scratch = try TemporaryFolder()
        place = FleetPlace(name: name, path: scratch.path("s"))
        relay = try FleetRelay(path: scratch.path("s"))
        self.flags = flags + ["--products", show]
        self.cluster = cluster
    }

    deinit { kill() }

    /// Begins to start; `awaitStart` waits for it.
    func launch() throws {
        let configuration = JSONValue.object([("access", .string("local")), ("cluster", cluster(relay.port))])
        try scratch.write(configuration.text, to: "config.json")
        let process = try Executable.start(
            [
                "serve", "--config", scratch.path("config.json"), "--state", scratch.path("state"), "--listen",
                "unix:" + place.path, "--quiet",
            ] + flags, scratch: scratch)
        // In a real fleet Consul has a machine of its own: here its double must not wait until a hundred daemons have had
        // their turns.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(process.processIdentifier), 5)
        Warden.shared.watch(process)
        self.process = process
    }

    /// Waits until it takes work, and its plotter answers if it has one.
    func awaitStart() throws {
        let end = Date().addingTimeInterval(120)
        while Date() < end, process?.isRunning == true {
            if place.ask("GET", "/readyz")?.status == 200 { return }
            usleep(20_000)
        }
        throw Trouble(description: "\(place.name) does not come up: \(errors)")
    }

    /// The last that it said.
    var errors: String { String(((try? scratch.text("errors")) ?? "").suffix(1_000)) }

    /// How often it took a product by itself although the cycle is shared.
    var aloneCount: Int { aloneBefore + aloneSoFar }

    private var aloneSoFar: Int {
        ((try? scratch.text("errors")) ?? "").components(separatedBy: "the others of the cycle cannot be asked").count
            - 1
    }

    /// Nothing is told to it.
    func kill() {
        guard let process else { return }
        spentSeconds += Self.seconds(process)
        aloneBefore += aloneSoFar
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        Warden.shared.forget(process)
        self.process = nil
    }

    /// Killed and started again, where `moves` at another address.
    func restart(moves: Bool) throws {
        kill()
        killCount += 1
        if moves { try relay.move() }
        try launch()
    }

    /// Processor time of all its lives.
    var processorSeconds: Double { spentSeconds + (process.map(Self.seconds) ?? 0) }

    /// Memory that is resident, bytes.
    var residentBytes: Int {
        let line = process.map { Self.system($0, "status") }?.components(separatedBy: "\n").first {
            $0.hasPrefix("RssAnon:")
        }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    private static func seconds(_ process: Process) -> Double {
        // The name of the program stands in brackets and may hold anything.
        let fields = system(process, "stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let kernel = Double(fields[12]) else { return 0 }
        return (user + kernel) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func system(_ process: Process, _ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)) ?? ""
    }
}
