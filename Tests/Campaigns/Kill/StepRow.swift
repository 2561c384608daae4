internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport

/// A plot whose daemon is killed three times goes on where the board proves that it stands: each step on the paper once.
struct StepRow {
    private static let kills = 3
    private let motion: PlotOptions.Motion
    private var random: SeededGenerator

    init(seed: UInt64, motion: PlotOptions.Motion) {
        self.motion = motion
        random = SeededGenerator(seed: seed &+ 0x57E9)
    }

    mutating func run(_ firmware: FirmwareVersion) throws -> CampaignReport.Verdict {
        let daemon = try KilledDaemon(firmware: firmware, motion: motion)
        try daemon.start()
        let drawing = drawing()
        let before = try Self.submit(drawing, "undisturbed", daemon)
        guard Self.comes(before, daemon, "done", seconds: 120) else {
            return .broken("the undisturbed plot does not end")
        }
        let undisturbed = daemon.vertices()
        Self.press(daemon)
        let id = try Self.submit(drawing, "disturbed", daemon)
        var exact = 0
        var reasons: [String] = []
        for _ in 0..<Self.kills {
            guard Self.comes(id, daemon, "plotting", seconds: 30) else { break }
            usleep(UInt32.random(in: 50_000...900_000, using: &random))
            daemon.kill()
            try daemon.start()
            guard let job = daemon.client.ask("GET", "/v1/jobs/\(id)")?.object, job["state"] as? String == "interrupted"
            else { break }
            try Self.resume(id, daemon)
            if let (isExact, line) = Self.beginning(daemon) {
                exact += isExact ? 1 : 0
                if !isExact { reasons.append(line) }
            }
        }
        guard Self.comes(id, daemon, "done", seconds: 120) else {
            return .broken("the plot does not end: \(daemon.log.suffix(600))")
        }
        let all = daemon.vertices()
        let (want, have) = (Ink(undisturbed), Ink(Array(all[(undisturbed.count - 1)...])))
        let (more, less) = have.difference(to: want)
        guard less == 0 else { return .broken("\(less) steps are missing, \(more) are too many") }
        guard reasons.isEmpty else { return .held("with a stroke drawn again") }
        guard more == 0, have.isSame(as: want) else { return .broken("\(more) steps are drawn twice") }
        return .held(exact > 0 ? "with the same ink" : "with nothing cut")
    }

    /// Strokes of many short pieces that do not come by a place twice: long enough for three kills, and no longer, because
    /// the port keeps real time.
    private mutating func drawing() -> String {
        var paths = ""
        for row in 0..<4 {
            var d = "M10 \(8 + row * 8)"
            for column in 1...40 {
                let y = Double(8 + row * 8) + Double.random(in: -2...2, using: &random)
                d += String(format: "L%.2f %.2f", 10 + Double(column) * 4, y)
            }
            paths += "<path d=\"\(d)\"/>"
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"270mm\" height=\"210mm\" viewBox=\"0 0 270 210\">"
            + "<g fill=\"none\" stroke=\"black\">\(paths)</g></svg>"
    }

    static func submit(_ drawing: String, _ name: String, _ daemon: KilledDaemon) throws -> String {
        let target = "/v1/devices/plot1/jobs?\(daemon.query)&name=\(name)"
        for _ in 0..<600 {
            let reply = daemon.client.ask("POST", target, "Content-Type: image/svg+xml\r\n", body: drawing)
            if let id = reply?.object["id"] as? String { return id }
            usleep(50_000)
        }
        throw KilledDaemon.Trouble(text: "the drawing is not taken")
    }

    /// The paper is in.
    static func press(_ daemon: KilledDaemon) {
        guard let device = daemon.client.ask("GET", "/v1/devices/plot1"),
            let line = device.head.components(separatedBy: "\r\n").first(where: { $0.lowercased().hasPrefix("etag:") })
        else { return }
        let tag = line.dropFirst(5).trimmingCharacters(in: .whitespaces)
        _ = daemon.client.ask(
            "PATCH", "/v1/devices/plot1", "If-Match: \(tag)\r\nContent-Type: application/json\r\n",
            body: "{\"autoAdvance\":true}")
    }

    static func resume(_ id: String, _ daemon: KilledDaemon) throws {
        for _ in 0..<600 {
            let reply = daemon.client.ask("POST", "/v1/jobs/\(id)/resume?homed=true")
            if let status = reply?.status, status < 300 { return }
            usleep(50_000)
        }
        throw KilledDaemon.Trouble(text: "the cut job is not resumed: \(daemon.log.suffix(600))")
    }

    /// How the job began again, from the log.
    static func beginning(_ daemon: KilledDaemon) -> (isExact: Bool, line: String)? {
        for _ in 0..<600 {
            let log = daemon.log
            if log.contains("the very step") { return (true, "") }
            if let line = log.split(separator: "\n").first(where: { $0.contains("place is not proved") }) {
                return (false, String(line))
            }
            if log.contains("job begins") { return (false, "no record") }
            usleep(20_000)
        }
        return nil
    }

    /// Waits for a state of the job; false when it ends otherwise or takes too long.
    static func comes(_ id: String, _ daemon: KilledDaemon, _ state: String, seconds: Double) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            let job = daemon.client.ask("GET", "/v1/jobs/\(id)")?.object
            if job?["state"] as? String == state { return true }
            if job?["isFinal"] as? Bool == true { return false }
            usleep(20_000)
        }
        return false
    }
}
