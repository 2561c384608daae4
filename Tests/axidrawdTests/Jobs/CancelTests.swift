internal import Foundation
internal import Glibc
internal import TestSupport
internal import Testing

/// A cancel that was acknowledged stays a cancel, whatever becomes of the daemon before the plotter is at rest.
struct CancelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path("s") }
    private var url: String { "unix:\(path)" }

    private func daemon() throws -> ServedDaemon { try ServedDaemon(folder, ["--listen", url]) }

    /// A job whose pen is on the paper.
    private func plottingJob() throws -> String {
        let lines = (0..<40).map { "M5 \($0 * 2 + 5) h190" }.joined()
        try folder.write(
            "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='100mm' viewBox='0 0 200 100'>"
                + "<path d='\(lines)' stroke='black'/></svg>", to: "drawing.svg")
        let id = try Executable.run(["submit", folder.path("drawing.svg"), "--url", url]).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let end = Date().addingTimeInterval(120)
        while try state(of: id) != "plotting", Date() < end { usleep(20_000) }
        return id
    }

    private func answer(_ target: String, _ more: [String] = []) throws -> (code: String, body: String) {
        let output = try Tool.run(
            ["curl", "-s", "-w", "\n%{http_code}", "--unix-socket", path] + more + ["http://localhost\(target)"]
        ).output
        let lines = output.components(separatedBy: "\n")
        return (lines.last ?? "", lines.dropLast().joined(separator: "\n"))
    }

    private func state(of id: String) throws -> String? {
        let body = try answer("/v1/jobs/\(id)").body
        return (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])?["state"] as? String
    }

    private func cancel(_ id: String) throws -> Bool {
        try answer("/v1/jobs/\(id)/cancel", ["-X", "POST"]).code == "200"
    }

    @Test func aKillAfterItChangesNothing() throws {
        let first = try daemon()
        let id = try plottingJob()
        #expect(try cancel(id))
        first.kill(SIGKILL)
        let second = try daemon()
        defer { second.kill(SIGKILL) }
        #expect(try state(of: id) == "cancelled")
    }

    @Test func norDoesADaemonThatIsEnding() throws {
        let first = try daemon()
        let id = try plottingJob()
        first.signal(SIGTERM)
        // The plot comes to rest, pen up, before the daemon ends: so long it answers.
        let end = Date().addingTimeInterval(120)
        while try state(of: id) == "plotting", first.isRunning, Date() < end { usleep(2_000) }
        let isAcknowledged = try cancel(id)
        #expect(first.end(0) == 0)
        let second = try daemon()
        defer { second.kill(SIGKILL) }
        #expect(try state(of: id) == (isAcknowledged ? "cancelled" : "interrupted"))
    }
}
