internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport

/// The real program on a virtual board behind a pseudo-terminal; the board lives on when the program is killed.
final class KilledDaemon {
    let client: LocalClient
    private let scratch: TemporaryFolder
    private let remote: BoardService.Remote
    private let link: String
    private var process: Process?
    private let boardThread: Thread
    private let hasProducts: Bool
    private let hasConfiguration: Bool
    /// Options of what is handed in, as a query.
    let query: String

    /// - Parameters:
    ///   - motion: the rule of speeds that its plotter's drawings ask for; nil = what the program takes by itself.
    ///   - products: an installation's file; nil = no installation.
    ///   - configuration: the daemon's own file; nil = none.
    init(
        firmware: FirmwareVersion, motion: PlotOptions.Motion? = nil, products: String? = nil,
        configuration: String? = nil
    ) throws {
        scratch = try TemporaryFolder()
        if let configuration { try scratch.write(configuration, to: "config.json") }
        hasConfiguration = configuration != nil
        if let products { try scratch.write(products, to: "products.json") }
        hasProducts = products != nil
        query = "orientation=landscape" + (motion.map { "&motion=\($0)" } ?? "")
        client = LocalClient(path: scratch.url("s").path)
        link = scratch.url("board").path
        remote = try BoardService.Remote()
        var options = BoardService.Options()
        options.link = link
        options.speed = 40
        let given = options
        let remote = remote
        let configuration = BoardConfiguration(firmware: firmware, name: "kill")
        boardThread = Thread {
            let service = try? BoardService(VirtualBoard(configuration), options: given, remote: remote)
            try? service?.run()
        }
        boardThread.stackSize = 1 << 20
        boardThread.start()
    }

    /// Folder of the spool.
    var spool: URL { scratch.url("state") }

    deinit {
        kill()
        remote.stop()
    }

    /// Starts the program and waits until it takes work; throws what it said if it does not.
    func start() throws {
        let process = Process()
        process.executableURL = Executable.place
        process.arguments = [
            "serve", "--device", link, "--state", scratch.url("state").path, "--listen", "unix:" + client.path,
        ]
        if hasProducts {
            process.arguments? += ["--installation", "--products", scratch.url("products.json").path]
        }
        if hasConfiguration { process.arguments? += ["--config", scratch.url("config.json").path] }
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try scratch.write("", to: "errors")
        process.standardError = try FileHandle(forWritingTo: scratch.url("errors"))
        try process.run()
        Warden.shared.watch(process)
        self.process = process
        let end = Date().addingTimeInterval(60)
        while Date() < end {
            if client.ask("GET", "/readyz")?.status == 200,
                let device = client.ask("GET", "/v1/devices/plot1"), device.status == 200,
                let state = device.object["state"] as? String, state != "absent"
            {
                return
            }
            guard process.isRunning else { break }
            usleep(20_000)
        }
        throw Trouble(text: "the daemon does not come up: " + ((try? scratch.text("errors")) ?? ""))
    }

    struct Trouble: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }

    /// SIGKILL: nothing is told to the program.
    func kill() {
        guard let process else { return }
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        Warden.shared.forget(process)
        self.process = nil
    }

    /// SIGTERM: the program brings the machine to rest and ends.
    func terminate() {
        guard let process else { return }
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGTERM) }
        process.waitUntilExit()
        Warden.shared.forget(process)
        self.process = nil
    }

    /// What the program has said since it was started.
    var log: String { (try? scratch.text("errors")) ?? "" }

    /// Where the pen came down on the paper so far, mm.
    func touches() -> [(x: Double, y: Double)] { Self.touches(vertices()) }

    /// The way of the pen so far.
    func vertices() -> [Trace.Vertex] {
        let box = Mutex<[Trace.Vertex]?>(nil)
        remote.perform { board, _ in
            let vertices = board.trace.vertices
            box.withLock { $0 = vertices }
        }
        let end = Date().addingTimeInterval(30)
        while Date() < end {
            if let vertices = box.withLock({ $0 }) { return vertices }
            usleep(5_000)
        }
        return []
    }

    private static func touches(_ vertices: [Trace.Vertex]) -> [(x: Double, y: Double)] {
        var found: [(x: Double, y: Double)] = []
        var isTouching = false
        for vertex in vertices {
            if vertex.isTouching, !isTouching {
                let (a, b) = (Double(vertex.motor1), Double(vertex.motor2))
                found.append(((a + b) / 160, (a - b) / 160))
            }
            isTouching = vertex.isTouching
        }
        return found
    }
}
