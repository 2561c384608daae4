internal import Foundation
internal import TestSupport

/// A daemon that draws and draws: what it takes of memory stays the same.
let soakCampaign = Campaign(
    name: "soak",
    help: "a daemon on a virtual plotter draws job after job; its memory is flat after 200 (--count N jobs)"
) { arguments in
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    let deadline = arguments.minutes.map { Date().addingTimeInterval($0 * 60) }
    for number in 0..<arguments.seeds {
        let seed = arguments.seed + number
        let verdict: CampaignReport.Verdict
        do {
            let run = try SoakRun(seed: seed)
            verdict = try run.run(jobs: arguments.count.map { Int($0) } ?? 600, until: deadline)
        } catch { verdict = .broken("\(error)") }
        report.add(verdict, row: "memory", seed: seed)
    }
    return report
}

/// One daemon and its jobs.
private final class SoakRun {
    private static let warmUp = 200
    /// What may come of fragments, caches that fill up and the history's places, KiB a job; a trace took 26.
    private static let mostGrowth = 4.0

    private let scratch: TemporaryFolder
    private let process: Process
    private let client: LocalClient
    private var generator: SeededGenerator

    struct Trouble: Error, CustomStringConvertible {
        var description: String
    }

    init(seed: UInt64) throws {
        scratch = try TemporaryFolder()
        generator = SeededGenerator(seed: seed)
        client = LocalClient(path: scratch.path("s"))
        process = try Executable.start(
            [
                "serve", "--simulate", "--speed", "max", "--state", scratch.path("state"), "--listen",
                "unix:" + client.path, "--quiet",
            ], scratch: scratch)
        Warden.shared.watch(process)
        let end = Date().addingTimeInterval(60)
        while client.ask("GET", "/readyz")?.status != 200 {
            guard process.isRunning, Date() < end else { throw Trouble(description: "the daemon does not come up") }
            usleep(20_000)
        }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        Warden.shared.forget(process)
    }

    func run(jobs: Int, until deadline: Date?) throws -> CampaignReport.Verdict {
        let count = max(jobs, 2 * Self.warmUp)
        var first = 0
        var drawn = 0
        while drawn < count, deadline.map({ Date() < $0 }) ?? true || drawn < 2 * Self.warmUp {
            try draw()
            drawn += 1
            if drawn == Self.warmUp { first = try residentKiB() }
        }
        let last = try residentKiB()
        let growth = Double(last - first) / Double(drawn - Self.warmUp)
        let words = "\(first) KiB after \(Self.warmUp) jobs, \(last) after \(drawn)"
        complain(words + String(format: ", %.2f KiB a job", growth))
        return growth <= Self.mostGrowth ? .held("flat") : .broken(words)
    }

    /// Hands in a drawing and waits until it is drawn.
    private func draw() throws {
        let lines = (0..<20).map { _ in
            "M\(10 + generator.below(180)) \(10 + generator.below(100))l\(generator.below(20)) \(generator.below(20))h3"
        }
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"220mm\" height=\"140mm\" "
            + "viewBox=\"0 0 220 140\"><path d=\"\(lines.joined())\" fill=\"none\" stroke=\"black\"/></svg>"
        let made = client.ask(
            "POST", "/v1/devices/plot1/jobs", "Content-Type: image/svg+xml\r\n", body: drawing)
        guard made?.status == 201, let id = made?.object["id"] as? String else {
            throw Trouble(description: "a job is answered \(made?.status ?? 0)")
        }
        let end = Date().addingTimeInterval(120)
        while client.ask("GET", "/v1/jobs/\(id)")?.object["state"] as? String != "done" {
            guard Date() < end else { throw Trouble(description: "\(id) is not drawn within two minutes") }
            usleep(3_000)
        }
    }

    private func residentKiB() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
