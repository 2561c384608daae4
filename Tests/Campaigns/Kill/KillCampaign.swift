internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import Synchronization
internal import TestSupport

let killCampaign = Campaign(
    name: "kill",
    help: "the daemon is killed at random under four clients that submit, cancel, reorder and plot"
) { arguments in
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    let deadline = arguments.minutes.map { Date().addingTimeInterval($0 * 60) }
    let firmwares: [FirmwareVersion] =
        switch arguments.firmware {
        case "2.8.1": [.v281]
        case "3.0.3": [.v303]
        default: [.v303, .v281]
        }
    // A spool lives through a few kills, then its paper is looked at.
    let spools = arguments.count.map { ($0 + UInt64(KillRun.kills) - 1) / UInt64(KillRun.kills) } ?? arguments.seeds
    for number in 0..<spools {
        if let deadline, Date() > deadline { break }
        let seed = arguments.seed + number
        let isRare = arguments.count != nil && number % 8 != 0
        // Each firmware with each rule of speeds.
        let firmware = firmwares[Int(number / 2) % firmwares.count]
        let motion = arguments.motion(ofSeed: seed)
        if arguments.wants("killed") {
            var run = KillRun(seed: seed, motion: motion)
            do { try run.run(firmware, &report) } catch { report.add(.broken("\(error)"), row: "killed", seed: seed) }
        }
        if arguments.wants("very step"), !isRare {
            for firmware in firmwares {
                var row = StepRow(seed: seed, motion: motion)
                let name = "very step, \(motion) \(firmware)"
                do { report.add(try row.run(firmware), row: name, seed: seed) } catch {
                    report.add(.broken("\(error)"), row: name, seed: seed)
                }
            }
        }
        if arguments.wants("closed"), !isRare {
            for firmware in firmwares {
                for isKill in [false, true] {
                    var row = ClosedRow(seed: seed, motion: motion, isKill: isKill)
                    let name = "closed, \(isKill ? "SIGKILL" : "SIGTERM"), \(motion) \(firmware)"
                    do { report.add(try row.run(firmware), row: name, seed: seed) } catch {
                        report.add(.broken("\(error)"), row: name, seed: seed)
                    }
                }
            }
        }
        if arguments.wants("stops"), !isRare {
            var row = StopsRow(seed: seed, motion: motion)
            do { report.add(try row.run(firmware), row: "stops", seed: seed) } catch {
                report.add(.broken("\(error)"), row: "stops", seed: seed)
            }
        }
        if arguments.wants("told"), !isRare {
            var row = ToldRow(seed: seed)
            do { report.add(try row.run(firmware), row: "told", seed: seed) } catch {
                report.add(.broken("\(error)"), row: "told", seed: seed)
            }
        }
        if arguments.wants("the show"), !isRare {
            var row = ShowRow(seed: seed)
            do { report.add(try row.run(firmware), row: "the show", seed: seed) } catch {
                report.add(.broken("\(error)"), row: "the show", seed: seed)
            }
        }
    }
    return report
}

/// What clients were told, and what they were not.
private struct Ledger {
    /// Acknowledged submissions: job to number.
    var numbers: [String: Int] = [:]
    /// Numbers whose submission got no answer: there may be a job or not.
    var unanswered: Set<Int> = []
    /// Jobs whose cancellation was acknowledged.
    var cancelled: Set<String> = []
    /// Jobs that somebody has asked to cancel, answered or not.
    var asked: Set<String> = []
    /// How often a cut job was told to go on: each time its stroke may be drawn again.
    var resumed: [String: Int] = [:]
    var next = 0
    var isOver = false
}

/// One spool through several kills.
struct KillRun {
    static let kills = 4
    private static let drawnAtTheEnd = 4
    let seed: UInt64
    private let motion: PlotOptions.Motion
    private var random: SeededGenerator
    private let ledger = Shared()

    private final class Shared: Sendable {
        let state = Mutex(Ledger())
    }

    init(seed: UInt64, motion: PlotOptions.Motion) {
        self.seed = seed
        self.motion = motion
        random = SeededGenerator(seed: seed)
    }

    mutating func run(_ firmware: FirmwareVersion, _ report: inout CampaignReport) throws {
        let daemon = try KilledDaemon(firmware: firmware, motion: motion)
        try daemon.start()
        try autoAdvance(daemon.client)
        for _ in 0..<Self.kills {
            // Half of the time nobody asks for anything when the kill comes: then the order is known, too.
            let isQuiet = Bool.random(using: &random)
            work(on: daemon, milliseconds: Int.random(in: 200...1500, using: &random), toTheEnd: isQuiet)
            let order = isQuiet ? waiting(daemon.client) : nil
            daemon.kill()
            try daemon.start()
            report.add(check(daemon, order), row: "killed", seed: seed)
            settleCut(daemon.client)
        }
        report.add(finish(daemon), row: "drawn once", seed: seed)
    }

    /// One kill, after which something is done to the spool behind the daemon's back: what the checks say to that.
    mutating func verdict(after tampering: (KilledDaemon) throws -> Void) throws -> CampaignReport.Verdict {
        let daemon = try KilledDaemon(firmware: .v303, motion: motion)
        try daemon.start()
        work(on: daemon, milliseconds: 800, toTheEnd: true)
        daemon.kill()
        try tampering(daemon)
        try daemon.start()
        let verdict = check(daemon, nil)
        if case .broken = verdict { return verdict }
        return finish(daemon)
    }

    private func autoAdvance(_ client: LocalClient) throws {
        guard let device = client.ask("GET", "/v1/devices/plot1"),
            let line = device.head.components(separatedBy: "\r\n").first(where: { $0.lowercased().hasPrefix("etag:") })
        else { throw KilledDaemon.Trouble(text: "the device has no tag") }
        let tag = line.dropFirst(5).trimmingCharacters(in: .whitespaces)
        let set = client.ask(
            "PATCH", "/v1/devices/plot1", "If-Match: \(tag)\r\nContent-Type: application/json\r\n",
            body: "{\"autoAdvance\":true}")
        guard set?.status == 200 else { throw KilledDaemon.Trouble(text: "autoAdvance is refused") }
    }

    // MARK: Clients

    /// Lets four clients work for so long; then they end by themselves, which may be waited for.
    private mutating func work(on daemon: KilledDaemon, milliseconds: Int, toTheEnd: Bool) {
        ledger.state.withLock { $0.isOver = false }
        let group = DispatchGroup()
        let client = daemon.client
        for _ in 0..<4 {
            let generator = SeededGenerator(seed: random.next())
            let (ledger, query) = (ledger, daemon.query)
            group.enter()
            Thread.detachNewThread {
                var generator = generator
                while !ledger.state.withLock({ $0.isOver }) { Self.act(client, query, ledger, &generator) }
                group.leave()
            }
        }
        usleep(UInt32(milliseconds) * 1000)
        ledger.state.withLock { $0.isOver = true }
        // Those that are still asking find the daemon dead: that is part of it.
        if toTheEnd { group.wait() }
    }

    private static func act(_ client: LocalClient, _ query: String, _ ledger: Shared, _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            let number = ledger.state.withLock { state in
                state.next += 1
                return state.next
            }
            // In the ledger before it is asked: an answer that is lost may still have had its effect.
            ledger.state.withLock { _ = $0.unanswered.insert(number) }
            let target = "/v1/devices/plot1/jobs?\(query)&name=\(number)"
            guard let reply = client.ask("POST", target, "Content-Type: image/svg+xml\r\n", body: drawing(number))
            else {
                return
            }
            ledger.state.withLock { state in
                state.unanswered.remove(number)
                if reply.status == 201, let id = reply.object["id"] as? String { state.numbers[id] = number }
            }
        case 5, 6:
            guard let id = known(ledger, &random) else { return }
            ledger.state.withLock { _ = $0.asked.insert(id) }
            guard let reply = client.ask("POST", "/v1/jobs/\(id)/cancel"), reply.status == 200 else { return }
            ledger.state.withLock { _ = $0.cancelled.insert(id) }
        case 7: _ = client.ask("POST", "/v1/devices/plot1/resume")
        default:
            guard let id = known(ledger, &random) else { return }
            let places = ["first", "last", "up", "down"]
            _ = client.ask("POST", "/v1/jobs/\(id)/move?to=\(places.randomElement(using: &random) ?? "up")")
        }
        usleep(UInt32.random(in: 1000...20_000, using: &random))
    }

    private static func known(_ ledger: Shared, _ random: inout SeededGenerator) -> String? {
        ledger.state.withLock { $0.numbers.keys.sorted() }.randomElement(using: &random)
    }

    /// A line at a place of its own, so that the paper tells which job drew it.
    private static func drawing(_ number: Int) -> String {
        let (x, y) = place(number)
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300mm\" height=\"218mm\" viewBox=\"0 0 300 218\">"
            + "<path d=\"M\(x) \(y)h4\" stroke=\"black\"/></svg>"
    }

    private static func place(_ number: Int) -> (x: Double, y: Double) {
        (Double(5 + number % 45 * 6), Double(4 + number / 45 * 2))
    }

    // MARK: Checks

    private func waiting(_ client: LocalClient) -> [String]? {
        usleep(200_000)
        return client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String]
    }

    /// Every job that there is, also those that have left the list; nil if the daemon does not tell.
    private func all(_ client: LocalClient) -> [[String: Any]]? {
        var jobs: [String: [String: Any]] = [:]
        for path in ["/v1/jobs", "/v1/history"] {
            var after: String?
            repeat {
                guard let page = client.ask("GET", path + "?limit=200" + (after.map { "&after=" + $0 } ?? "")),
                    page.status == 200
                else { return nil }
                for job in page.items {
                    guard let id = job["id"] as? String else { return nil }
                    if path == "/v1/jobs" || jobs[id] == nil { jobs[id] = job }
                }
                after = page.object["next"] as? String
            } while after != nil
        }
        return Array(jobs.values)
    }

    private func check(_ daemon: KilledDaemon, _ order: [String]?) -> CampaignReport.Verdict {
        guard let jobs = all(daemon.client), let device = daemon.client.ask("GET", "/v1/devices/plot1")?.object else {
            return .broken("the daemon does not tell its jobs")
        }
        let ledger = ledger.state.withLock { $0 }
        let states = Dictionary(
            uniqueKeysWithValues: jobs.map { ($0["id"] as? String ?? "", $0["state"] as? String ?? "") })
        let lost = ledger.numbers.keys.filter { states[$0] == nil }
        guard lost.isEmpty else { return .broken("\(lost.count) acknowledged jobs are lost, such as \(lost[0])") }
        var seen: [Int: String] = [:]
        for job in jobs {
            guard let id = job["id"] as? String, let number = (job["name"] as? String).flatMap({ Int($0) }) else {
                return .broken("a job without id or name")
            }
            if let other = seen[number] { return .broken("number \(number) is twice: \(other) and \(id)") }
            seen[number] = id
            if let acknowledged = ledger.numbers[id] {
                guard acknowledged == number else { return .broken("\(id) has the drawing of another") }
            } else if !ledger.unanswered.contains(number) {
                return .broken("\(id) (\(number)) was refused or never asked for")
            }
        }
        // One that came as its last line was drawn is done; no other may go on or wait.
        for id in ledger.cancelled where !["cancelled", "done"].contains(states[id]) {
            return .broken("\(id) was cancelled and is \(states[id] ?? "gone")")
        }
        let cut = states.values.count { $0 == "interrupted" }
        guard cut <= 1 else { return .broken("\(cut) jobs are interrupted, one plotter draws one") }
        guard let queue = device["queue"] as? [String] else { return .broken("no queue") }
        if let order {
            // What finished before the kill has left; what was being drawn stands first.
            let kept = order.filter { queue.contains($0) }
            guard queue == kept else { return .broken("the order was \(kept) and is \(queue)") }
        }
        return .held(cut == 1 ? "with a cut job" : "between jobs")
    }

    /// A cut job is given up or goes on, as a person would.
    private mutating func settleCut(_ client: LocalClient) {
        let queue = client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String] ?? []
        guard let id = queue.first, let job = client.ask("GET", "/v1/jobs/\(id)")?.object,
            job["state"] as? String == "interrupted"
        else { return }
        let goesOn = Bool.random(using: &random)
        if goesOn { ledger.state.withLock { $0.resumed[id, default: 0] += 1 } }
        if !goesOn { ledger.state.withLock { _ = $0.asked.insert(id) } }
        _ = client.ask("POST", "/v1/jobs/\(id)/" + (goesOn ? "resume?homed=true" : "cancel"))
    }

    /// A drawing that was being planned at two kills is held until a person says go: on a busy machine some are.
    private func trustHeld(_ client: LocalClient) {
        for id in client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String] ?? []
        where client.ask("GET", "/v1/jobs/\(id)")?.object["state"] as? String == "held" {
            _ = client.ask("POST", "/v1/jobs/\(id)/resume")
        }
    }

    /// Lets everything be drawn, then compares the paper with what the daemon says.
    private mutating func finish(_ daemon: KilledDaemon) -> CampaignReport.Verdict {
        // A port keeps real time: all of them would take minutes.
        let waiting = daemon.client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String] ?? []
        for id in waiting.dropFirst(Self.drawnAtTheEnd) {
            ledger.state.withLock { _ = $0.asked.insert(id) }
            _ = daemon.client.ask("POST", "/v1/jobs/\(id)/cancel")
        }
        let end = Date().addingTimeInterval(120)
        while Date() < end {
            guard let device = daemon.client.ask("GET", "/v1/devices/plot1")?.object else { break }
            if (device["queue"] as? [String])?.isEmpty ?? false, device["state"] as? String == "raised" { break }
            // A plotter that was not ready for it at once is asked again.
            settleCut(daemon.client)
            trustHeld(daemon.client)
            usleep(100_000)
        }
        guard let jobs = all(daemon.client) else { return .broken("the daemon does not tell its jobs") }
        let ledger = ledger.state.withLock { $0 }
        var counts: [Int: Int] = [:]
        for touch in daemon.touches() {
            let row = Int(((touch.y - 4) / 2).rounded())
            // A line is drawn from either end.
            let column = Int(((touch.x - 7) / 6).rounded())
            counts[row * 45 + column, default: 0] += 1
        }
        var done = 0
        for job in jobs {
            guard let id = job["id"] as? String, let number = (job["name"] as? String).flatMap({ Int($0) }) else {
                continue
            }
            let count = counts[number] ?? 0
            let most = 1 + (ledger.resumed[id] ?? 0)
            switch job["state"] as? String {
            case "done":
                done += 1
                guard (1...most).contains(count) else { return .broken("\(id) is done and drawn \(count) times") }
            case "cancelled":
                guard ledger.asked.contains(id) || ledger.unanswered.contains(number) else {
                    return .broken("\(id) was cancelled by nobody")
                }
                guard count <= most else { return .broken("\(id) is cancelled and drawn \(count) times") }
            case let state:
                let device = daemon.client.ask("GET", "/v1/devices/plot1")?.object
                let head = (device?["queue"] as? [String])?.first.flatMap { daemon.client.ask("GET", "/v1/jobs/\($0)") }
                return .broken(
                    "\(id) ends as \(state ?? "nothing"); the plotter is \(device?["state"] ?? "gone") "
                        + "(\(device?["sentence"] ?? "")), before it waits \(head?.object["state"] ?? "nothing"): "
                        + daemon.log.suffix(1_200))
            }
        }
        return .held(done > 0 ? "with every line on the paper once" : "with nothing to draw")
    }
}
