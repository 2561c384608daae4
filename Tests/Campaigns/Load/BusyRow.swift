internal import Foundation
internal import Glibc
internal import Synchronization

/// A plot of short commands without a pause, first alone, then among 200 event streams, 50 requests a second, an
/// upload of 30 MiB and the planning of a million segments: the board must never run dry, nor the plot take longer.
let busyRow = LoadRow(name: "busy", mostlyWaits: false) { arguments in
    let daemon = try LoadedDaemon(speed: "realtime")
    let turns = arguments.isQuick ? 5 : 14
    let alone = try plotSpiral(daemon, turns: turns)
    let crowd = try Crowd(
        daemon, segments: arguments.isQuick ? 20_000 : 1_000_000, megabytes: arguments.isQuick ? 8 : 30)
    let crowded: Double
    do {
        crowded = try plotSpiral(daemon, turns: turns) { try crowd.upload(daemon) }
    } catch {
        _ = crowd.end()
        throw error
    }
    let outcome = crowd.end()
    guard let underruns = try daemon.metric("axidrawd_queue_underruns_total") else {
        throw LoadTrouble(text: "underruns are not counted")
    }
    let added = (crowded - alone) / alone * 100
    try outcome.demandAllWell()
    try demand(outcome.events > 200, "only \(outcome.events) events came")
    if !arguments.isQuick {
        try demand(underruns == 0, "\(underruns) underruns")
        try demand(added <= 0.1, "\(added) % more time")
    }
    return String(
        format: "%.0f underruns, %+.3f %% time on %.1f s; %d requests %@; %d kB of events; upload and planning %.1f s",
        underruns, added, alone, outcome.times.count, outcome.times.text, outcome.events / 1000, outcome.uploadSeconds)
}

/// Draws a spiral and gives its seconds; `meanwhile` runs once it is being drawn.
func plotSpiral(_ daemon: LoadedDaemon, turns: Int, meanwhile: () throws -> Void = {}) throws -> Double {
    var text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\" "
        + "fill=\"none\" stroke=\"black\"><path d=\"M148 105"
    for i in 1...turns {
        let (inner, outer) = (Double(i) - 0.5, Double(i))
        text += "a\(inner) \(inner) 0 0 1 \(2 * inner) 0a\(outer) \(outer) 0 0 1 \(-2 * outer) 0"
    }
    text += "\"/></svg>"
    let made = try daemon.ask(
        "POST", "/v1/devices/plot1/jobs?orientation=landscape&hold=true", "Content-Type: image/svg+xml\r\n",
        body: Array(text.utf8))
    guard made.status == 201, let id = made.object["id"] as? String else {
        throw LoadTrouble(text: "the spiral is refused with \(made.status)")
    }
    try demand(try daemon.ask("POST", "/v1/jobs/\(id)/resume").status == 200, "the spiral does not begin")
    try meanwhile()
    let end = loadClock() + 600
    while loadClock() < end {
        let job = try daemon.ask("GET", "/v1/jobs/\(id)").object
        if job["isFinal"] as? Bool == true {
            guard job["state"] as? String == "done", let started = moment(job["startedAt"]),
                let ended = moment(job["endedAt"])
            else { throw LoadTrouble(text: "the spiral ended as \(job["state"] ?? "nothing")") }
            _ = try daemon.ask("POST", "/v1/devices/plot1/resume")
            return ended - started
        }
        usleep(100_000)
    }
    throw LoadTrouble(text: "the spiral never ends")
}

private func moment(_ value: Any?) -> Double? {
    guard let text = value as? String else { return nil }
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return formatter.date(from: text)?.timeIntervalSince1970
}

/// Everybody who wants something of the daemon at once.
final class Crowd: Sendable {
    struct Outcome {
        var times = LoadTimes()
        var wrong: [String] = []
        /// Streams that were cut off as too slow and went on where they had been.
        var returns = 0
        /// Bytes of all event streams.
        var events = 0
        var uploadSeconds = 0.0
        var isOver = false

        func demandAllWell() throws {
            let some = wrong.prefix(3).joined(separator: ", ")
            try demand(wrong.isEmpty, "\(wrong.count) requests or streams went wrong: \(some)")
        }
    }

    private let outcome = Mutex(Outcome())
    private let group = DispatchGroup()
    private let drawing: [UInt8]

    /// Streams and requests begin at once, the upload on its word.
    init(_ daemon: LoadedDaemon, segments: Int, megabytes: Int) throws {
        drawing = Self.drawing(segments: segments, size: megabytes << 20)
        let port = daemon.port
        let streams = try (0..<200).map { _ in try CrowdStream(port: port) }
        begin(streams) { [self] streams in follow(&streams) }
        begin([try LoadSocket(port: port)]) { [self] links in for link in links { ask(link) } }
    }

    /// Runs on a thread of its own, which takes over the connections.
    private func begin<Link>(_ links: sending [Link], _ body: @escaping @Sendable (inout [Link]) -> Void) {
        let box = Mutex(links)
        group.enter()
        Thread { [group] in
            box.withLock { body(&$0) }
            group.leave()
        }.start()
    }

    private var isOver: Bool { outcome.withLock { $0.isOver } }

    private func follow(_ streams: inout [CrowdStream]) {
        while !isOver {
            for index in streams.indices {
                let (count, ending) = streams[index].follow()
                outcome.withLock { outcome in
                    outcome.events += count
                    switch ending {
                    case .goesOn: break
                    case .returned: outcome.returns += 1
                    case .lost(let why): outcome.wrong.append(why)
                    }
                }
            }
            usleep(50_000)
        }
    }

    private func ask(_ link: LoadSocket) {
        let targets = ["/v1/devices", "/v1/jobs?limit=20", "/v1/devices/plot1", "/", "/v1/openapi.json"]
        var next = loadClock()
        var k = 0
        while !isOver {
            next += 0.02
            k += 1
            let begun = loadClock()
            let status = link.ask("GET", targets[k % targets.count])?.status
            let seconds = loadClock() - begun
            outcome.withLock { outcome in
                outcome.times.add(seconds)
                if status != 200 {
                    outcome.wrong.append("\(targets[k % targets.count]): \(status.map(String.init) ?? "no answer")")
                }
            }
            let rest = next - loadClock()
            if rest > 0 { usleep(UInt32(rest * 1e6)) }
        }
    }

    func upload(_ daemon: LoadedDaemon) throws {
        let begun = loadClock()
        let answer = try daemon.ask(
            "POST", "/v1/devices/plot1/jobs?orientation=landscape&hold=true", "Content-Type: image/svg+xml\r\n",
            body: drawing)
        try demand(answer.status == 201, "the large drawing is refused with \(answer.status)")
        outcome.withLock { $0.uploadSeconds = loadClock() - begun }
    }

    func end() -> Outcome {
        outcome.withLock { $0.isOver = true }
        group.wait()
        return outcome.withLock { $0 }
    }

    /// A drawing of so many segments in rows, and blanks up to its size in bytes.
    private static func drawing(segments: Int, size: Int) -> [UInt8] {
        var bytes = Array(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297000 210000\">"
                .utf8)
        bytes.reserveCapacity(size)
        bytes += "<path stroke=\"black\" fill=\"none\" d=\"M10000 10000".utf8
        let columns = 2000
        for k in 0..<segments {
            let (row, place) = (k / columns, k % columns)
            let column = row % 2 == 0 ? place : columns - 1 - place
            bytes += "L\(10_000 + column * 130) \(10_000 + row * 350 + (k % 2) * 200)".utf8
        }
        bytes += "\"/><!--".utf8
        bytes += [UInt8](repeating: 0x20, count: max(0, size - bytes.count - 9))
        return bytes + "--></svg>".utf8
    }
}
