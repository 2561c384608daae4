internal import EBB
internal import Foundation
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable internal import QueueSupport
@testable internal import axidrawd

/// Whoever keeps what events say knows what `GET` says: after each of many random operations.
@Suite(.serialized) struct EventFoldTests {
    /// What a reader of the stream has put together.
    private final class Folded: Sendable {
        struct Known {
            var device: JSONValue = .null
            var queue: JSONValue = .null
            var jobs: [String: JSONValue] = [:]
        }

        let known = Mutex(Known())

        func take(_ name: String, _ data: JSONValue) {
            known.withLock { known in
                switch name {
                case "state": known.device = data
                case "queue": known.queue = data["jobs"] ?? .null
                case "job": known.jobs[data.word("id")] = data
                default: break
                }
            }
        }
    }

    /// Without what has events of its own.
    private static func settled(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return JSONValue.object(members.filter { $0.0 != "position" && $0.0 != "progress" })
    }

    private static let line = Array(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><path d='M1 1H8' stroke='black'/></svg>".utf8)

    /// The first thing in which the two differ, once everything that is under way has been told; nil if they agree.
    ///
    /// - Parameter agreed: jobs that are over and were compared after that.
    private static func difference(
        _ workshop: Workshop, _ folded: Folded, _ agreed: inout Set<JobID>
    ) async -> String? {
        var found: String?
        let end = Date().addingTimeInterval(60)
        repeat {
            found = nil
            let device = try? workshop.device("plot1")
            let jobs = workshop.jobs().filter { !agreed.contains($0.id) }
            let known = folded.known.withLock { $0 }
            if let device, settled(device.json) != settled(known.device) {
                found = "GET \(settled(device.json).text)\nevents \(settled(known.device).text)"
            }
            if let device, device.json["queue"] != known.queue { found = "queue \(known.queue.text)" }
            for job in jobs where settled(job.json) != settled(known.jobs[job.id] ?? .null) {
                found = "GET \(settled(job.json).text)\nevents \(settled(known.jobs[job.id] ?? .null).text)"
            }
            if found == nil {
                agreed.formUnion(jobs.filter(\.state.isFinal).map(\.id))
                return nil
            }
            try? await Task.sleep(for: .milliseconds(2))
        } while Date() < end
        return found
    }

    private static func perform(_ workshop: Workshop, _ random: inout SeededGenerator) async throws -> String {
        let waiting = workshop.jobs().filter { !$0.state.isFinal }
        let job = waiting.randomElement(using: &random)
        let number = Int.random(in: 0..<100, using: &random)
        switch number {
        case 0..<6 where waiting.count < 8:
            var given = Submission(device: "plot1", name: "n\(number)", drawing: line)
            given.isHeld = Bool.random(using: &random)
            return "submit " + (try await workshop.submit(given)).id
        case 6..<30:
            guard let job else { return "" }
            let places: [Workshop.Place] = [.first, .last, .up, .down]
            try await workshop.move(job.id, to: places[number % 4])
        case 30..<50: if let job { try await workshop.hold(job.id) }
        case 50..<56: if let job { try await workshop.act(on: job.id, .resume) }
        case 56..<60: if let job { try await workshop.act(on: job.id, .cancel) }
        case 60..<70: try await workshop.set(autoAdvance: number % 2 == 0, of: "plot1")
        case 70..<80: try await workshop.act(onDevice: "plot1", .stop)
        case 80..<84: try await workshop.advance("plot1")
        case 84..<90: try await workshop.act(onDevice: "plot1", .lowerPen)
        case 90..<96: try await workshop.act(onDevice: "plot1", .raisePen)
        case 96: try await workshop.act(onDevice: "plot1", .releaseMotors)
        case 97: try await workshop.act(onDevice: "plot1", .pressed(.double))
        default: try await workshop.act(onDevice: "plot1", .reset)
        }
        return "\(number) \(job?.id ?? "")"
    }

    @Test(arguments: [UInt64(1)]) func tenThousandOperationsAreToldAsTheyAre(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = try JobStore(storage: MemoryStorage(), nowMilliseconds: JobKeeper.now)
        let server = try TestDaemon(keeper: JobKeeper(store))
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let workshop = server.daemon.workshop
        let folded = Folded()
        workshop.events.observe { folded.take($0, $1) }
        workshop.roster.tell(device: "plot1")
        var agreed: Set<JobID> = []
        for number in 0..<10_000 {
            // Refused operations change nothing, which is to be told just as well.
            let what = (try? await Self.perform(workshop, &random)) ?? "refused"
            if let difference = await Self.difference(workshop, folded, &agreed) {
                Issue.record("seed \(seed), operation \(number) (\(what)):\n\(difference)")
                return
            }
        }
    }
}
