internal import Foundation
internal import Simulator

extension MetricsRoutes {
    /// What passes over the links to the boards.
    func writeLinks(_ text: inout MetricsText) {
        let links = workshop.stations.map { (station: $0, link: $0.link.state) }
        text.family(
            "axidrawd_commands_sent_total", .counter, "Commands sent to the board, queries among them.",
            links.map { ([("device", $0.station.name)], Double($0.link.commands)) })
        text.family(
            "axidrawd_reconnects_total", .counter, "Times the link to a board was opened again.",
            links.map { ([("device", $0.station.name)], Double(max(0, $0.link.opens - 1))) })
        let boards = workshop.stations.compactMap { station in station.board.map { (station.name, $0) } }
        guard !boards.isEmpty else { return }
        // A real board does not say it.
        text.family(
            "axidrawd_queue_underruns_total", .counter,
            "Times a virtual board had to stop in the middle of a stroke because the next command was late.",
            boards.map { name, board in
                let count = board.withBoard { board in board.incidents.count { $0.kind == .starved } }
                return ([("device", name)], Double(count))
            })
    }

    func writeWebhooks(_ text: inout MetricsText) {
        let counts = webhooks.counts
        text.family(
            "axidrawd_webhooks_total", .counter, "Presses that have come over HTTP, by what came of them.",
            WebhookFigures.results.map { ([("result", $0)], Double(counts[$0] ?? 0)) })
    }

    /// What is told to receivers.
    func writeOutbox(_ text: inout MetricsText, _ owed: Outbox.Figures) {
        text.family(
            "axidrawd_webhooks_sent_total", .counter, "Tries to deliver messages to receivers, by what came of them.",
            OutboxState.outcomes.map { ([("outcome", $0)], Double(owed.counts[$0] ?? 0)) })
        text.family(
            "axidrawd_webhooks_waiting", .gauge, "Messages that receivers have not taken yet.", Double(owed.waiting))
        text.family(
            "axidrawd_webhook_receivers_off", .gauge, "Receivers that are switched off.", Double(owed.off))
    }

    /// How the fleet's services stand, where any is configured.
    func writeCluster(_ text: inout MetricsText) {
        guard let standing = cluster.consul?.standing else { return }
        let service = (name: "service", value: "consul")
        text.family(
            "axidrawd_cluster_linked", .gauge, "1 while the service knows this daemon.",
            [([service], standing.isLinked ? 1 : 0)])
        text.family(
            "axidrawd_cluster_requests_total", .counter, "Requests to the service, by how they went.",
            (["good"] + ClusterFailure.words).map {
                ([service, ("outcome", $0)], Double(standing.requests[$0] ?? 0))
            })
        guard let contact = standing.lastContact else { return }
        text.family(
            "axidrawd_cluster_last_contact_timestamp_seconds", .gauge, "When the service last gave a good answer.",
            [([service], Double(contact) / 1000)])
    }

    /// What the spool takes on the disk, counted when asked.
    func writeSpool(_ text: inout MetricsText, _ level: FillLevel?) {
        if let level {
            text.family(
                "axidrawd_spool_drawing_bytes", .gauge, "Bytes of the drawings of jobs.", Double(level.drawings))
            text.family(
                "axidrawd_spool_quota_bytes", .gauge, "Bytes that drawings may take: the quota, or what the disk has.",
                Double(level.room))
        }
        guard let folder = workshop.keeper.folder, let files = FileManager.default.enumerator(atPath: folder) else {
            return
        }
        var (count, bytes) = (0, 0)
        while files.nextObject() != nil {
            guard files.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            count += 1
            bytes += (files.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0
        }
        text.family("axidrawd_spool_entries", .gauge, "Files in the spool.", Double(count))
        text.family("axidrawd_spool_bytes", .gauge, "Bytes of all files in the spool.", Double(bytes))
        if let free = (try? FileManager.default.attributesOfFileSystem(forPath: folder))?[.systemFreeSize] as? NSNumber
        {
            text.family("axidrawd_spool_free_bytes", .gauge, "Bytes free on its disk.", free.doubleValue)
        }
    }
}
