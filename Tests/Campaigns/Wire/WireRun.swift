internal import EBB
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport

/// One plot through the real driver on a virtual board in simulated time, with a person who answers when it stands.
final class WireRun: Sendable {
    /// What the person at the plotter does when the plot stands.
    typealias Person = @Sendable (PauseReason, WireRun) -> Void

    let loopback: Loopback
    let tap: WireTap
    let driver: Driver
    let requests = RunRequests()
    private let program: Program
    private let person: Person
    private let seen = Mutex(Seen())

    struct Seen: Sendable {
        /// What has been arranged and waits for the plot to begin: before that nobody keeps the time from passing.
        var arranged: [@Sendable () -> Void] = []
        var stood: [(tick: Int64, reason: PauseReason)] = []
        var recoveries = 0
        var strokes = 0
        /// From a moment at which the motors had no power to that at which the carriage had been brought home.
        var dead: Range<Int64>?
        /// When a stop was asked for.
        var stopAsked: [Int64]?
        /// What must not have happened.
        var complaints: [String] = []
    }

    init(
        plot: WirePlot, seed: UInt64, settings: DriverSettings = DriverSettings(), drift: Double = 1,
        person: @escaping Person = WireRun.bringsHome
    ) async throws {
        var configuration = BoardConfiguration(firmware: plot.firmware, name: "Rig")
        configuration.keepsRecords = true
        loopback = Loopback(configuration, speed: .maximum, faults: FaultInjector(seed: seed), drift: drift)
        tap = WireTap(loopback, plot.firmware)
        driver = Driver(transport: tap, settings: settings)
        program = plot.program
        self.person = person
        _ = try await driver.connect()
        _ = loopback.withBoard { $0.takeRecords() }
    }

    /// Draws the plot to whichever end.
    func draw() async -> RunEnd {
        var program = program
        if WireBreak.present == .stopsPassed { program.stops = [] }
        return await driver.runAlone(program, on: loopback, requests: requests) { event in self.happened(event) }
    }

    var summary: Seen { seen.withLock { $0 } }

    func note(_ change: (inout sending Seen) -> Void) { seen.withLock { change(&$0) } }

    func complain(_ text: String) { seen.withLock { $0.complaints.append(text) } }

    /// Everything the pen did, up to now.
    var vertices: [Trace.Vertex] {
        let snapshot = loopback.snapshot(since: 0)
        return snapshot.vertices + [snapshot.live]
    }

    /// What the board has had of the program: questions and the link's own set-up left out.
    var programCommands: [String] {
        loopback.withBoard { $0.takeRecords() }.map { String(decoding: $0.command, as: UTF8.self) }.filter { text in
            ["SM", "LM", "LT", "SP", "EM", "SC", "SR"].contains { text.hasPrefix($0) }
        }
    }

    /// Something that a real machine would have suffered from, and where.
    struct Suffering: Hashable, Sendable {
        var kind: Incident.Kind
        var x: Double
        var y: Double
    }

    /// All of it up to now.
    var incidents: Set<Suffering> {
        Set(
            loopback.withBoard { $0.incidents }.map {
                Suffering(kind: $0.kind, x: $0.xMillimetres, y: $0.yMillimetres)
            })
    }

    var now: Int64 { loopback.withBoard { $0.now } }
    private var motors: [Int64] { loopback.withBoard { [$0.motors.motor1, $0.motors.motor2] } }

    /// Lets `faults` happen as soon as the plot has begun.
    func arrange(_ faults: FaultRule...) {
        let script = FaultScript(rules: faults)
        note { seen in seen.arranged.append { self.loopback.add(script) } }
    }

    /// Does something at a moment of the plot.
    func arrange(at tick: Int64, _ action: @escaping @Sendable () -> Void) {
        note { seen in seen.arranged.append { self.loopback.perform(at: tick, action) } }
    }

    func happened(_ event: RunEvent) {
        let now = now
        let arranged = seen.withLock { seen in
            defer { seen.arranged = [] }
            return seen.arranged
        }
        for arrange in arranged { arrange() }
        switch event {
        case .progressed(let progress): seen.withLock { $0.strokes = progress.strokes }
        case .recovered: seen.withLock { $0.recoveries += 1 }
        case .pressed, .changed, .kept, .grew: break
        case .stood(let reason):
            seen.withLock { $0.stood.append((now, reason)) }
            person(reason, self)
        }
    }

    /// Waits for a lost link; goes on after a pause; after anything else looks whether all stands still, brings the carriage
    /// home, switches the power on and says so.
    static let bringsHome: Person = { reason, run in
        switch reason {
        case .linkLost: break
        case .asked, .button, .planned: run.after(seconds: 1) { run.requests.resume() }
        case .positionLost, .motorPowerLost: run.homes()
        }
    }

    private func homes() {
        let place = motors
        after(seconds: 5) { [self] in
            if motors != place { complain("the motors have moved while the plot stood") }
            let now = now
            loopback.withBoard { board in
                board.setSupply(counts: 300)
                board.carryHome()
            }
            seen.withLock { seen in
                if let dead = seen.dead { seen.dead = dead.lowerBound..<now }
            }
            requests.resume()
        }
    }

    func after(seconds: Double, _ action: @escaping @Sendable () -> Void) {
        loopback.perform(at: now + Int64(seconds * Double(BoardClock.ticksPerSecond)), action)
    }
}
