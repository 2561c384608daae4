internal import Foundation
internal import TestSupport

/// Large drawings of everyday kinds in a service that has 512 MiB: each is taken, planned and drawn to its end, and the
/// most that was ever resident stays within.
let memoryRow = LoadRow(name: "memory", mostlyWaits: false) { arguments in
    let share = arguments.isQuick ? 0.05 : 1
    var told: [String] = []
    let drawings = LargeDrawing.allCases.map { ($0.rawValue, $0.bytes(share: share, seed: arguments.seed)) }
    for (kind, drawing) in drawings {
        let daemon = try LimitedDaemon()
        let begun = loadClock()
        try daemon.draw(drawing, kind)
        told.append(
            String(
                format: "%@ %.1f MB: %.0f MiB, %.0f s", kind, Double(drawing.count) / 1e6, try daemon.peak(kind),
                loadClock() - begun))
    }
    // What one has left behind must not keep the next from being taken.
    if !arguments.isQuick {
        let daemon = try LimitedDaemon()
        for (kind, drawing) in drawings { try daemon.draw(drawing, kind + " in turn") }
        told.append(String(format: "all in turn: %.0f MiB", try daemon.peak("all in turn")))
    }
    return "most resident: " + told.joined(separator: "; ")
}

/// A service of whose memory drawings get all that its own needs leave.
private struct LimitedDaemon {
    private static let mebibytes = 512
    private let daemon: LoadedDaemon

    init() throws { daemon = try LoadedDaemon(limits: "\"memoryMebibytes\": \(Self.mebibytes - 192)") }

    /// Hands in a drawing and waits until it is drawn to its end.
    func draw(_ drawing: [UInt8], _ kind: String) throws {
        let begun = loadClock()
        let made = try daemon.ask(
            "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: drawing)
        try demand(
            made.status == 201, "\(kind): \(made.status) \(String(decoding: made.body.prefix(300), as: UTF8.self))")
        guard let id = made.object["id"] as? String else { throw LoadTrouble(text: "\(kind): a job without id") }
        while loadClock() - begun < 3600 {
            try demand(daemon.isRunning, "\(kind): the daemon is gone")
            let job = try daemon.ask("GET", "/v1/jobs/\(id)").object
            if job["summary"] is [String: Any] { break }
            try demand(job["state"] as? String != "failed", "\(kind): \(job)")
            usleep(200_000)
        }
        try demand(try daemon.ask("POST", "/v1/jobs/\(id)/resume").status == 200, "\(kind): it does not start")
        var state = ""
        while loadClock() - begun < 3600, !["done", "failed", "cancelled"].contains(state) {
            usleep(200_000)
            try demand(daemon.isRunning, "\(kind): the daemon is gone")
            state = try daemon.ask("GET", "/v1/jobs/\(id)").object["state"] as? String ?? ""
        }
        try demand(state == "done", "\(kind): \(state)")
    }

    /// The most that was ever resident, MiB; refused over the limit.
    func peak(_ kind: String) throws -> Double {
        let peak = Double(daemon.peakBytes) / 1_048_576
        try demand(peak <= Double(Self.mebibytes), "\(kind): \(peak) MiB")
        return peak
    }
}
