internal import HTTP
internal import Text

// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation
    internal import TestSupport

    @testable internal import QueueSupport
    @testable internal import axidrawd

    /// A daemon in this process with a virtual board, on a real disk of which single calls can be made to fail.
    final class FailingDaemon {
        let client: LocalClient
        let fault = DiskFault()
        private let daemon: Daemon

        init(in folder: TemporaryFolder) throws {
            // A name of its own: the one before may still be closing its own.
            client = LocalClient(path: folder.path("s" + Identifier.make().suffix(6)))
            let storage = FailingStorage(try SpoolDirectory(path: folder.path("spool")), fault)
            var options = DaemonOptions()
            options.keeper = JobKeeper(try JobStore(storage: storage, nowMilliseconds: JobKeeper.now))
            options.simulated = 1
            options.speed = .times(10)
            options.listen = [.init(.unix(path: client.path))]
            daemon = try Daemon(
                options: options, planning: .pipeline, credentials: CredentialTable(), log: .silent)
            daemon.start(on: try daemon.listen()) {}
            try wait("the daemon does not come up") { $0["state"] as? String == "raised" }
        }

        /// Ends it as a person would, which leaves the pen up; waits for that.
        func stop() {
            let (daemon, end) = (daemon, DispatchSemaphore(value: 0))
            Task {
                await daemon.stop()
                end.signal()
            }
            end.wait()
        }

        var device: [String: Any] { client.ask("GET", "/v1/devices/plot1")?.object ?? [:] }

        func job(_ id: String) -> [String: Any] { client.ask("GET", "/v1/jobs/\(id)")?.object ?? [:] }

        /// Waits until the plotter is as wanted.
        func wait(_ complaint: String, _ isWanted: ([String: Any]) -> Bool) throws {
            let end = Date().addingTimeInterval(60)
            while Date() < end {
                if isWanted(device) { return }
                usleep(10_000)
            }
            throw KilledDaemon.Trouble(text: "\(complaint): \(device)")
        }

        /// A drawing that is kept until somebody says go.
        func submit(_ name: String, hold: Bool = true, isLong: Bool? = nil) -> LocalClient.Reply? {
            client.ask(
                "POST", "/v1/devices/plot1/jobs?orientation=landscape&hold=\(hold)&name=\(name)",
                "Content-Type: image/svg+xml\r\n", body: Self.drawing(isLong: isLong ?? !hold))
        }

        /// The number of jobs with this name, or -1 if the daemon does not say.
        func count(of name: String) -> Int {
            guard let reply = client.ask("GET", "/v1/jobs?limit=200"), reply.status == 200 else { return -1 }
            return reply.items.count { $0["name"] as? String == name }
        }

        /// One stroke: so nothing is written down while it is drawn.
        private static func drawing(isLong: Bool) -> String {
            var path = "M20 20h40"
            if isLong { for row in 1...40 { path += "v4h\(row % 2 == 0 ? 40 : -40)" } }
            return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300mm\" height=\"218mm\" viewBox=\"0 0 300 218\">"
                + "<path d=\"\(path)\" fill=\"none\" stroke=\"black\"/></svg>"
        }
    }
#endif
