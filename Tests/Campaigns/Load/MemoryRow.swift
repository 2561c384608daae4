internal import Foundation
internal import TestSupport

/// Large drawings of everyday kinds in a service that has 512 MiB: each is taken, planned and drawn to its end, and the
/// most that was ever resident stays within.
let memoryRow = LoadRow(name: "memory", mostlyWaits: false) { arguments in
    let limit = 512
    let share = arguments.isQuick ? 0.05 : 1
    var told: [String] = []
    for kind in LargeDrawing.allCases {
        // What drawings get of that limit.
        let daemon = try LoadedDaemon(limits: "\"memoryMebibytes\": \(limit - 192)")
        let drawing = kind.bytes(share: share, seed: arguments.seed)
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
        let peak = Double(daemon.peakBytes) / 1_048_576
        try demand(state == "done", "\(kind): \(state)")
        try demand(peak <= Double(limit), "\(kind): \(peak) MiB")
        told.append(
            String(
                format: "%@ %.1f MB: %.0f MiB, %.0f s", kind.rawValue, Double(drawing.count) / 1e6, peak,
                loadClock() - begun))
    }
    return "most resident: " + told.joined(separator: "; ")
}
