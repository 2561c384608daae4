internal import Text

// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import EBB
    internal import Foundation
    internal import Simulator
    internal import Synchronization
    internal import TestSupport
    internal import Testing

    @testable internal import QueueSupport
    @testable internal import axidrawd

    private let svg = "Content-Type: image/svg+xml\r\n"
    private let device = "/v1/devices/plot1"

    /// What keeps a job from beginning does not end it.
    @Suite(.serialized) struct HindranceTests {
        /// Five strokes.
        private static let drawing: String = {
            var paths = ""
            for row in 0..<5 { paths += "<path d=\"M5 \(5 + row)H35\" stroke=\"black\"/>" }
            return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 30\">\(paths)</svg>"
        }()

        private static func ready(_ folder: ShowFolder, _ fault: DiskFault = DiskFault()) async throws -> TestDaemon {
            let storage = FailingStorage(try SpoolDirectory(path: folder.path), fault)
            let server = try TestDaemon(
                keeper: JobKeeper(try JobStore(storage: storage, nowMilliseconds: JobKeeper.now)))
            _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
            return server
        }

        /// A spool as a daemon leaves it that was killed after the third stroke; gives the job.
        private static func cut(in folder: ShowFolder) throws -> String {
            let store = try JobStore(
                storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)
            var generator = SystemRandomNumberGenerator()
            let bytes = Array(drawing.utf8)
            let record = try store.submit(
                .init(device: "plot1", name: "cut", drawing: bytes, drawingSHA256: SHA256.hexadecimal(bytes)),
                nowMilliseconds: JobKeeper.now, using: &generator)
            var progress = JobProgress()
            try store.begin(record.id, with: progress, nowMilliseconds: JobKeeper.now)
            progress.stroke = 3
            try store.note(progress, of: record.id)
            return record.id.text
        }

        private static func submit(_ server: TestDaemon) async throws -> String {
            let made = try await server.json("POST", device + "/jobs", svg, body: drawing)
            guard case .string(let id)? = made["id"] else { throw Failure(text: made.text) }
            return id
        }

        private struct Failure: Error { var text: String }

        private static func wait(_ server: TestDaemon, _ id: String, _ state: String) async throws {
            let job = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string(state) }
            #expect(job["state"] == .string(state), "\(job.text)")
        }

        private static func penLifts(_ server: TestDaemon) -> Int {
            server.daemon.workshop.stations.first?.board?.snapshot(since: .max).penLifts ?? -1
        }

        @Test(arguments: [FailingDisk.Failure.noSpace, .inputOutput, .noDescriptors])
        func aFreshJobBeginsByItselfWhenTheDiskTakesWritesAgain(_ failure: FailingDisk.Failure) async throws {
            let (folder, fault) = (try ShowFolder(), DiskFault())
            let server = try await Self.ready(folder, fault)
            // With the pen down nothing starts.
            #expect(try await server.ask("POST", device + "/pen?to=down").status == 200)
            let id = try await Self.submit(server)
            _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
            fault.arm(failure, step: 1, isLasting: true)
            #expect(try await server.ask("POST", device + "/pen?to=up").status == 200)
            // The hindrance is told before the plotter is back where it was.
            let hindered = try await server.wait(for: device) {
                $0["hindrance"] != .null && $0["state"] == .string("raised")
            }
            #expect(hindered["hindrance"]?["status"] == .integer(failure.status), "\(hindered.text)")
            #expect(hindered["sentence"] == hindered["hindrance"]?["detail"])
            try await Self.wait(server, id, "queued")
            #expect(try await server.json("GET", device)["state"] == .string("raised"))
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == failure.status)
            _ = fault.disarm()
            try await Self.wait(server, id, "done")
            // Once by hand, and once for each stroke.
            #expect(Self.penLifts(server) == 6)
            #expect(try await server.json("GET", device)["hindrance"] == .null)
        }

        @Test func aCutJobStaysCutWhenTheDiskRefuses() async throws {
            let (folder, fault) = (try ShowFolder(), DiskFault())
            let id = try Self.cut(in: folder)
            let server = try await Self.ready(folder, fault)
            _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
            fault.arm(.noSpace, step: 1, isLasting: true)
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
            _ = try await server.wait(for: device) { $0["hindrance"] != .null }
            try await Self.wait(server, id, "interrupted")
            _ = fault.disarm()
            _ = try await server.wait(for: device) { $0["hindrance"] == .null }
            // Nothing that was cut off moves by itself.
            try await Self.wait(server, id, "interrupted")
            let lifts = Self.penLifts(server)
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
            try await Self.wait(server, id, "done")
            #expect(Self.penLifts(server) == lifts + 2)
        }

        /// Stopped in the very moment in which the plotter has come to rest, a daemon still writes down that the plot is done.
        @Test func aPlotThatIsDoneIsWrittenDownBeforeTheDaemonStops() async throws {
            for _ in 0..<10 {
                let folder = try ShowFolder()
                let server = try await Self.ready(folder)
                let id = try await Self.submit(server)
                let workshop = server.daemon.workshop
                func isDrawing() -> Bool { workshop.devices.contains { $0.state.job != nil } }
                let end = Date().addingTimeInterval(180)
                while !isDrawing(), Date() < end { await Task.yield() }
                while isDrawing(), Date() < end { await Task.yield() }
                await server.stop()
                let store = try JobStore(
                    storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)
                #expect(store.records.values.map(\.state) == [.done], "\(id)")
            }
        }

        @Test func aCutJobStaysCutWhenTheBoardIsGone() async throws {
            let folder = try ShowFolder()
            let id = try Self.cut(in: folder)
            let server = try await Self.ready(folder)
            _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
            let board = try #require(server.daemon.workshop.stations.first?.board)
            board.pullCable()
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
            _ = try await server.wait(for: device) { $0["state"] == .string("faulted") }
            try await Self.wait(server, id, "interrupted")
            board.plugCable()
            #expect(try await server.ask("POST", device + "/reset").status == 200)
            _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
            try await Self.wait(server, id, "interrupted")
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
            try await Self.wait(server, id, "done")
            #expect(Self.penLifts(server) == 2)
        }

        @Test func aFreshJobWaitsForPaperWhenTheBoardWasGone() async throws {
            let folder = try ShowFolder()
            let server = try await Self.ready(folder)
            let board = try #require(server.daemon.workshop.stations.first?.board)
            board.pullCable()
            let id = try await Self.submit(server)
            _ = try await server.wait(for: device) { $0["state"] == .string("faulted") }
            try await Self.wait(server, id, "queued")
            board.plugCable()
            #expect(try await server.ask("POST", device + "/reset").status == 200)
            _ = try await server.wait(for: device) {
                $0["state"] == .string("raised") && $0["waitsForPaper"] == .bool(true)
            }
            try await Self.wait(server, id, "queued")
            #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
            try await Self.wait(server, id, "done")
        }

        @Test("the board's proof is asked for over a link that breaks: the job waits, the plotter says so")
        func linkBreaksWhileProving() async throws {
            let board = Loopback(BoardConfiguration(firmware: .v303), speed: .maximum)
            let link = BreakingLink(board, at: "QL,")
            let heard = Mutex<[String]>([])
            let plotter = Plotter(name: "plot1", transport: link) { notice in
                heard.withLock { heard in
                    switch notice {
                    case .withheld(let job, .board): heard.append("withheld \(job)")
                    case .withheld(let job, .disk), .withheld(let job, .stopped), .withheld(let job, .unproven):
                        heard.append("disk \(job)")
                    case .ended(let job, let end): heard.append("\(job) \(end)")
                    case .attached, .state, .unproven, .changed, .kept, .grew, .progressed: break
                    }
                }
            }
            await plotter.attach()
            let program = SampleProgram.strokes(4, seed: 1)
            link.isArmed.withLock { $0 = true }
            let cut = PlotStart.Cut(program: program, record: RunRecord(session: 7, command: 2))
            try await plotter.start(job: "J", PlotStart(program: program, session: 8, cut: cut))
            let end = Date().addingTimeInterval(180)
            while heard.withLock({ $0.isEmpty }), Date() < end { try await Task.sleep(for: .milliseconds(5)) }
            #expect(heard.withLock { $0 } == ["withheld J"])
            #expect(await plotter.state.publicName == "faulted")
        }
    }

    /// A link that breaks as soon as it is to carry a certain question.
    private final class BreakingLink: Transport {
        let isArmed = Mutex(false)
        private let inner: Loopback
        private let question: [UInt8]

        init(_ inner: Loopback, at question: String) {
            self.inner = inner
            self.question = Array(question.utf8)
        }

        var now: Int64 { inner.now }
        func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
            try inner.open(on: executor, events: events)
        }
        func write(_ bytes: [UInt8]) {
            if bytes.starts(with: question), isArmed.withLock({ $0 }) { inner.pullCable() } else { inner.write(bytes) }
        }
        func wake(at tick: Int64?) { inner.wake(at: tick) }
        func close() { inner.close() }
    }
#endif
