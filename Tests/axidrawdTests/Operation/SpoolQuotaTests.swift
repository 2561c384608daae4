internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// What drawings may take on the disk: finished ones make room, waiting ones are kept, and people hear of it before it is full.
@Suite(.serialized) struct SpoolQuotaTests {
    private static func svg(_ bytes: Int) -> String {
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><path d='M1 1L8 8' stroke='#000'/></svg>"
        return drawing + String(repeating: " ", count: bytes - drawing.utf8.count)
    }

    private func submit(_ server: TestDaemon, _ bytes: Int) async throws -> (status: Int, body: String) {
        let answer = try await server.ask(
            "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: Self.svg(bytes))
        return (answer.status, answer.body)
    }

    @Test func refusesWithWordsAndFinishedOnesMakeRoom() async throws {
        let folder = try TemporaryFolder()
        let keeper = JobKeeper(
            try JobStore(storage: try SpoolDirectory(path: folder.path("spool")), nowMilliseconds: JobKeeper.now),
            folder: folder.path("spool"))
        let server = try TestDaemon(keeper: keeper)
        keeper.later { store in store.quotaBytes = 1 << 20 }
        let first = try await submit(server, 600_000)
        #expect(first.status == 201)
        let refused = try await submit(server, 600_000)
        #expect(refused.status == 507 && refused.body.contains("/problems/spool-quota"))
        for words in ["0.6 of the 1.0 MiB", "cancel some", "limits.spoolMebibytes"] {
            #expect(refused.body.contains(words), "\(refused.body)")
        }
        #expect(try await submit(server, 300_000).status == 201, "what fits is taken")
        let id = try JSONReader.read(Array(first.body.utf8)).word("id")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status < 300)
        #expect(try await submit(server, 600_000).status == 201, "what is over has left")
        #expect(try await server.json("GET", "/v1/jobs").items.count == 2)
        let metrics = try await server.ask("GET", "/metrics").body
        #expect(
            metrics.contains("axidrawd_spool_drawing_bytes 900000")
                && metrics.contains("axidrawd_spool_quota_bytes 1048576"))
        await server.stop()
    }

    @Test func theQuotaIsASetting() throws {
        let configuration = try ServiceConfiguration(Array(#"{"limits":{"spoolMebibytes":7}}"#.utf8), path: "f")
        #expect(configuration.spoolMebibytes == 7 && configuration.json["limits"]?["spoolMebibytes"] == .integer(7))
        #expect(throws: ConfigurationFailure.self) {
            try ServiceConfiguration(Array(#"{"limits":{"spoolMebibytes":0}}"#.utf8), path: "f")
        }
    }

    @Test func peopleHearBeforeItIsFull() {
        func level(_ drawings: Int, quota: Int?, free: Int64) -> FillLevel {
            FillLevel(drawings: drawings, quota: quota, free: free, reserve: 64)
        }
        #expect(!level(899, quota: 1000, free: 1000).isHigh && level(900, quota: 1000, free: 1000).isHigh)
        #expect(level(1, quota: nil, free: 255).isHigh && !level(1, quota: nil, free: 256).isHigh)
        #expect(!level(850, quota: 1000, free: 1000).isLow && level(700, quota: 1000, free: 1000).isLow)
        #expect(level(900, quota: 1000, free: 1000).sentence.contains("limits.spoolMebibytes"))
        #expect(level(1, quota: nil, free: 9).sentence.contains("disk"))
    }
}
