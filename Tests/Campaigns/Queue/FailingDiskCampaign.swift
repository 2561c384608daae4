// These look inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation
    internal import TestSupport

    @testable internal import QueueSupport

    let ioCampaign = Campaign(
        name: "io", help: "every call to the disk fails in turn: full, broken, no descriptors, failed sync"
    ) { _ in
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        for operation in FailingDisk.Operation.allCases {
            for failure in FailingDisk.Failure.allCases {
                let (failures, fault) = FailingDisk.check(operation, failure)
                let row = "store, \(failure)"
                report.add(.held("held"), row: row, seed: 0, times: failures - (fault == nil ? 0 : 1))
                if let fault { report.add(.broken("\(fault)"), row: row, seed: 0) }
            }
        }
        for failure in FailingDisk.Failure.allCases {
            let row = "daemon, \(failure)"
            do {
                for (words, count) in try await FailingDaemonRun.run(failure) {
                    report.add(.held(words), row: row, seed: 0, times: count)
                }
            } catch { report.add(.broken("\(error)"), row: row, seed: 0) }
            let begin = "begin, \(failure)"
            do {
                for (words, count) in try await FailingDaemonRun.begin(failure) {
                    report.add(.held(words), row: begin, seed: 0, times: count)
                }
            } catch { report.add(.broken("\(error)"), row: begin, seed: 0) }
        }
        return report
    }

    /// Requests to a daemon that draws all the while, each with another failing call.
    private enum FailingDaemonRun {
        private typealias Trouble = KilledDaemon.Trouble

        private enum Request: CaseIterable { case submit, cancel, reorder }

        /// What came of the requests, counted.
        static func run(_ failure: FailingDisk.Failure) async throws -> [(words: String, count: Int)] {
            try await onThread { failure == .failedSync ? try unsure() : try passing(failure) }
        }

        /// The same of jobs that are to begin.
        static func begin(_ failure: FailingDisk.Failure) async throws -> [(words: String, count: Int)] {
            try await onThread { failure == .failedSync ? try unsureBeginnings() : try beginnings(failure) }
        }

        private static func onThread(
            _ body: @escaping @Sendable () throws -> [(words: String, count: Int)]
        ) async throws -> [(words: String, count: Int)] {
            try await withCheckedThrowingContinuation { done in
                // It waits for answers: the cooperative threads are the daemon's.
                Thread.detachNewThread { done.resume(with: Result { try body() }) }
            }
        }

        // MARK: A job that is to begin

        /// Whichever call fails before the first motion: the job keeps its place and begins by itself.
        private static func beginnings(_ failure: FailingDisk.Failure) throws -> [(words: String, count: Int)] {
            let folder = try TemporaryFolder()
            let daemon = try FailingDaemon(in: folder)
            var counts = (failed: 0, undisturbed: 0)
            for step in 1...1_000 {
                try daemon.wait("it is not ready") { $0["state"] as? String == "raised" }
                let id = try planned(daemon, "begin\(step)")
                daemon.fault.arm(failure, step: step)
                let reply = daemon.client.ask("POST", "/v1/jobs/\(id)/resume")
                if reply?.status ?? 0 >= 300 {
                    guard reply?.status == failure.status,
                        daemon.client.ask("POST", "/v1/jobs/\(id)/resume")?.status ?? 0 < 300
                    else { throw Trouble(text: "begin, call \(step): answer \(reply?.status ?? 0)") }
                }
                let seen = try statesUntilBegun(id, daemon)
                let (hasFailed, isAtEnd) = daemon.fault.disarm()
                guard seen.isSubset(of: ["held", "queued", "plotting"]) else {
                    throw Trouble(text: "begin, call \(step): the job was \(seen.sorted())")
                }
                if hasFailed { counts.failed += 1 } else { counts.undisturbed += 1 }
                _ = daemon.client.ask("POST", "/v1/jobs/\(id)/cancel")
                if isAtEnd { break }
            }
            try daemon.wait("the plot does not end") { $0["state"] as? String == "raised" }
            daemon.stop()
            return [("began by themselves", counts.failed), ("began at once", counts.undisturbed)].filter { $0.1 > 0 }
        }

        /// After a failed sync nothing begins, nothing is given up, and the next daemon has the job.
        private static func unsureBeginnings() throws -> [(words: String, count: Int)] {
            var count = 0
            for step in 1...1_000 {
                let folder = try TemporaryFolder()
                let daemon = try FailingDaemon(in: folder)
                let id = try planned(daemon, "begin")
                daemon.fault.arm(.failedSync, step: step)
                let reply = daemon.client.ask("POST", "/v1/jobs/\(id)/resume")
                if reply?.status == 200 {
                    try daemon.wait("it neither begins nor says why") { device in
                        daemon.job(id)["startedAt"] is String || !(device["hindrance"] is NSNull)
                    }
                }
                let (hasFailed, isAtEnd) = daemon.fault.disarm()
                let state = daemon.job(id)["state"] as? String ?? "lost"
                daemon.stop()
                if isAtEnd { break }
                guard hasFailed else { continue }
                count += 1
                guard ["held", "queued", "plotting"].contains(state) else {
                    throw Trouble(text: "begin, call \(step): the job is \(state)")
                }
                let next = try FailingDaemon(in: folder)
                let found = next.job(id)["state"] as? String ?? "lost"
                next.stop()
                guard ["held", "queued", "interrupted"].contains(found) else {
                    throw Trouble(text: "begin, call \(step): the next daemon finds the job \(found)")
                }
            }
            return [("kept", count)]
        }

        /// A long drawing that only waits for somebody to say go.
        private static func planned(_ daemon: FailingDaemon, _ name: String) throws -> String {
            guard let id = daemon.submit(name, isLong: true)?.object["id"] as? String else {
                throw Trouble(text: "\(name) is not taken")
            }
            try daemon.wait("\(name) is not planned") { _ in daemon.job(id)["summary"] is [String: Any] }
            return id
        }

        private static func statesUntilBegun(_ id: String, _ daemon: FailingDaemon) throws -> Set<String> {
            var seen: Set<String> = []
            try daemon.wait("the job does not begin") { _ in
                let job = daemon.job(id)
                seen.insert(job["state"] as? String ?? "lost")
                return job["startedAt"] is String
            }
            return seen
        }

        // MARK: A failure that passes

        /// One daemon through all failures: it recovers by itself each time, and the plot goes on.
        private static func passing(_ failure: FailingDisk.Failure) throws -> [(words: String, count: Int)] {
            let folder = try TemporaryFolder()
            let daemon = try FailingDaemon(in: folder)
            var refused = 0
            var number = 0
            for request in Request.allCases {
                for step in 1...1_000 {
                    try plot(on: daemon)
                    number += 1
                    let name = "\(request)\(number)"
                    let (kept, other) = (try made(daemon, "kept\(number)"), try made(daemon, "other\(number)"))
                    daemon.fault.arm(failure, step: step)
                    let reply = ask(request, daemon, name, other)
                    let (hasFailed, isAtEnd) = daemon.fault.disarm()
                    let isAccepted = reply.map { $0.status < 300 } ?? false
                    if !isAccepted {
                        guard hasFailed, reply?.status == failure.status else {
                            throw Trouble(text: "\(request), call \(step): answer \(reply?.status ?? 0)")
                        }
                        refused += 1
                        // It was refused: it did not happen, and asked again it does.
                        guard ask(request, daemon, name, other).map({ $0.status < 300 }) ?? false else {
                            throw Trouble(text: "\(request), call \(step): it does not recover")
                        }
                    }
                    try check(daemon, request, name: name, kept: kept, other: other, step)
                    if isAtEnd { break }
                }
            }
            try daemon.wait("the plot does not end") { $0["state"] as? String == "raised" }
            daemon.stop()
            let line = number - refused
            return [("refused and recovered", refused), ("carried out", line)].filter { $0.1 > 0 }
        }

        private static func check(
            _ daemon: FailingDaemon, _ request: Request, name: String, kept: String, other: String, _ step: Int
        ) throws {
            guard daemon.job(kept)["state"] as? String == "held" else {
                throw Trouble(text: "\(request), call \(step): a job is \(daemon.job(kept)["state"] ?? "lost")")
            }
            let isCancelled = daemon.job(other)["state"] as? String == "cancelled"
            guard isCancelled == (request == .cancel), daemon.count(of: name) == (request == .submit ? 1 : 0) else {
                throw Trouble(text: "\(request), call \(step): \(daemon.count(of: name)) jobs")
            }
            let states = ["plotting", "raised"]
            guard states.contains(daemon.device["state"] as? String ?? "") else {
                throw Trouble(text: "\(request), call \(step): the plotter is \(daemon.device)")
            }
            // What is no longer needed, so that lists stay short.
            for id in [kept, other] { _ = daemon.client.ask("POST", "/v1/jobs/\(id)/cancel") }
        }

        /// Sees to it that something is being drawn.
        private static func plot(on daemon: FailingDaemon) throws {
            if daemon.device["state"] as? String == "plotting" { return }
            let id = daemon.submit("drawn", hold: false)?.object["id"] as? String ?? ""
            try daemon.wait("the plot does not begin") { device in
                if device["state"] as? String == "plotting" { return true }
                _ = daemon.client.ask("POST", "/v1/jobs/\(id)/resume?homed=true")
                return false
            }
        }

        private static func made(_ daemon: FailingDaemon, _ name: String) throws -> String {
            guard let reply = daemon.submit(name), reply.status == 201, let id = reply.object["id"] as? String else {
                throw Trouble(text: "\(name) is not taken")
            }
            return id
        }

        private static func ask(
            _ request: Request, _ daemon: FailingDaemon, _ name: String, _ other: String
        ) -> LocalClient.Reply? {
            switch request {
            case .submit: daemon.submit(name)
            case .cancel: daemon.client.ask("POST", "/v1/jobs/\(other)/cancel")
            case .reorder: daemon.client.ask("POST", "/v1/jobs/\(other)/move?to=first")
            }
        }

        // MARK: A failed sync

        /// A daemon for each failed sync: it acknowledges nothing more, the plot ends with the pen up, and the next
        /// daemon has everything.
        private static func unsure() throws -> [(words: String, count: Int)] {
            var (refused, before) = (0, 0)
            for request in Request.allCases {
                for step in 1...1_000 {
                    let folder = try TemporaryFolder()
                    let daemon = try FailingDaemon(in: folder)
                    try plot(on: daemon)
                    let (kept, other) = (try made(daemon, "kept"), try made(daemon, "other"))
                    daemon.fault.arm(.failedSync, step: step)
                    let reply = ask(request, daemon, "new", other)
                    let (hasFailed, isAtEnd) = daemon.fault.disarm()
                    if isAtEnd { break }
                    guard hasFailed else { continue }
                    // What is written down afterwards, as the plan of a new job, may be the call that fails: then the
                    // request was acknowledged before, and has to stand.
                    let isAcknowledged = reply.map { $0.status < 300 } ?? false
                    if isAcknowledged { before += 1 } else { refused += 1 }
                    guard isAcknowledged || reply?.status == 503 else {
                        throw Trouble(text: "\(request), call \(step): answer \(reply?.status ?? 0)")
                    }
                    for next in [ask(.submit, daemon, "late", ""), ask(.cancel, daemon, "", kept)] {
                        guard next?.status == 503 else {
                            throw Trouble(text: "\(request), call \(step): then \(next?.status ?? 0)")
                        }
                    }
                    guard daemon.client.ask("GET", "/readyz")?.status == 503 else {
                        throw Trouble(text: "\(request), call \(step): it calls itself ready")
                    }
                    guard daemon.device["state"] as? String == "plotting" else {
                        throw Trouble(text: "\(request), call \(step): the plot stands: \(daemon.device)")
                    }
                    daemon.stop()
                    try checkNext(folder, kept, other, acknowledged: isAcknowledged ? request : nil)
                }
            }
            return [("nothing acknowledged, all kept", refused), ("acknowledged before, all kept", before)]
                .filter { $0.1 > 0 }
        }

        /// The next daemon on the same folder; the lock is the program's and not taken here.
        private static func checkNext(
            _ folder: TemporaryFolder, _ kept: String, _ other: String, acknowledged: Request?
        ) throws {
            let next = try FailingDaemon(in: folder)
            let states = [kept, other].map { next.job($0)["state"] as? String ?? "lost" }
            let (copies, ends) = (
                acknowledged == .submit ? 1...1 : 0...1,
                acknowledged == .cancel ? ["cancelled"] : ["held", "cancelled"]
            )
            guard states[0] == "held", ends.contains(states[1]), next.count(of: "late") == 0,
                copies.contains(next.count(of: "new")), next.submit("after")?.status == 201
            else { throw Trouble(text: "the next daemon finds \(states)") }
            let jobs = next.client.ask("GET", "/v1/jobs?limit=200")?.items ?? []
            next.stop()
            guard jobs.contains(where: { ["interrupted", "done"].contains($0["state"] as? String) }) else {
                throw Trouble(text: "what was being drawn is \(jobs)")
            }
        }
    }
#endif
