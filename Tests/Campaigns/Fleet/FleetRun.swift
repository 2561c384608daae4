internal import ClusterDoubles
internal import Foundation
internal import Glibc
internal import HTTP
internal import TestSupport
internal import Text

/// What a fleet is, and what is pressed at it.
struct FleetPlan: Sendable {
    var seed: UInt64
    var plotters = 2
    var fronts = 2
    var presses = 1_000
    /// 0 = as fast as the fleet takes them.
    var perMinute = 0.0
    /// The first so many plotters have their presses drawn by tasks of a Nomad.
    var dispatching = 0
    /// Whether also Consul dies, forgets and talks nonsense: then a product may be drawn twice, but never a press.
    var hasBadConsul = false
    var hasFaults = true
    /// A Consul of somebody else's; nil = a double.
    var consul: String?
    /// ms in all.
    var patience: Int64 = 600_000

    func name(_ number: Int) -> String { "plot\(number)" }
    /// Products of the cycle: far more than are taken between two presses at one plotter, so that a product says its place.
    var products: Int { max(101, 40 * plotters + 1) }
}

/// One fleet under one seed of faults: presses at fronts, plotters in daemons of their own, everything killed and cut.
final class FleetRun {
    let plan: FleetPlan
    /// nil = a real one is asked.
    let double: ConsulDouble?
    let fronts: [FleetDaemon]
    let plotters: [FleetDaemon]
    let presses: FleetPresses
    private(set) var papers: [FleetPaper] = []
    private(set) var nomad: FleetNomad?
    private let scratch: TemporaryFolder
    private var chance: SeededGenerator
    private var ill: Set<Int> = []
    /// What has happened, by its words.
    private(set) var events: [String: Int] = [:]
    private var consulIsBadUntil: Int64?
    private var deadline: Int64

    init(_ plan: FleetPlan) throws {
        self.plan = plan
        chance = SeededGenerator(seed: plan.seed)
        let double = plan.consul == nil ? try ConsulDouble() : nil
        self.double = double
        scratch = try TemporaryFolder()
        deadline = HTTPServer.now + plan.patience
        let show = try Self.show(plan, scratch)
        let url = plan.consul ?? double?.url ?? ""
        if plan.dispatching > 0 { nomad = try FleetNomad(consul: url, show: show) }
        let nomadPort = nomad?.port
        let hasBadConsul = plan.hasBadConsul
        func cluster(_ id: String, dispatches: Bool) -> (Int) -> JSONValue {
            { port in
                var members: [(String, JSONValue)] = [
                    (
                        "consul",
                        .object([
                            ("url", .string(url)), ("id", .string(id)),
                            ("address", .string("http://127.0.0.1:\(port)")),
                            // What an agent has forgotten is found out by the next beat.
                            ("ttlSeconds", .integer(hasBadConsul ? 3 : 30)),
                        ])
                    )
                ]
                if dispatches, let nomadPort {
                    let place = JSONValue.object([
                        ("url", .string("http://127.0.0.1:\(nomadPort)")), ("job", .string("plot")),
                    ])
                    members.append(("nomad", place))
                }
                return .object(members)
            }
        }
        fronts = try (0..<plan.fronts).map { number in
            try FleetDaemon(
                "front\(number)", flags: ["--role", "webhooks"], show: show,
                cluster: cluster("front\(number)", dispatches: false))
        }
        plotters = try (0..<plan.plotters).map { number in
            try FleetDaemon(
                plan.name(number),
                flags: [
                    "--role", "plotter", "--role", "design", "--simulate", "--speed", "max", "--name",
                    plan.name(number),
                ], show: show,
                cluster: cluster(plan.name(number), dispatches: number < plan.dispatching))
        }
        presses = FleetPresses(plan, fronts: fronts.map(\.place))
    }

    deinit {
        nomad?.close()
        double?.die()
    }

    /// Small drawings, each product in the cycle once.
    private static func show(_ plan: FleetPlan, _ scratch: TemporaryFolder) throws -> String {
        let commits = "[{\"parents\":[],\"time\":0},{\"parents\":[0],\"time\":1},{\"parents\":[0],\"time\":2}]"
        try scratch.write("{\"name\":\"h\",\"commits\":\(commits)}", to: "history.json")
        let products = (0..<plan.products).map { number in
            "{\"name\":\"p\(number)\",\"kind\":\"tree\",\"parameters\":{\"caption\":0},\"history\":\"history.json\"}"
        }
        let text =
            "{\"products\":[\(products.joined(separator: ",\n"))],\"places\":100,\"paper\":\"endless\",\"press\":\"draws\"}"
        return try scratch.write(text, to: "show.json")
    }

    // MARK: The run

    /// What was wrong; empty = every press became one drawing.
    func run() throws -> [String] {
        // As many at a time as the machine has room for: daemons that get no processor leave the cycle, as they must, and
        // then the order of the cycle is not tried.
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let daemons = fronts + plotters
        for first in stride(from: 0, to: daemons.count, by: 4 * cores) {
            let group = daemons[first..<min(first + 4 * cores, daemons.count)]
            for daemon in group { try daemon.launch() }
            for daemon in group { try daemon.awaitStart() }
        }
        presses.begin(threads: min(4 + plan.plotters, 4 * cores), until: deadline)
        // By presses, not by the clock: as much happens on a slow machine.
        var next = 0
        while !presses.isOver {
            usleep(20_000)
            if plan.hasFaults, presses.promises.count >= next {
                try somethingHappens()
                next = presses.promises.count + Int.random(in: 1...max(3, plan.presses / 40), using: &chance)
            }
            careForConsul()
            resumeWhatWasCut()
        }
        return try settle()
    }

    private func count(_ words: String) { events[words, default: 0] += 1 }

    private func somethingHappens() throws {
        let dice = Double.random(in: 0..<1, using: &chance)
        if plan.hasBadConsul, dice < 0.35 { return try consulFails() }
        if nomad != nil, dice < 0.7 { return nomadFails() }
        let number = Int.random(in: 0..<plan.plotters, using: &chance)
        switch Int.random(in: 0..<10, using: &chance) {
        case 0, 1:
            let moves = Bool.random(using: &chance)
            try plotters[number].restart(moves: moves)
            ill.insert(number)
            count(moves ? "plotters killed and moved" : "plotters killed")
        case 2, 3:
            try fronts[Int.random(in: 0..<plan.fronts, using: &chance)].restart(moves: false)
            count("fronts killed")
        case 4, 5, 6:
            plotters[number].relay.cut()
            count("connections cut")
        default:
            plotters[number].relay.cutNext(afterBytes: Int.random(in: 0...600, using: &chance))
            count("answers cut")
        }
    }

    private func consulFails() throws {
        guard let double, consulIsBadUntil == nil else { return }
        consulIsBadUntil = HTTPServer.now + Int64.random(in: 200...2_000, using: &chance)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0:
            double.die()
            count("Consul dead")
        case 1 where events["Consul forgot", default: 0] < 3:
            // Whoever forgets again and again is given time, so not too often.
            double.forgetServices()
            count("Consul forgot")
        case 2:
            double.die()
            try double.comeBackEmpty()
            count("Consul empty")
        default:
            let answers: [DoubleServer.Answer] = [
                .reply(.text(500, "No cluster leader")), .raw(Array("nonsense\n".utf8)),
                .reply(.init(302, [("Location", "http://127.0.0.1:1/")])), .reply(.text(200, "[{")),
            ]
            let answer = answers[Int.random(in: 0..<answers.count, using: &chance)]
            double.fails { _ in answer }
            count("Consul talks nonsense")
        }
    }

    private func careForConsul(at once: Bool = false) {
        guard let until = consulIsBadUntil, once || HTTPServer.now >= until else { return }
        consulIsBadUntil = nil
        double?.fails { _ in nil }
        try? double?.comeBack()
    }

    private func nomadFails() {
        guard let nomad else { return }
        switch Int.random(in: 0..<5, using: &chance) {
        case 0:
            nomad.die()
            count("Nomad dead")
        case 1: nomad.comeBack()
        case 2:
            nomad.spoil(.raw([]))
            count("dispatches without an answer")
        case 3:
            nomad.spoil(.reply(.text(500, "No cluster leader")))
            count("dispatches refused")
        default: if nomad.killOne(Int.random(in: 0..<1_000, using: &chance)) { count("tasks killed") }
        }
    }

    /// As a person does who stands there: what a killed daemon has left is gone on with, the pen at home.
    private func resumeWhatWasCut() {
        for number in ill {
            let daemon = plotters[number]
            guard let (status, value) = daemon.place.ask("GET", "/v1/devices/\(plan.name(number))/jobs?limit=200"),
                status == 200, case .array(let jobs)? = value["items"]
            else { continue }
            let cut = jobs.filter { $0["state"] == .string("interrupted") }
            for job in cut {
                if case .string(let id)? = job["id"] {
                    _ = daemon.place.ask("POST", "/v1/jobs/\(id)/resume?homed=true")
                    count("drawings gone on with")
                }
            }
            if cut.isEmpty { ill.remove(number) }
        }
    }

    // MARK: The end

    private func settle() throws -> [String] {
        careForConsul(at: true)
        nomad?.comeBack()
        for daemon in fronts + plotters { try daemon.awaitStart() }
        var waiting = Set(0..<plan.plotters)
        ill = waiting
        while !waiting.isEmpty, HTTPServer.now < deadline {
            resumeWhatWasCut()
            waiting = waiting.filter { !isCalm($0) }
            ill.formUnion(waiting)
            if !waiting.isEmpty { usleep(500_000) }
        }
        var faults = presses.faults + waiting.sorted().map { "\(plan.name($0)) never comes to an end" }
        papers = plotters.enumerated().compactMap { FleetPaper($1.place, plotter: plan.name($0)) }
        if papers.count < plan.plotters { faults.append("\(plan.plotters - papers.count) histories cannot be read") }
        return faults + check()
    }

    private func isCalm(_ number: Int) -> Bool {
        let place = plotters[number].place
        guard let (status, show) = place.ask("GET", "/v1/installation"), status == 200,
            case .array(let shown)? = show["plotters"], case .array(let line)? = shown.first?["line"], line.isEmpty,
            let (_, value) = place.ask("GET", "/v1/devices/\(plan.name(number))/jobs?limit=200"),
            case .array(let jobs)? = value["items"]
        else { return false }
        return jobs.allSatisfy { $0["isFinal"] == .bool(true) }
    }

    private func check() -> [String] {
        var faults = papers.flatMap { $0.faults(products: plan.products, keepsOrder: !plan.hasBadConsul) }
        let done = papers.flatMap { paper in paper.done.map { (paper.plotter, $0) } }
        if done.count != plan.presses { faults.append("\(done.count) drawings of \(plan.presses) presses") }
        let byTicket = Dictionary(done.map { ($0.1.ticket, (plotter: $0.0, product: $0.1.product)) }) { first, _ in
            first
        }
        for (press, promise) in presses.promises.sorted(by: { $0.key < $1.key }) {
            guard let ticket = promise.ticket else { continue }
            guard let drawn = byTicket[ticket] else {
                faults.append("press \(press) was promised \(ticket) and never drawn")
                continue
            }
            if drawn.plotter != promise.plotter || drawn.product != promise.product {
                faults.append("press \(press) became \(drawn.product) at \(drawn.plotter)")
            }
        }
        let (twice, left) = FleetPaper.places(done.map(\.1), products: plan.products)
        events["products drawn twice"] = twice
        events["products left out"] = left
        // Whoever gets no answer in time draws the next product as it knows it. A Consul that has lost its keys takes the
        // position of whoever writes first, so with such a one it is only told.
        let alone = plotters.reduce(0) { $0 + $1.aloneCount }
        events["products taken without asking"] = alone
        if !plan.hasBadConsul, twice > alone {
            faults.append("\(twice) products of the cycle were drawn twice, and \(alone) taken alone")
        }
        return faults
    }
}
