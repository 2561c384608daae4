internal import EBB
internal import Foundation
internal import Glibc
internal import Synchronization

/// A plot of short commands while large drawings are handed in one after the other, on both firmwares: the board must
/// never run dry, and a stop must reach it at once from the page, the Unix socket and a second address.
let uploadsRow = LoadRow(name: "uploads", mostlyWaits: false) { arguments in
    var told: [String] = []
    for firmware in [FirmwareVersion.v281, .v303]
    where arguments.firmware ?? firmware.description == firmware.description {
        told.append("\(firmware): " + (try uploads(firmware, arguments)))
    }
    return told.joined(separator: "; ")
}

private func uploads(_ firmware: FirmwareVersion, _ arguments: CampaignArguments) throws -> String {
    let board = try TimedBoard(firmware)
    let folder = FileManager.default.temporaryDirectory.path + "/uploads-\(getpid())-\(Int.random(in: 0...1_000_000))"
    let daemon = try LoadedDaemon(device: board.link, alsoListens: ["unix:\(folder)", "127.0.0.2:0"])
    defer { unsafe _ = unlink(folder) }
    try waitFor("a plotter that stands ready") { try state(daemon) == "raised" }
    let uploader = Uploader(daemon, megabytes: arguments.isQuick ? 4 : 15)
    defer { uploader.end() }
    let begun = loadClock()
    _ = try plotSpiral(daemon, turns: arguments.isQuick ? 6 : 20)
    let seconds = loadClock() - begun
    let underruns = board.underruns()
    let ways: [(String, () -> Int?)] = [
        (
            "page",
            {
                (try? LoadSocket(port: daemon.port))?.ask(
                    "POST", "/v1/devices/plot1/stop",
                    "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n")?.status
            }
        ),
        ("socket", { LocalClient(path: folder).ask("POST", "/v1/devices/plot1/stop")?.status }),
        (
            "second address",
            {
                guard let port = daemon.secondPort else { return nil }
                return (try? LoadSocket(port: port, host: 0x7F00_0002))?.ask("POST", "/v1/devices/plot1/stop")?.status
            }
        ),
    ]
    var times = [LoadTimes](repeating: LoadTimes(), count: ways.count)
    for round in 0..<(arguments.isQuick ? 2 : 20) {
        for (k, way) in ways.enumerated() { times[k].add(try stop(board, daemon, way, round)) }
    }
    let count = uploader.end()
    try demand(count > 0, "nothing was handed in")
    if !arguments.isQuick {
        try demand(underruns == 0, "\(firmware): \(underruns) underruns")
        for (k, way) in ways.enumerated() {
            try demand(times[k].quantile(1) <= 0.05, "\(firmware): stop from the \(way.0) \(times[k].text)")
        }
    }
    let stops = zip(ways, times).map { "\($0.0) \($1.text)" }.joined(separator: ", ")
    return String(format: "%d underruns in %.0f s, %d uploads; ES from %@", underruns, seconds, count, stops)
}

/// Draws, stops at some moment, and gives the seconds until `ES` was on the wire.
private func stop(
    _ board: TimedBoard, _ daemon: LoadedDaemon, _ way: (name: String, ask: () -> Int?), _ round: Int
) throws -> Double {
    let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300mm\" height=\"218mm\" viewBox=\"0 0 300 218\">"
        + "<path d=\"M20 20h200v4h-200v4h200v4h-200\" fill=\"none\" stroke=\"black\"/></svg>"
    let made = try daemon.ask(
        "POST", "/v1/devices/plot1/jobs?orientation=landscape&hold=true", "Content-Type: image/svg+xml\r\n",
        body: Array(drawing.utf8))
    guard made.status == 201, let id = made.object["id"] as? String else {
        throw LoadTrouble(text: "a small drawing is answered with \(made.status)")
    }
    try waitFor("a plan") { try daemon.ask("GET", "/v1/jobs/\(id)").object["summary"] is [String: Any] }
    try demand(try daemon.ask("POST", "/v1/jobs/\(id)/resume").status == 200, "\(id) does not start")
    try waitFor("a plot under way") { try state(daemon) == "plotting" }
    usleep(UInt32(100_000 + round % 7 * 30_000))
    let begun = loadClock()
    try demand(way.ask() == 200, "the stop from the \(way.name) is refused")
    try waitFor("ES on the wire") { board.lastStop > begun }
    let seconds = board.lastStop - begun
    try waitFor("rest") { try state(daemon) == "raised" }
    return seconds
}

/// Hands in large drawings, one after the other and held, and cancels them again.
private final class Uploader: Sendable {
    private let counted = Mutex((count: 0, isOver: false))
    private let done = DispatchSemaphore(value: 0)

    init(_ daemon: LoadedDaemon, megabytes: Int) {
        let port = daemon.port
        let drawing = Self.drawing(bytes: megabytes << 20)
        Thread { [self] in
            while !counted.withLock({ $0.isOver }) {
                let answer = try? LoadSocket(port: port, patienceSeconds: 300).ask(
                    "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: drawing)
                guard answer?.status == 201, let id = answer?.object["id"] as? String else { continue }
                counted.withLock { $0.count += 1 }
                _ = try? LoadSocket(port: port).ask("POST", "/v1/jobs/\(id)/cancel")
            }
            done.signal()
        }.start()
    }

    /// Small circles in rows: much to read and to plan.
    private static func drawing(bytes count: Int) -> [UInt8] {
        var bytes = Array(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\">".utf8)
        var k = 0
        while bytes.count < count - 6 {
            let (x, y) = (10 + k % 700 * 39 / 100, 10 + k / 700 % 480 * 39 / 100)
            bytes += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"0.1\" fill=\"none\" stroke=\"black\"/>".utf8
            k += 1
        }
        return bytes + "</svg>".utf8
    }

    /// How many were taken.
    @discardableResult
    func end() -> Int {
        let isFirst = counted.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        if isFirst { done.wait() }
        return counted.withLock { $0.count }
    }
}
