internal import ClusterDoubles
internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Daemons that are only a part of the whole, and find each other through Consul.
@Suite(.serialized) struct FleetTests {
    private static let json = "Content-Type: application/json\r\n"

    private static func cluster(_ double: ConsulDouble, _ id: String) throws -> ClusterPlan {
        var consul = ConsulPlan(location: try #require(HTTPLocation(double.url)))
        consul.id = id
        return ClusterPlan(consul: consul)
    }

    private static func plan(_ products: Int, buttons: [InstallationPlan.Button] = []) throws -> InstallationPlan {
        var plan = try InstallationPlan.cycle(of: products)
        plan.press = .draws
        plan.paper = .endless
        plan.places = 100
        plan.buttons = buttons
        return plan
    }

    /// Two that take presses, two that draw: one product a press, in the order of the cycle, none twice, all drawn once.
    @Test func twoWebhookProcessesAndTwoPlottersMakeOneDrawingOfEachPress() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let presses = 10
        let seed: UInt64 = 2121
        var chance = SeededGenerator(seed: seed)
        let names = ["north", "south"]
        let buttons = (0..<presses).map { number in
            InstallationPlan.Button(
                source: nil, device: "b\(number)", plotter: names[Int.random(in: 0..<2, using: &chance)])
        }
        let plan = try Self.plan(presses, buttons: buttons)
        var plotters: [TestDaemon] = []
        var fronts: [TestDaemon] = []
        for name in names {
            plotters.append(
                try TestDaemon(
                    installation: plan, cluster: Self.cluster(double, name), names: [name], roles: [.plotter]))
            fronts.append(
                try TestDaemon(
                    simulated: 0, installation: plan, cluster: Self.cluster(double, "front-" + name),
                    roles: [.webhooks]))
        }
        for front in fronts {
            try await ConsulLinkTests.wait("both are found") {
                // A press of nobody's button names those that are known only if it finds them.
                names.allSatisfy { front.daemon.elsewhere.value.address(of: $0) != nil }
            }
        }
        let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for (number, button) in buttons.enumerated() {
                let front = fronts[Int.random(in: 0..<2, using: &chance)]
                group.addTask {
                    try await front.json(
                        "POST", "/v1/webhooks/door", Self.json,
                        body: #"{"press":"single","device":"\#(button.device)","id":"press-\#(number)"}"#)
                }
            }
            var all: [JSONValue] = []
            for try await answer in group { all.append(answer) }
            return all
        }
        let taken = answers.filter { $0.word("result") == "queued" }.map { $0.word("product") }
        #expect(taken.compactMap { Int($0.dropFirst()) }.sorted() == Array(0..<presses), "seed \(seed) \(answers)")
        // A sender that has heard nothing sends it again, by the other way.
        for front in fronts {
            let again = try await front.json(
                "POST", "/v1/webhooks/door", Self.json, body: #"{"press":"single","device":"b0","id":"press-0"}"#)
            #expect(again.word("result") == "repeated", "\(again.text)")
        }
        try await ConsulLinkTests.wait("all are drawn") {
            plotters.reduce(0) { $0 + $1.daemon.workshop.jobs().count { $0.state.word == "done" } } == presses
        }
        let drawn = plotters.flatMap {
            $0.daemon.workshop.jobs().map { String(($0.record.job.name ?? "").prefix { $0 != " " }) }
        }
        #expect(drawn.sorted() == plan.cycle.sorted())
        for daemon in plotters + fronts { await daemon.stop() }
    }

    /// Presses in the original's way pass through as they are; what is no part of a role is not there.
    @Test func aFrontPassesTheOriginalsRequestsOn() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let plotter = try TestDaemon(cluster: Self.cluster(double, "one"), roles: [.plotter])
        let front = try TestDaemon(
            simulated: 0, installation: Self.plan(1), cluster: Self.cluster(double, "front"),
            roles: [.webhooks, .preview, .design])
        try await ConsulLinkTests.wait("found") { front.daemon.elsewhere.value.address(of: "plot1") != nil }
        _ = try await plotter.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let moved = try await front.ask("POST", "/webhooks/single/plot1")
        #expect(moved.status == 200 && moved.body.contains(#""previousState":"raised","state":"lowered""#), "\(moved)")
        #expect(try await front.json("GET", "/state/plot1").word("state") == "lowered")
        #expect(try await front.ask("POST", "/reset/plot1").status == 200)
        #expect(try await front.ask("POST", "/single/none").status == 400)
        // A screen sees what is published of a plotter that it cannot reach itself.
        double.put("axidraw_plot1_current", #"{"product":"p0","ts":1566027573542}"#)
        try await ConsulLinkTests.wait("shown") {
            try await front.json("GET", "/v1/installation")["elsewhere"]?.text.contains("1566027573542") ?? false
        }
        for path in ["/preview?plotter=plot1", "/preview/plot1"] {
            let screen = try await front.ask("GET", path)
            #expect(screen.status == 200 && screen.body.contains("v1/products/p0/drawing.svg?seed=1566027573542"))
        }
        #expect(try await front.ask("GET", "/preview/none").status == 404)
        #expect(try await front.ask("GET", "/v1/products/p0/drawing.svg?seed=1566027573542").status == 200)
        for seed in ["0.25", "7"] {
            #expect(try await front.ask("GET", "/design?product=p0&seed=\(seed)").body.contains("<svg"))
        }
        #expect(try await front.ask("GET", "/design?product=p0&seed=-1").status == 400)
        #expect(try await front.ask("GET", "/design?product=dodo").status == 404)
        #expect(try await front.ask("GET", "/design/tree.svg?seed=1").status == 200)
        #expect(try await front.ask("GET", "/v1/devices").status == 404)
        #expect(try await front.ask("GET", "/queue/plot1").status == 404)
        #expect(try await plotter.ask("GET", "/design/tree.svg?seed=1").status == 404)
        #expect(try await plotter.ask("GET", "/preview/plot1").status == 404)
        // What was passed on is not passed on again.
        let looped = try await front.ask("POST", "/single/plot1", "Axidrawd-Passed-On: 1\r\n")
        #expect(looped.status == 400)
        await front.stop()
        #expect(double.services == ["one", "one-plot1"])
        await plotter.stop()
    }

    /// Incidents of a daemon by their kinds.
    private static func incidents(of server: TestDaemon) -> Live<[String]> {
        let heard = Live<[String]>([])
        server.daemon.workshop.events.observe { name, data in
            if name == "incident" { heard.replace(heard.value + [data.word("kind")]) }
        }
        return heard
    }

    /// A message with a plot in it is answered by the plotter's daemon, and a repeat of it is one.
    @Test func aFrontPassesPlotsOn() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let plotter = try TestDaemon(cluster: Self.cluster(double, "one"), roles: [.plotter])
        let front = try TestDaemon(simulated: 0, cluster: Self.cluster(double, "front"), roles: [.webhooks])
        try await ConsulLinkTests.wait("found") { front.daemon.elsewhere.value.address(of: "plot1") != nil }
        _ = try await plotter.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        func send(_ plot: String) async throws -> (status: Int, value: JSONValue) {
            let answer = try await front.ask(
                "POST", "/v1/webhooks/hub", Self.json, body: #"{"id":"m1","plot":\#(plot)}"#)
            return (answer.status, try JSONReader.read(Array(answer.body.utf8)))
        }
        let square =
            #"{"device":"plot1","svg":"<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><path d='M1 1H5' stroke='black'/></svg>"}"#
        let first = try await send(square)
        #expect(first.status == 200 && first.value.word("result") == "accepted", "\(first)")
        let again = try await send(square)
        #expect(again.value.word("result") == "repeated" && again.value["job"] == first.value["job"], "\(again)")
        #expect(plotter.daemon.workshop.jobs().count == 1)
        // What is wrong there is told here in its words, and what is wrong here is not even sent.
        let unknown = try await front.ask(
            "POST", "/v1/webhooks/hub", Self.json, body: #"{"plot":{"device":"plot1","design":"dodo"}}"#)
        #expect(unknown.status == 422 && unknown.body.contains("dodo"), "\(unknown)")
        #expect(try await send(#"{"device":"none","design":"tree"}"#).status == 404)
        await front.stop()
        await plotter.stop()
    }

    /// A press for a plotter that is away is refused in words, and people are told: none is lost without one.
    @Test func aPressForAPlotterThatIsAwayIsRefusedInWords() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        try Self.register(double, port: 1)
        let front = try TestDaemon(simulated: 0, cluster: Self.cluster(double, "front"), roles: [.webhooks])
        let incidents = Self.incidents(of: front)
        try await ConsulLinkTests.wait("found") { front.daemon.elsewhere.value.address(of: "plot1") != nil }
        let refused = try await front.ask(
            "POST", "/v1/webhooks/door", Self.json, body: #"{"press":"single","device":"plot1"}"#)
        #expect(refused.status == 503 && refused.head.lowercased().contains("retry-after:"), "\(refused)")
        #expect(refused.body.contains("The daemon of plot1 cannot be reached"))
        #expect(incidents.value == ["press-refused"])
        await front.stop()
    }

    /// Two daemons with plotters of one name: nobody presses the wrong one, and who looks after them is told.
    @Test func aNameThatTwoPlottersHaveIsRefused() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let front = try TestDaemon(simulated: 0, cluster: Self.cluster(double, "front"), roles: [.webhooks])
        let incidents = Self.incidents(of: front)
        let one = try TestDaemon(cluster: Self.cluster(double, "one"), roles: [.plotter])
        let two = try TestDaemon(cluster: Self.cluster(double, "two"), roles: [.plotter])
        try await ConsulLinkTests.wait("told") { incidents.value == ["plotter-doubled"] }
        let refused = try await front.ask("POST", "/webhooks/single/plot1")
        #expect(refused.status == 409, "\(refused)")
        for port in [one.port, two.port] { #expect(refused.body.contains("http://127.0.0.1:\(port)")) }
        // One that has died without a word stands there for a while; it is the other that is meant.
        await two.stop()
        var dead = ConsulService(
            id: "two-plot1", name: "axidrawd-plotter", host: "127.0.0.1", port: 1, tags: ["plot1"],
            meta: [("plotter", "plot1")])
        dead.checks = []
        try ConsulClient(ConsulPlan(location: try #require(HTTPLocation(double.url)))).register(dead)
        _ = try await one.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        try await ConsulLinkTests.wait("pressed") {
            try await front.ask("POST", "/webhooks/single/plot1").status == 200
        }
        await front.stop()
        await one.stop()
    }

    private static func register(_ double: ConsulDouble, port: Int) throws {
        var client = ConsulClient(ConsulPlan(location: try #require(HTTPLocation(double.url))))
        client.patience = 60_000
        try client.register(
            ConsulService(
                id: "one-plot1", name: "axidrawd-plotter", host: "127.0.0.1", port: port, tags: ["plot1"],
                meta: [("plotter", "plot1")]))
    }

    /// Whoever does not answer where it was is looked up once more.
    @Test func anAddressMayChangeAtAnyTime() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let plotter = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        }
        defer { plotter.stop() }
        let plan = ConsulPlan(location: try #require(HTTPLocation(double.url)))
        let directory = FleetDirectory(plan, ownId: "me") { () throws(ClusterFailure) in "secret" }
        func pass(_ isRepeatable: Bool = false) async -> Int {
            let request = PassedRequest(method: "POST", target: "/single/plot1", isRepeatable: isRepeatable)
            switch await directory.pass(request, to: "plot1") {
            case .success(let response): return response.status
            case .failure(let problem): return problem.status
            }
        }
        #expect(await pass() == 404)
        // Nobody listens at port 1.
        try Self.register(double, port: 1)
        directory.take(try ConsulClient(plan).instances("axidrawd-plotter").value)
        #expect(directory.names == ["plot1"])
        #expect(await pass() == 503)
        try Self.register(double, port: plotter.port)
        #expect(await pass() == 200)
        #expect(plotter.requests.count == 1 && plotter.requests.first?.value("Authorization") == "Bearer secret")
        // What may have been done is not done again, unless it is known by what it says.
        plotter.answers { _, _ in .bytes("HTTP/1.1 20") }
        #expect(await pass() == 503 && plotter.requests.count == 2)
        #expect(await pass(true) == 503 && plotter.requests.count == 4)
        plotter.answers { _, _ in .status(307, "Location: http://127.0.0.1:1/\r\n") }
        #expect(await pass() == 503 && plotter.requests.count == 5)
    }
}
