internal import Foundation
internal import Glibc
internal import TestSupport
internal import Testing

/// The program between its caller and the system: words, signals, files and disks that are not as one would like.
struct HostTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    // MARK: The command line

    /// Setting a variable moves the environment, beside which a runtime may look for the arguments.
    @Test func argumentsSurviveALibraryThatSetsVariables() throws {
        let environment = try PreloadedLibrary.environment(
            """
            #include <stdlib.h>
            __attribute__((constructor)) static void set(void) {
                char name[16] = "PRELOADED_A";
                for (int i = 0; i < 20; i++) { name[10] = 'A' + i; setenv(name, "1", 1); }
            }
            """, in: folder)
        let version = try Executable.run(["version"], environment: environment)
        #expect(version.code == 0 && version.output.hasPrefix("axidrawd "), "\(version)")
        let refused = try Executable.run(["plan", "", "a b", "ü"], environment: environment)
        #expect(refused.code == 64, "\(refused)")
        #expect(refused == (try Executable.run(["plan", "", "a b", "ü"])), "\(refused)")
    }

    // MARK: Where to listen

    private func serve(_ more: [String], environment: [String: String] = [:]) throws -> Executable.Outcome {
        try Executable.run(["serve", "--simulate", "--state", folder.path("state")] + more, environment: environment)
    }

    @Test func aFileIsNoSocketAndStays() throws {
        try folder.write("dear to somebody", to: "file")
        let outcome = try serve(["--listen", "unix:\(folder.path("file"))"])
        #expect(outcome.code == 73 && outcome.errors.contains("is no socket"), "\(outcome)")
        #expect(try folder.text("file") == "dear to somebody")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("file"))
        #expect(try serve(["--listen", "unix:\(folder.path("link"))"]).code == 73)
        try FileManager.default.createDirectory(at: folder.url("folder"), withIntermediateDirectories: false)
        #expect(try serve(["--listen", "unix:\(folder.path("folder"))"]).code == 73)
        #expect(try folder.names().contains("link") && folder.text("file") == "dear to somebody")
    }

    @Test func aDeadSocketIsReplacedAndALivingOneIsNot() throws {
        let path = folder.path("s")
        let first = try ServedDaemon(folder, ["--listen", "unix:\(path)"])
        let second = try Executable.run([
            "serve", "--simulate", "--state", folder.path("other"), "--listen", "unix:\(path)",
        ])
        #expect(second.code == 75, "\(second)")
        first.kill(SIGKILL)
        #expect(FileManager.default.fileExists(atPath: path))
        let third = try ServedDaemon(folder, ["--listen", "unix:\(path)"])
        #expect(third.end(SIGTERM) == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    // MARK: Disks

    /// A disk without room, as far as the spool is concerned.
    private static let fullDisk = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <sys/types.h>
        ssize_t pwrite(int f, const void *b, size_t n, off_t o) { errno = ENOSPC; return -1; }
        ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) { errno = ENOSPC; return -1; }
        int posix_fallocate(int f, off_t o, off_t n) { return ENOSPC; }
        int posix_fallocate64(int f, off64_t o, off64_t n) { return ENOSPC; }
        """

    @Test func aFullDiskIsToldInWords() throws {
        let environment = try PreloadedLibrary.environment(Self.fullDisk, in: folder)
        let outcome = try serve(["--listen", "unix:\(folder.path("s"))"], environment: environment)
        #expect(outcome.code == 73, "\(outcome)")
        #expect(outcome.errors.contains("the disk is full") && outcome.errors.contains("--state"), "\(outcome)")
        #expect(!outcome.errors.contains("noSpace") && outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
    }

    @Test func withoutItsFolderTheDaemonIsNotReady() throws {
        let path = folder.path("s")
        let daemon = try ServedDaemon(folder, ["--listen", "unix:\(path)"])
        defer { daemon.kill(SIGKILL) }
        func ready() throws -> String {
            try Tool.run([
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", path, "http://localhost/readyz",
            ])
            .output
        }
        let end = Date().addingTimeInterval(120)
        while try ready() != "200", Date() < end { usleep(20_000) }
        #expect(try ready() == "200")
        try FileManager.default.moveItem(at: folder.url("state"), to: folder.url("elsewhere"))
        #expect(try ready() == "503")
        try FileManager.default.moveItem(at: folder.url("elsewhere"), to: folder.url("state"))
        #expect(try ready() == "200")
        try FileManager.default.removeItem(at: folder.url("state"))
        #expect(try ready() == "503")
    }

    // MARK: Signals

    /// Nobody's terminal is closed on a service: it reads its configuration again.
    @Test func hangingUpLetsAServiceReload() throws {
        let daemon = try ServedDaemon(folder, ["--listen", "unix:\(folder.path("s"))"], isService: true)
        daemon.signal(SIGHUP)
        #expect(try daemon.says("configuration read again"))
        #expect(daemon.isRunning)
        #expect(daemon.end(SIGINT) == 130)
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
    func whoFollowsLetsTheJobGoOn(_ number: Int32, _ code: Int32) throws {
        let daemon = try ServedDaemon(folder, ["--listen", "unix:\(folder.path("s"))"])
        defer { daemon.kill(SIGKILL) }
        let url = "unix:\(folder.path("s"))"
        try folder.write(Self.long, to: "drawing.svg")
        let follower = try TemporaryFolder()
        let process = try Executable.start(
            ["submit", folder.path("drawing.svg"), "--follow", "--url", url], scratch: follower)
        let end = Date().addingTimeInterval(120)
        while try !follower.text("errors").contains("plotting"), process.isRunning, Date() < end { usleep(20_000) }
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        let errors = try follower.text("errors")
        #expect(process.terminationReason == .exit && process.terminationStatus == code, "\(errors)")
        #expect(errors.contains("axidrawd cancel "), "\(errors)")
        #expect(try Executable.run(["list", "--url", url]).output.contains("plotting"))
    }

    @Test func askedTwiceTheFollowerCancels() throws {
        let daemon = try ServedDaemon(folder, ["--listen", "unix:\(folder.path("s"))"])
        defer { daemon.kill(SIGKILL) }
        let url = "unix:\(folder.path("s"))"
        try folder.write(Self.long, to: "drawing.svg")
        let id = try Executable.run(["submit", folder.path("drawing.svg"), "--hold", "--url", url]).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let follower = try TemporaryFolder()
        let process = try Executable.start(["follow", id, "--url", url], scratch: follower)
        let end = Date().addingTimeInterval(120)
        while try !follower.text("errors").contains("held"), process.isRunning, Date() < end { usleep(20_000) }
        kill(process.processIdentifier, SIGINT)
        while try !follower.text("errors").contains("Ctrl-C"), process.isRunning, Date() < end { usleep(20_000) }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        // On a very busy machine the second one may come when the program has gone.
        let isLate = try !follower.text("errors").contains("cancelled")
        let shown = try Executable.run(["show", id, "--url", url]).output
        #expect(process.terminationStatus == 130 && (isLate || shown.contains("cancelled")), "\(shown)")
    }

    /// Takes minutes in real time.
    private static let long = """
        <svg xmlns="http://www.w3.org/2000/svg" width="200mm" height="100mm" viewBox="0 0 200 100">
        <path d="\((0..<40).map { "M5 \($0 * 2 + 5) h190" }.joined())" stroke="black"/></svg>
        """
}

extension Executable.Outcome {
    fileprivate static func == (a: Self, b: Self) -> Bool {
        a.code == b.code && a.output == b.output && a.errors == b.errors
    }
}

/// The built program as a daemon on one virtual plotter, in a folder of a test.
final class ServedDaemon {
    private let process: Process
    private let scratch: TemporaryFolder

    /// Returns when it serves.
    ///
    /// - Parameter isService: without a terminal, as a service manager starts it.
    init(_ folder: TemporaryFolder, _ more: [String], isService: Bool = false) throws {
        scratch = try TemporaryFolder()
        let words = ["serve", "--simulate", "--state", folder.path("state")] + more
        if isService {
            process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["setsid", "--wait", Executable.place.path] + words
            process.environment = ProcessInfo.processInfo.environment
            process.standardError = try FileHandle(
                forWritingTo: URL(fileURLWithPath: try scratch.write("", to: "errors")))
            try process.run()
        } else {
            process = try Executable.start(words, scratch: scratch)
        }
        _ = try says("axidrawd serves")
    }

    var isRunning: Bool { process.isRunning }

    /// The process itself: behind `setsid` it is a child of what was started.
    private var number: Int32 {
        let children = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
        let text = (try? String(contentsOfFile: children, encoding: .utf8)) ?? ""
        return text.split(separator: " ").first.flatMap { Int32($0) } ?? process.processIdentifier
    }

    /// Whether it says so within two minutes.
    func says(_ words: String) throws -> Bool {
        let end = Date().addingTimeInterval(120)
        while process.isRunning, Date() < end {
            if try scratch.text("errors").contains(words) { return true }
            usleep(10_000)
        }
        return try scratch.text("errors").contains(words)
    }

    func signal(_ signal: Int32) { Glibc.kill(number, signal) }

    /// Sends a signal and waits for the end; the exit code.
    func end(_ signal: Int32) -> Int32 {
        self.signal(signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    func kill(_ number: Int32) { _ = end(number) }

    deinit { if process.isRunning { kill(SIGKILL) } }
}
