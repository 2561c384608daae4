internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

private let device = "/v1/devices/plot1"

/// Pictures of what was drawn, for each job.
@Suite(.serialized) struct DrawnTests {
    private struct Failure: Error { var text: String }

    /// Five lines, the first at 10 mm.
    private static let drawing: String = {
        var paths = ""
        for row in 0..<5 { paths += "<path d=\"M5 \(10 + row)H35\" stroke=\"#0000ff\"/>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40mm\" height=\"30mm\" viewBox=\"0 0 40 30\">"
            + paths + "</svg>"
    }()

    private static func ready(_ keeper: JobKeeper? = nil) async throws -> TestDaemon {
        let server = try TestDaemon(keeper: keeper)
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        return server
    }

    private static func submit(_ server: TestDaemon, _ query: String = "") async throws -> String {
        let made = try await server.json(
            "POST", device + "/jobs?orientation=landscape" + query, "Content-Type: image/svg+xml\r\n", body: drawing)
        guard case .string(let id)? = made["id"] else { throw Failure(text: made.text) }
        return id
    }

    private static func wait(_ server: TestDaemon, _ id: String, _ state: String) async throws {
        let job = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string(state) }
        #expect(job["state"] == .string(state), "\(job.text)")
    }

    /// The picture, its strokes, its tag.
    private static func drawn(_ server: TestDaemon, _ id: String) async throws -> (
        text: String, strokes: Int, tag: String
    ) {
        let answer = try await server.ask("GET", "/v1/jobs/\(id)/drawn.svg")
        #expect(answer.status == 200, "\(answer.body)")
        let tag = answer.head.components(separatedBy: "ETag: ").last?.components(separatedBy: "\r\n").first ?? ""
        return (answer.body, DrawnSVG.strokes(of: Array(answer.body.utf8)), tag)
    }

    @Test func aVirtualBoardTellsWhatItDrewAlsoAfterTheNextJob() async throws {
        let server = try await Self.ready()
        let id = try await Self.submit(server)
        try await Self.wait(server, id, "done")
        let first = try await Self.drawn(server, id)
        #expect(first.strokes == 5 && first.text.contains("SIMULATED") && !first.text.contains("as planned"))
        let held = try await Self.submit(server, "&hold=true")
        #expect(try await server.ask("GET", "/v1/jobs/\(held)/drawn.svg").status == 404)
        _ = try await server.wait(for: "/v1/jobs/\(held)") { $0["summary"] != .null }
        #expect(try await server.ask("POST", "/v1/jobs/\(held)/resume").status == 200)
        try await Self.wait(server, held, "done")
        let again = try await Self.drawn(server, id)
        #expect(again.text == first.text && again.tag == first.tag)
        let known = try await server.ask("GET", "/v1/jobs/\(id)/drawn.svg", "If-None-Match: \(first.tag)\r\n")
        #expect(known.status == 304)
        let pixels = try await server.ask("GET", "/v1/jobs/\(id)/drawn.png")
        #expect(pixels.status == 200 && pixels.head.contains("Content-Type: image/png"))
        #expect(try await server.ask("GET", "/v1/jobs/nobody/drawn.png").status == 404)
    }

    @Test func thePictureInPixelsShowsTheInk() async throws {
        let server = try await Self.ready()
        let id = try await Self.submit(server)
        try await Self.wait(server, id, "done")
        let bed = try server.daemon.workshop.device("plot1").travel
        let image = try PNGImage(try await server.daemon.workshop.pictures.drawn(id, as: .png))
        #expect(image.width == Int((bed.width * 8).rounded(.up)))
        func colour(_ x: Double, _ y: Double) -> UInt32 { image.pixels[Int(y * 8) * image.width + Int(x * 8)] }
        #expect(colour(20, 10) == 0x111111)
        #expect(colour(20, 20) == 0xFFFFFF)
        // The caption stands at the bottom.
        let rows = Int((bed.height - 5) * 8)..<Int((bed.height - 1) * 8)
        let caption = rows.reduce(0) { sum, row in
            sum + (16..<400).count { image.pixels[row * image.width + $0] != 0xFFFFFF }
        }
        #expect(caption > 100)
        // Made once: what is asked for again comes from the disk.
        #expect(
            try await server.daemon.workshop.pictures.drawn(id, as: .png)
                == server.daemon.workshop.pictures.drawn(id, as: .png))
    }

    @Test func aJobThatWasCutAndWentOnShowsAllItsParts() async throws {
        let folder = try ShowFolder()
        let bytes = Array(Self.drawing.utf8)
        var id = ""
        do {
            // As a daemon leaves it that was killed after the third stroke.
            let store = try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)
            var generator = SystemRandomNumberGenerator()
            let record = try store.submit(
                .init(
                    device: "plot1", name: "cut", drawing: bytes, drawingSHA256: SHA256.hexadecimal(bytes),
                    options: ["orientation": "landscape"]),
                nowMilliseconds: JobKeeper.now, using: &generator)
            var progress = JobProgress()
            try store.begin(record.id, with: progress, nowMilliseconds: JobKeeper.now)
            progress.stroke = 3
            try store.note(progress, of: record.id)
            id = record.id.text
        }
        let server = try await Self.ready(
            JobKeeper(try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)))
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        let before = try await Self.drawn(server, id)
        #expect(before.strokes == 3 && before.text.contains("strokes 1 to 3 of 5 as planned"), "\(before.text)")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
        try await Self.wait(server, id, "done")
        let after = try await Self.drawn(server, id)
        #expect(after.strokes == 5 && after.text.contains("strokes 1 to 3, drawn before a restart"), "\(after.text)")
    }

    @Test func whatWasDrawnIsKeptWithTheHistory() async throws {
        let folder = try ShowFolder()
        var limits = JobStore.Limits()
        limits.finishedJobs = 0
        let server = try await Self.ready(
            JobKeeper(
                try JobStore(
                    storage: try SpoolDirectory(path: folder.path), limits: limits, nowMilliseconds: JobKeeper.now)))
        let id = try await Self.submit(server)
        // It leaves the list as soon as it is over; its picture comes a moment later.
        for path in ["/v1/jobs/\(id)/drawing", "/v1/jobs/\(id)/drawn.svg"] {
            let end = Date().addingTimeInterval(180)
            let wanted = path.hasSuffix("svg") ? 200 : 410
            while try await server.ask("GET", path).status != wanted, Date() < end {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let past = try await server.json("GET", "/v1/jobs/\(id)")
        #expect(past.word("state") == "done" && past["copiesDone"] == .integer(1), "\(past.text)")
        #expect(try await Self.drawn(server, id).strokes == 5)
        #expect(try await server.ask("GET", "/v1/jobs/\(id)/drawn.png").status == 200)
        #expect(try await server.json("GET", device)["queue"] == .array([]))
    }

    /// A plotter as a daemon has one for a real board: nobody sees behind its link.
    private static func realBoard(
        _ firmware: FirmwareVersion, _ folder: ShowFolder, speed: Loopback.Speed = .maximum
    ) async throws -> (Loopback, Workshop, Relay) {
        let board = Loopback(BoardConfiguration(firmware: firmware), speed: speed)
        let relay = Relay()
        let plotter = Plotter(name: "plot1", transport: board) { relay.pass($0) }
        let station = Station(plotter: plotter, profile: .standard, board: nil, firmware: firmware, link: LinkFigures())
        let keeper = JobKeeper(
            try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now))
        let workshop = Workshop(
            stations: [station], events: EventHub(epoch: "e"), planning: .pipeline, keeper: keeper, log: .silent)
        relay.workshop.withLock { $0 = workshop }
        await plotter.attach()
        return (board, workshop, relay)
    }

    /// mm of pen-down lines.
    private static func ink(_ trail: InkTrail?) -> Double {
        guard let points = trail?.points else { return 0 }
        return zip(points, points.dropFirst()).reduce(0) { sum, pair in
            guard pair.0.isTouching else { return sum }
            let (dx, dy) = (Double(pair.1.x - pair.0.x), Double(pair.1.y - pair.0.y))
            return sum + (dx * dx + dy * dy).squareRoot()
        }
    }

    private static func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = Date().addingTimeInterval(180)
        while try await !condition() {
            if Date() > end {
                Issue.record("never: \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(arguments: [FirmwareVersion.v281, .v303])
    func aRealBoardsPictureIsWhatItHasCarriedOut(_ firmware: FirmwareVersion) async throws {
        let folder = try ShowFolder()
        let (board, workshop, relay) = try await Self.realBoard(firmware, folder)
        try await Self.until("a place") { try workshop.device("plot1").position != nil }
        #expect(workshop.ink.trail("plot1") == nil)
        var submission = Submission(device: "plot1", name: "five", drawing: Array(Self.drawing.utf8))
        try submission.take([("orientation", "landscape"), ("copies", "2")])
        let id = try await workshop.submit(submission).id
        for copy in 1...2 {
            let before = board.withBoard { $0.penDownMillimetres }
            if copy == 2 { try await workshop.advance("plot1") }
            try await Self.until("copy \(copy)") { try workshop.job(id).copiesDone == copy }
            let drawn = board.withBoard { $0.penDownMillimetres } - before
            let told = Self.ink(workshop.ink.trail("plot1"))
            #expect(drawn > 50 && abs(told / drawn - 1) < 0.002, "\(told) instead of \(drawn)")
        }
        try await Self.until("home") {
            let position = try workshop.device("plot1").position
            return position.map { abs($0.xMillimetres) < 0.01 && abs($0.yMillimetres) < 0.01 && $0.isPenUp } ?? false
        }
        let text = String(decoding: try await workshop.pictures.drawn(id, as: .svg), as: UTF8.self)
        #expect(text.contains("as the board has carried it out; the pen is not seen"), "\(text)")
        #expect(!text.contains("SIMULATED") && DrawnSVG.strokes(of: Array(text.utf8)) == 5)
        withExtendedLifetime(relay) {}
    }

    /// By hand there is no plan: the counters tell, wherever the carriage is brought.
    @Test func aRealBoardTellsWhereItIsByHand() async throws {
        let folder = try ShowFolder()
        let (_, workshop, relay) = try await Self.realBoard(.v303, folder)
        try await workshop.byHand(.walk(x: 30, y: 12), on: "plot1")
        try await Self.until("there") {
            let position = try workshop.device("plot1").position
            return position.map { abs($0.xMillimetres - 30) < 0.02 && abs($0.yMillimetres - 12) < 0.02 } ?? false
        }
        withExtendedLifetime(relay) {}
    }

    /// Speeds are changed while it plots, again and again: the picture stays what the board draws.
    @Test(arguments: [FirmwareVersion.v281, .v303])
    func otherSpeedsInMidPlotLeaveThePictureRight(_ firmware: FirmwareVersion) async throws {
        let folder = try ShowFolder()
        let (board, workshop, relay) = try await Self.realBoard(firmware, folder, speed: .times(20))
        let lines = (0..<24).map { "M\(20 + $0 % 3 * 40) \($0 / 3 * 10 + 20)h15" }.joined()
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"150mm\" "
            + "viewBox=\"0 0 200 150\"><path d=\"\(lines)\" stroke=\"black\"/></svg>"
        let id = try await workshop.submit(Submission(device: "plot1", name: "x", drawing: Array(drawing.utf8))).id
        var changes = 0
        while try !workshop.job(id).state.isFinal {
            let body = "{\"penDownMillimetresPerSecond\": \([10, 30, 60][changes % 3])}"
            let change = try JobChange(Array(body.utf8))
            if let job = try? workshop.job(id), (try? await workshop.change(job, change)) == true { changes += 1 }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(changes > 0)
        try await Self.until("done") { try workshop.job(id).state == .done }
        let (seen, told) = (board.withBoard { $0.penDownMillimetres }, Self.ink(workshop.ink.trail("plot1")))
        #expect(abs(seen - 360) < 0.5 && abs(told - seen) < 0.5, "\(told) instead of \(seen) after \(changes) changes")
        withExtendedLifetime(relay) {}
    }

    /// Wherever a plot stands, what is told is what the board has drawn, to a command.
    @Test(arguments: [FirmwareVersion.v281, .v303])
    func aPauseShowsWhatIsOnThePaper(_ firmware: FirmwareVersion) async throws {
        let folder = try ShowFolder()
        let (board, workshop, relay) = try await Self.realBoard(firmware, folder)
        let lines = (0..<30).map { "M20 \($0 * 2 + 20)h\(40 + $0)" }.joined()
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"100mm\" "
            + "viewBox=\"0 0 200 100\"><path d=\"\(lines)\" stroke=\"black\"/></svg>"
        let id = try await workshop.submit(Submission(device: "plot1", name: "x", drawing: Array(drawing.utf8))).id
        var stops = 0
        while try workshop.job(id).state != .done, stops < 200 {
            try? await workshop.act(on: id, stops.isMultiple(of: 2) ? .pause(.now) : .pause(.atPenUp))
            try await Self.until("rest") {
                let state = try workshop.job(id).state
                return state == .done || state == .paused(.asked)
            }
            guard try workshop.job(id).state == .paused(.asked) else { break }
            let (seen, place) = board.withBoard { board in
                (board.penDownMillimetres, (board.carriage.xMillimetres, board.carriage.yMillimetres))
            }
            let told = Self.ink(workshop.ink.trail("plot1"))
            // The longest command of a line this long is its even part.
            #expect(seen - told > -0.1 && seen - told < 70, "\(told) instead of \(seen) at stop \(stops)")
            let position = try #require(try workshop.device("plot1").position)
            #expect(abs(position.xMillimetres - place.0) < 70 && abs(position.yMillimetres - place.1) < 2.1)
            stops += 1
            try await workshop.act(on: id, .resume)
        }
        try await Self.until("done") { try workshop.job(id).state == .done }
        let (seen, told) = (board.withBoard { $0.penDownMillimetres }, Self.ink(workshop.ink.trail("plot1")))
        #expect(abs(told / seen - 1) < 0.002, "\(told) instead of \(seen)")
        withExtendedLifetime(relay) {}
    }

    @Test func picturesAreBoundedAndNeverDamaged() throws {
        let folder = try ShowFolder()
        let directory = try SpoolDirectory(path: folder.path)
        var limits = JobStore.Limits()
        limits.pictureBytes = 250
        let store = try JobStore(storage: directory, limits: limits, nowMilliseconds: 1)
        var generator = SeededGenerator(seed: 1)
        let ids = try (0..<4).map { number in
            let bytes = Array("<svg id='\(number)'/>".utf8)
            return try store.submit(
                .init(device: "plot1", name: nil, drawing: bytes, drawingSHA256: SHA256.hexadecimal(bytes)),
                nowMilliseconds: 2, using: &generator
            ).id
        }
        for id in ids { store.keep(picture: [UInt8](repeating: 7, count: 100), of: id, "svg") }
        #expect(ids.map { store.picture(of: $0, "svg") != nil } == [false, false, true, true])
        store.keep(picture: [UInt8](repeating: 7, count: 300), of: ids[3], "png")
        #expect(store.picture(of: ids[3], "png") == nil)
        let names = try directory.list("pictures").sorted()
        #expect(names.count == 2)
        let file = try directory.open("pictures/\(names[0])")
        try file.write([8], at: 50)
        try file.close()
        #expect(store.picture(of: ids[2], "svg") == nil)
        #expect(try directory.list("pictures").count == 1)
    }

    /// Passes on what a plotter tells once there is somebody to hear it.
    private final class Relay: Sendable {
        let workshop = Mutex<Workshop?>(nil)

        func pass(_ notice: PlotterNotice) { workshop.withLock { $0 }?.hear(notice, from: "plot1") }
    }
}
