internal import Foundation
internal import Glibc
internal import HTTP

/// `GET /metrics` for Prometheus: labels come from small fixed sets, never from what clients send.
struct MetricsRoutes: Sendable {
    let workshop: Workshop
    let http: HTTPFigures
    let plots: PlotFigures
    let webhooks: WebhookFigures
    let outbox: Outbox
    let cluster: Cluster
    /// When the process began, Unix seconds.
    let started: Double

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/metrics", role: .viewer, operation: "metrics",
                summary: "Figures in the text format of Prometheus", produces: ["text/plain"],
                // Reading the process's own figures is not for the loop's thread.
                handler: { [self] _ in
                    .later { [self] in
                        let level = try? await workshop.keeper.perform { store throws(JobStore.Refusal) in
                            store.fillLevel
                        }
                        let text = text(await outbox.figures, level ?? nil)
                        return .now(Response(200, contentType: MetricsText.contentType, text.bytes))
                    }
                })
        ]
    }

    private func text(_ owed: Outbox.Figures, _ level: FillLevel?) -> MetricsText {
        var text = MetricsText()
        text.family("axidrawd_build_info", .gauge, "Version of the program.", [([("version", Version.number)], 1)])
        writeDevices(&text)
        writeLinks(&text)
        writePlots(&text)
        writeWebhooks(&text)
        writeOutbox(&text, owed)
        writeCluster(&text)
        writeSpool(&text, level)
        writeServer(&text)
        writeProcess(&text)
        return text
    }

    private func writeDevices(_ text: inout MetricsText) {
        let devices = workshop.devices
        text.family(
            "axidrawd_device_connected", .gauge, "1 while the board is connected.",
            devices.map { ([("device", $0.name)], $0.state.publicName == "absent" ? 0 : 1) })
        text.family(
            "axidrawd_device_state", .gauge, "1 for the state that the device is in.",
            devices.flatMap { device in
                Schemas.deviceStates.map { name in
                    ([("device", device.name), ("state", name)], device.state.publicName == name ? 1 : 0)
                }
            })
        text.family(
            "axidrawd_queue_jobs", .gauge, "Jobs that have not ended.",
            devices.map { device in
                ([("device", device.name)], Double(workshop.jobs(of: device.name).count { !$0.state.isFinal }))
            })
    }

    private func writePlots(_ text: inout MetricsText) {
        let state = plots.state
        text.family(
            "axidrawd_jobs_total", .counter, "Jobs that have ended.",
            PlotFigures.outcomes.map { ([("outcome", $0)], Double(state.jobs[$0] ?? 0)) })
        text.histogram(
            "axidrawd_plot_duration_seconds", "Time from the first motion of a job to its end.", state.durations)
        text.family(
            "axidrawd_pen_down_metres_total", .counter, "Length drawn by ended jobs, as planned.", state.penDownMetres)
        text.family(
            "axidrawd_pen_lifts_total", .counter, "Strokes drawn by ended jobs.", Double(state.penLifts))
        text.family(
            "axidrawd_faults_total", .counter, "Times a device ended up in trouble.",
            workshop.devices.map { ([("device", $0.name)], Double(state.faults[$0.name] ?? 0)) })
    }

    private func writeServer(_ text: inout MetricsText) {
        let state = http.state
        text.family(
            "axidrawd_http_requests_total", .counter, "Answers given.",
            state.answers.sorted { $0.key < $1.key }.map { kind, count in
                let labels = [("route", kind.route), ("method", kind.method), ("code", String(kind.code))]
                return (labels.map { (name: $0.0, value: $0.1) }, Double(count))
            })
        text.histogram(
            "axidrawd_http_request_duration_seconds", "Time from the end of a head to its answer.", state.durations)
        text.family(
            "axidrawd_http_connections", .gauge, "Connections open.", Double(state.counters.connections))
        text.family(
            "axidrawd_http_rejected_total", .counter, "Connections turned away.",
            HTTPFigures.Rejection.allCases.map { ([("reason", $0.rawValue)], Double(state.rejections[$0] ?? 0)) })
        text.family(
            "axidrawd_event_readers", .gauge, "Event streams open.", Double(state.counters.eventReaders))
    }

    private func writeProcess(_ text: inout MetricsText) {
        text.family("process_start_time_seconds", .gauge, "When the process began.", started)
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            // One of them is the folder itself, open for the listing.
            text.family("process_open_fds", .gauge, "Descriptors open.", Double(files.count - 1))
        }
        guard let line = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            // The name of the program stands in brackets and may hold anything; state is the field after it.
            let end = line.lastIndex(of: ")")
        else { return }
        let fields = line[line.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Double(fields[21])
        else { return }
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        text.family("process_cpu_seconds_total", .counter, "Time on a processor.", (user + system) / ticks)
        text.family(
            "process_resident_memory_bytes", .gauge, "Memory that is resident.",
            pages * Double(max(1, sysconf(Int32(_SC_PAGESIZE)))))
    }
}
