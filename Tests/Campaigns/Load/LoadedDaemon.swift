internal import Foundation
internal import Glibc
internal import HTTP
internal import TestSupport

/// The real program on a virtual board inside it, on a port of its own, and what the system says of it.
final class LoadedDaemon {
    let port: Int
    private let scratch: TemporaryFolder
    private let process: Process

    /// Starts it and waits until it takes work.
    ///
    /// - Parameters:
    ///   - speed: of the virtual board, as the flag takes it.
    ///   - device: a port with a board to drive instead of a virtual board of its own.
    ///   - limits: members of `limits` in the configuration.
    init(
        speed: String = "max", device: String? = nil, limits: String = "", alsoListens: [String] = []
    ) throws {
        port = try LoadSocket.freePort()
        scratch = try TemporaryFolder()
        let configuration = try scratch.write("{\"limits\": {\(limits)}}", to: "config.json")
        process = try Executable.start(
            ["serve", "--config", configuration, "--listen", "127.0.0.1:\(port)"]
                + alsoListens.flatMap { ["--listen", $0] }
                + (device.map { ["--device", $0] } ?? ["--simulate", "--speed", speed]),
            environment: [
                "HOME": scratch.path("home"), "XDG_STATE_HOME": scratch.path("state"),
                "XDG_RUNTIME_DIR": scratch.path("none"), "STATE_DIRECTORY": scratch.path("state"),
            ], scratch: scratch)
        Warden.shared.watch(process)
        let end = Date().addingTimeInterval(60)
        while Date() < end, process.isRunning {
            if let link = try? LoadSocket(port: port), link.ask("GET", "/readyz")?.status == 200 { return }
            usleep(20_000)
        }
        process.terminate()
        throw LoadTrouble(text: "the daemon does not come up: " + ((try? scratch.text("errors")) ?? ""))
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        Warden.shared.forget(process)
    }

    /// The port at 127.0.0.2, where it listens there.
    var secondPort: Int? {
        let errors = (try? scratch.text("errors")) ?? ""
        return errors.firstMatch(of: #/http://127\.0\.0\.2:(\d+)//#).flatMap { Int($0.1) }
    }

    var isRunning: Bool { process.isRunning }

    private func system(_ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)) ?? ""
    }

    /// Memory that is resident.
    var residentBytes: Int { bytes("VmRSS:") }

    /// Of that, what is no page of a file.
    var anonymousBytes: Int { bytes("RssAnon:") }

    /// The most that was ever resident.
    var peakBytes: Int { bytes("VmHWM:") }

    private func bytes(_ name: String) -> Int {
        let line = system("status").components(separatedBy: "\n").first { $0.hasPrefix(name) }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Processor time used so far.
    var processorSeconds: Double {
        // The name of the program stands in brackets and may hold anything.
        let fields = system("stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let kernel = Double(fields[12]) else { return 0 }
        return (user + kernel) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    /// One request on a connection of its own.
    func ask(_ method: String, _ target: String, _ fields: String = "", body: [UInt8] = []) throws
        -> LoadSocket.Answer
    {
        let link = try LoadSocket(port: port, patienceSeconds: 120)
        guard let answer = link.ask(method, target, fields, body: body) else {
            throw LoadTrouble(text: "no answer to \(method) \(target)")
        }
        return answer
    }

    /// The sum of all samples of a family on /metrics; nil if there are none.
    func metric(_ family: String) throws -> Double? {
        let lines = String(decoding: try ask("GET", "/metrics").body, as: UTF8.self).split(separator: "\n")
        let values = lines.filter { $0.hasPrefix(family + " ") || $0.hasPrefix(family + "{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        return values.isEmpty ? nil : values.reduce(0, +)
    }
}

/// How long answers took.
struct LoadTimes: Sendable {
    private var seconds: [Double] = []

    var count: Int { seconds.count }

    mutating func add(_ value: Double) { seconds.append(value) }

    mutating func add(_ other: LoadTimes) { seconds += other.seconds }

    /// The value that so large a share does not exceed.
    func quantile(_ share: Double) -> Double {
        let sorted = seconds.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var text: String {
        let values = [0.5, 0.99].map { String(format: "%.2f", quantile($0) * 1000) }
        return "p50 \(values[0]) ms p99 \(values[1]) ms"
    }
}

/// Seconds of a clock that never goes back.
func loadClock() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
