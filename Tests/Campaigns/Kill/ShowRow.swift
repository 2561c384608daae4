internal import EBB
internal import Foundation
internal import Glibc
internal import TestSupport

/// The installation is killed three times between and during its presses: what a visitor was promised is drawn once, in
/// the order of the cycle.
struct ShowRow {
    private static let kills = 3
    private static let cycle = ["one", "two", "three"]
    private var random: SeededGenerator

    /// Presses with an answer, by ticket, in their order.
    private var promised: [(ticket: String, product: String)] = []
    private var unanswered = 0
    private var number = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed &+ 0x5409) }

    private static var products: String {
        let list = cycle.map {
            "{\"name\": \"\($0)\", \"kind\": \"spirograph\", \"parameters\": {\"width\": 60, \"height\": 60, \"curves\": 1}}"
        }
        return "{\"products\": [\(list.joined(separator: ", "))], \"paper\": \"endless\", "
            + "\"buttons\": [{\"source\": \"campaign\", \"device\": \"door\", \"plotter\": \"plot1\"}]}"
    }

    mutating func run(_ firmware: FirmwareVersion) throws -> CampaignReport.Verdict {
        let daemon = try KilledDaemon(firmware: firmware, products: Self.products)
        try daemon.start()
        for _ in 0..<Self.kills {
            for _ in 0..<2 {
                press(daemon)
                // Nearer ones are the bouncing of a button.
                usleep(UInt32.random(in: 1_050_000...1_400_000, using: &random))
            }
            daemon.kill()
            try daemon.start()
            goOn(daemon)
        }
        let end = Date().addingTimeInterval(120)
        var left = 1
        while left > 0, Date() < end {
            usleep(200_000)
            goOn(daemon)
            let waiting = daemon.client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String]
            let show = daemon.client.ask("GET", "/v1/installation")?.object
            let plotters = show?["plotters"] as? [[String: Any]]
            left = (waiting?.count ?? 1) + ((plotters?.first?["line"] as? [Any])?.count ?? 1)
        }
        return try verdict(daemon, left)
    }

    private mutating func press(_ daemon: KilledDaemon) {
        for _ in 0..<60 {
            number += 1
            let body = "{\"press\": \"single\", \"device\": \"door\", \"id\": \"\(number)\"}"
            let reply = daemon.client.ask(
                "POST", "/v1/webhooks/campaign", "Content-Type: application/json\r\n", body: body)
            guard let reply else {
                unanswered += 1
                return
            }
            if reply.object["result"] as? String == "queued", let ticket = reply.object["ticket"] as? String,
                let product = reply.object["product"] as? String
            {
                promised.append((ticket, product))
                return
            }
            // Not yet waiting for presses: what it did instead (the pen moves) is taken back.
            if reply.object["result"] as? String != nil { _ = daemon.client.ask("POST", "/reset/plot1") }
            usleep(1_100_000)
        }
    }

    /// A drawing that was cut off goes on, as a person would say.
    private func goOn(_ daemon: KilledDaemon) {
        let queue = daemon.client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String] ?? []
        for id in queue.prefix(1)
        where daemon.client.ask("GET", "/v1/jobs/\(id)")?.object["state"] as? String == "interrupted" {
            _ = daemon.client.ask("POST", "/v1/jobs/\(id)/resume?homed=true")
        }
    }

    private func verdict(_ daemon: KilledDaemon, _ left: Int) throws -> CampaignReport.Verdict {
        guard left == 0 else { return .broken("\(left) drawings still wait: \(daemon.log.suffix(600))") }
        guard !promised.isEmpty else { return .broken("no press was taken: \(daemon.log.suffix(600))") }
        let jobs = daemon.client.ask("GET", "/v1/history?limit=200")?.items ?? []
        let all = jobs + (daemon.client.ask("GET", "/v1/jobs?limit=200")?.items ?? [])
        var states: [String: String] = [:]
        for job in all {
            if let id = job["id"] as? String { states[id] = job["state"] as? String ?? "" }
        }
        let done = states.values.count { $0 == "done" }
        let most = promised.count + unanswered
        guard (promised.count...most).contains(done) else {
            return .broken(
                "\(promised.count) presses were promised, \(unanswered) not answered, \(done) drawn: "
                    + "\(states) \(daemon.log.suffix(1500))")
        }
        guard unanswered == 0 else { return .held("with unanswered presses") }
        // Positions in the cycle are taken one after the other, whoever dies between.
        let want = promised.indices.map { Self.cycle[$0 % Self.cycle.count] }
        guard promised.map(\.product) == want else { return .broken("the cycle went \(promised.map(\.product))") }
        return .held("as promised")
    }
}
