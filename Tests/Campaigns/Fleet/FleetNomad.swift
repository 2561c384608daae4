internal import ClusterDoubles
internal import Foundation
internal import Glibc
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Text

/// As much of Nomad as a fleet's dispatches need: takes them, and runs `axidrawd task` for each, again where it fails.
///
/// The whole of its interface, held against recorded answers, is the double of the tests with foreign clients.
final class FleetNomad: Sendable {
    private struct State {
        var server: DoubleServer?
        var running: [Int: Process] = [:]
        var started = 0
        var tokens: Set<String> = []
        var fault: DoubleServer.Answer?
        var isOver = false
    }

    private let state = Mutex(State())
    private let scratch: TemporaryFolder
    private let consul: String
    private let show: String
    let port: Int

    /// A task that fails is run again so often.
    private static let runs = 4

    init(consul: String, show: String) throws {
        scratch = try TemporaryFolder()
        (self.consul, self.show) = (consul, show)
        let answers = Live<@Sendable (DoubleServer.Request) -> DoubleServer.Answer>({ _ in .silence })
        let server = try DoubleServer { answers.value($0) }
        port = server.port
        answers.replace { [weak self] in self?.answer($0) ?? .silence }
        state.withLock { $0.server = server }
    }

    /// Tasks that were started, with those that were started again.
    var taskCount: Int { state.withLock { $0.started } }

    /// Nobody answers; tasks that run go on, as under a client that has lost its servers.
    func die() { state.withLock { $0.server?.stop() } }

    func comeBack() {
        guard state.withLock({ $0.server?.isEnded ?? true }) else { return }
        for _ in 0..<5_000 {
            if let again = try? DoubleServer(port: port, { [weak self] in self?.answer($0) ?? .silence }) {
                return state.withLock { $0.server = again }
            }
            usleep(2_000)
        }
    }

    /// What the next dispatch gets in place of its answer.
    func spoil(_ answer: DoubleServer.Answer) { state.withLock { $0.fault = answer } }

    /// Kills one of the tasks that run; false if none does.
    func killOne(_ choice: Int) -> Bool {
        state.withLock { state in
            let keys = state.running.keys.sorted()
            guard !keys.isEmpty, let process = state.running[keys[choice % keys.count]] else { return false }
            return Glibc.kill(process.processIdentifier, SIGKILL) == 0
        }
    }

    func close() {
        state.withLock { state in
            state.isOver = true
            for process in state.running.values { Glibc.kill(process.processIdentifier, SIGKILL) }
            state.server?.stop()
        }
    }

    private func answer(_ request: DoubleServer.Request) -> DoubleServer.Answer {
        guard request.method == "POST", request.path == "/v1/job/plot/dispatch",
            let body = try? JSONReader.read(request.body), case .string(let text)? = body["Payload"],
            let payload = Data(base64Encoded: text), case .string(let plotter)? = body["Meta"]?["plotter"]
        else { return .reply(.text(500, "parameterized job not found")) }
        let fault = state.withLock { state -> DoubleServer.Answer? in
            defer { state.fault = nil }
            return state.fault
        }
        // Some of what goes wrong goes wrong after the job has been made.
        if case .reply? = fault { return fault ?? .silence }
        let token = request.query("idempotency_token") ?? UUID().uuidString
        let isNew = state.withLock { $0.tokens.insert(token).inserted }
        let child = "plot/dispatch-1-\(token.suffix(8))"
        if isNew {
            let thread = Thread { [self] in run(payload, plotter, UUID().uuidString) }
            thread.stackSize = 1 << 19
            thread.start()
        }
        return fault
            ?? .reply(
                .json(
                    200,
                    .object([
                        ("DispatchedJobID", .string(child)), ("EvalID", .string("e")),
                        ("EvalCreateIndex", .integer(1)), ("JobCreateIndex", .integer(1)), ("Index", .integer(1)),
                    ])))
    }

    private func run(_ payload: Data, _ plotter: String, _ id: String) {
        let folder = scratch.url(id)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        guard (try? payload.write(to: folder.appendingPathComponent("config.json"))) != nil else { return }
        for attempt in 0..<Self.runs where attempt == 0 || !state.withLock({ $0.isOver }) {
            let process = Process()
            process.executableURL = Executable.place
            process.arguments = ["task", "--products", show, "--patience", "120"]
            process.environment = [
                "NOMAD_TASK_DIR": folder.path, "NOMAD_META_plotter": plotter, "CONSUL_HTTP_ADDR": consul,
                "SWIFT_BACKTRACE": "enable=no",
            ]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return }
            Warden.shared.watch(process)
            let number = state.withLock { state in
                state.started += 1
                state.running[state.started] = process
                return state.started
            }
            process.waitUntilExit()
            state.withLock { _ = $0.running.removeValue(forKey: number) }
            Warden.shared.forget(process)
            if process.terminationReason == .exit, process.terminationStatus == 0 { return }
        }
    }
}
