internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// The figures for Prometheus: the format, the names, what they count.
@Suite(.serialized) struct MetricsTests {
    /// Samples by name and labels; faults of the format.
    private static func read(_ text: String) -> (samples: [String: Double], faults: [String]) {
        var samples: [String: Double] = [:]
        var faults: [String] = []
        var family = ""
        var told: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            if line.hasPrefix("# HELP ") {
                family = String(words[2])
                if !told.insert(family).inserted { faults.append("twice: \(family)") }
                continue
            }
            if line.hasPrefix("# TYPE ") {
                if words[2] != family || words.count != 4 { faults.append("\(line)") }
                if words[3] == "counter", !family.hasSuffix("_total") { faults.append("no _total: \(family)") }
                continue
            }
            guard let end = line.lastIndex(of: " "), let value = Double(line[line.index(after: end)...]),
                line.hasPrefix(family), family.allSatisfy({ $0.isLowercase || $0 == "_" })
            else {
                faults.append("\(line)")
                continue
            }
            samples[String(line[..<end])] = value
        }
        if !text.hasSuffix("\n") { faults.append("no line end") }
        return (samples, faults)
    }

    @Test func tellsWhatPlottersAndTheServerDo() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let made = try await server.json("POST", "/v1/devices/plot1/sample")
        guard case .string(let id)? = made["id"] else {
            Issue.record("no id")
            return
        }
        let job = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        #expect(try await server.ask("GET", "/secret/\(id)").status == 404)
        let answer = try await server.ask("GET", "/metrics")
        #expect(answer.head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        let (samples, faults) = Self.read(answer.body)
        #expect(faults == [])
        #expect(samples["axidrawd_build_info{version=\"\(Version.number)\"}"] == 1)
        #expect(samples["axidrawd_device_connected{device=\"plot1\"}"] == 1)
        #expect(samples.filter { $0.key.hasPrefix("axidrawd_device_state") && $0.value == 1 }.count == 1)
        #expect(samples["axidrawd_queue_jobs{device=\"plot1\"}"] == 0)
        #expect(samples["axidrawd_jobs_total{outcome=\"done\"}"] == 1)
        #expect(samples["axidrawd_jobs_total{outcome=\"failed\"}"] == 0)
        #expect(samples["axidrawd_plot_duration_seconds_count"] == 1)
        #expect(samples["axidrawd_plot_duration_seconds_bucket{le=\"+Inf\"}"] == 1)
        if case .integer(let strokes)? = job["summary"]?["strokes"] {
            #expect(samples["axidrawd_pen_lifts_total"] == Double(strokes))
        }
        #expect((samples["axidrawd_pen_down_metres_total"] ?? 0) > 0)
        let made201 = "{route=\"/v1/devices/{name}/sample\",method=\"POST\",code=\"201\"}"
        #expect(samples["axidrawd_http_requests_total\(made201)"] == 1)
        #expect(samples["axidrawd_http_requests_total{route=\"none\",method=\"GET\",code=\"404\"}"] == 1)
        #expect((samples["axidrawd_http_connections"] ?? 0) >= 1)
        if case .integer(let commands)? = job["summary"]?["commands"] {
            #expect((samples["axidrawd_commands_sent_total{device=\"plot1\"}"] ?? 0) > Double(commands))
        }
        #expect(samples["axidrawd_queue_underruns_total{device=\"plot1\"}"] == 0)
        #expect(samples["axidrawd_reconnects_total{device=\"plot1\"}"] == 0)
        #expect(samples["axidrawd_webhooks_total{result=\"queued\"}"] == 0)
        #expect((samples["axidrawd_spool_entries"] ?? 0) >= 2 && (samples["axidrawd_spool_bytes"] ?? 0) > 1000)
        #expect((samples["axidrawd_spool_free_bytes"] ?? 0) > 0)
        for name in ["process_cpu_seconds_total", "process_open_fds", "process_resident_memory_bytes"] {
            #expect((samples[name] ?? 0) > 0, "\(name)")
        }
        // Nothing that a client chose.
        #expect(!answer.body.contains(id) && !answer.body.contains("secret"))
    }

    @Test func countsWhatIsTurnedAway() async throws {
        var limits = HTTPLimits()
        limits.connections = 1
        limits.localReserve = 0
        let server = try TestDaemon(limits: limits)
        let held = try RawClient(port: server.port)
        held.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(await statuses(held.receive { $0.hasSuffix("}\n") }) == [200])
        #expect(try await statuses(RawClient(port: server.port).receiveAll()) == [503])
        held.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let text = await held.receiveAll()
        #expect(text.contains("axidrawd_http_rejected_total{reason=\"connections\"} 1\n"))
        #expect(text.contains("axidrawd_http_rejected_total{reason=\"address\"} 0\n"))
    }

    @Test func boundsTheKindsOfAnswers() {
        let figures = HTTPFigures()
        for method in ["BREW", "G", "get", "GET"] {
            figures.count(
                Exchange(method: method, route: nil, status: 405, requestId: "", client: nil, milliseconds: 1))
        }
        #expect(figures.state.answers.count == 2)
        #expect(figures.state.answers[.init(route: "none", method: "other", code: 405)] == 3)
    }

    @Test func writesTheFormat() {
        var text = MetricsText()
        text.family("a_total", .counter, "With \\ and\nend.", [([("x", "q\"b\\c\nd")], 0.25)])
        var histogram = Histogram(bounds: [1, 2.5])
        for value in [0.5, 1, 2, 9] { histogram.add(value) }
        text.histogram("h", "H.", histogram)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == #"""
                # HELP a_total With \\ and\nend.
                # TYPE a_total counter
                a_total{x="q\"b\\c\nd"} 0.25
                # HELP h H.
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{le="2.5"} 3
                h_bucket{le="+Inf"} 4
                h_sum 12.5
                h_count 4

                """#)
    }

    @Test func countsEveryEndOnce() throws {
        let figures = PlotFigures(now: { 5000 })
        func job(_ state: String, _ isFinal: Bool) throws -> JSONValue {
            try JSONReader.read(
                Array(
                    (#"{"id":"j","state":"\#(state)","isFinal":\#(isFinal),"progress":{"strokes":3,"fraction":0.5},"#
                        + #""summary":{"penDownMillimetres":4000}}"#).utf8))
        }
        figures.take("job", try job("planning", false))
        figures.take("job", try job("plotting", false))
        for _ in 0..<3 { figures.take("job", try job("cancelled", true)) }
        #expect(figures.state.jobs == ["cancelled": 1])
        #expect(figures.state.penLifts == 3 && figures.state.penDownMetres == 2)
        let trouble = JSONValue.object([("name", .string("p")), ("state", .string("faulted"))])
        let well = JSONValue.object([("name", .string("p")), ("state", .string("raised"))])
        for event in [well, trouble, trouble, well, trouble] { figures.take("state", event) }
        #expect(figures.state.faults == ["p": 2])
        figures.take("job", .null)
        figures.take("state", .array([]))
    }
}
