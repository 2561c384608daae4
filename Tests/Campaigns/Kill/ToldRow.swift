internal import ClusterDoubles
internal import EBB
internal import Foundation
internal import Glibc
internal import Synchronization
internal import TestSupport
internal import Text

/// The daemon is killed while it owes a receiver messages, which is down, slow or busy as it likes: of every job that was
/// taken the receiver hears the beginning and the end, each under one identity however often it comes.
struct ToldRow {
    private static let kills = 4
    private var random: SeededGenerator
    private var taken: [String] = []
    /// How long the receiver is waited for once it is calm, s.
    private let patience: Double
    /// What is done to the spool between an end and the next start.
    private let tampering: (@Sendable (URL) throws -> Void)?

    init(seed: UInt64, tampering: (@Sendable (URL) throws -> Void)? = nil) {
        random = SeededGenerator(seed: seed &+ 0x701D)
        patience = tampering == nil ? 180 : 30
        self.tampering = tampering
    }

    mutating func run(_ firmware: FirmwareVersion) throws -> CampaignReport.Verdict {
        let receiver = try Receiver(seed: UInt64.random(in: 0...UInt64.max, using: &random))
        defer { receiver.server.stop() }
        let configuration =
            "{\"webhooks\": {\"out\": [{\"name\": \"museum\", \"url\": \"http://127.0.0.1:\(receiver.server.port)/hook\", "
            + "\"events\": [\"job.*\"]}], \"allow\": [\"127.0.0.1\"]}}"
        let daemon = try KilledDaemon(firmware: firmware, configuration: configuration)
        try daemon.start()
        StepRow.press(daemon)
        for _ in 0..<Self.kills {
            for _ in 0..<2 { taken.append(try StepRow.submit(Self.drawing, "told", daemon)) }
            if Bool.random(using: &random), let last = taken.last {
                _ = daemon.client.ask("POST", "/v1/jobs/\(last)/cancel")
            }
            usleep(UInt32.random(in: 0...700_000, using: &random))
            daemon.kill()
            try tampering?(daemon.spool)
            try daemon.start()
            Self.goOn(daemon)
        }
        receiver.calm()
        let end = Date().addingTimeInterval(patience)
        while Date() < end, !receiver.missing(taken).isEmpty {
            Self.goOn(daemon)
            usleep(100_000)
        }
        let missing = receiver.missing(taken)
        guard missing.isEmpty else { return .broken("never told: \(missing): \(daemon.log.suffix(600))") }
        if let fault = receiver.fault(taken) { return .broken(fault) }
        return .held(receiver.repeats > 0 ? "some messages twice, under one identity" : "each message once")
    }

    /// A drawing that was cut off goes on, as a person would say.
    private static func goOn(_ daemon: KilledDaemon) {
        let queue = daemon.client.ask("GET", "/v1/devices/plot1")?.object["queue"] as? [String] ?? []
        for id in queue.prefix(1)
        where daemon.client.ask("GET", "/v1/jobs/\(id)")?.object["state"] as? String == "interrupted" {
            _ = daemon.client.ask("POST", "/v1/jobs/\(id)/resume?homed=true")
        }
    }

    private static let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"270mm\" height=\"210mm\" viewBox=\"0 0 270 210\">"
        + "<path d=\"M5 5h20v10h-20z\" fill=\"none\" stroke=\"black\"/></svg>"

    /// Somebody who is told: takes messages, or says later, or hangs up in the middle, until it is calm.
    private final class Receiver: Sendable {
        private struct Heard {
            var generator: SeededGenerator
            var isCalm = false
            /// By identity: what it said, and how often it was taken.
            var bodies: [String: [UInt8]] = [:]
            var times: [String: Int] = [:]
            var changed: [String] = []
        }

        let server: DoubleServer
        private let heard: Box

        private final class Box: Sendable {
            let state: Mutex<Heard>
            init(_ state: sending Heard) { self.state = Mutex(state) }
        }

        init(seed: UInt64) throws {
            let heard = Box(Heard(generator: SeededGenerator(seed: seed)))
            self.heard = heard
            server = try DoubleServer { request in
                heard.state.withLock { state in
                    let identity = request.field("webhook-id") ?? ""
                    if let before = state.bodies[identity], before != request.body { state.changed.append(identity) }
                    state.bodies[identity] = request.body
                    let chance = Int.random(in: 0..<10, using: &state.generator)
                    if !state.isCalm, chance < 3 {
                        return .reply(.init(503, [("Retry-After", "1")]))
                    }
                    state.times[identity, default: 0] += 1
                    // Taken, and the answer does not come back.
                    if !state.isCalm, chance == 3 { return .raw([]) }
                    return .reply(.init(204))
                }
            }
        }

        func calm() { heard.state.withLock { $0.isCalm = true } }

        var repeats: Int { heard.state.withLock { $0.times.values.count { $0 > 1 } } }

        /// Messages that were taken: job, what happened, identity.
        private var taken: [(job: String, type: String, identity: String)] {
            heard.state.withLock { state in
                state.times.keys.compactMap { identity in
                    guard let message = try? JSONReader.read(state.bodies[identity] ?? []),
                        case .string(let type)? = message["type"], case .string(let job)? = message["data"]?["job"]
                    else { return nil }
                    return (job, type, identity)
                }
            }
        }

        private static let ends: Set<String> = ["job.finished", "job.cancelled", "job.failed"]

        /// What was not told yet of these jobs.
        func missing(_ jobs: [String]) -> [String] {
            let taken = taken
            return jobs.flatMap { job -> [String] in
                let types = taken.filter { $0.job == job }.map(\.type)
                return (types.contains("job.queued") ? [] : ["\(job) queued"])
                    + (types.contains(where: Self.ends.contains) ? [] : ["\(job) ended"])
            }
        }

        /// What is wrong with what was told.
        func fault(_ jobs: [String]) -> String? {
            if let identity = heard.state.withLock({ $0.changed.first }) {
                return "the message \(identity) came with another text"
            }
            let taken = taken
            for job in jobs {
                let types = taken.filter { $0.job == job }.map(\.type)
                let (begun, ended) = (types.count { $0 == "job.queued" }, types.count(where: Self.ends.contains))
                guard begun == 1, ended == 1 else { return "of \(job) came \(types.sorted())" }
            }
            return nil
        }
    }
}
