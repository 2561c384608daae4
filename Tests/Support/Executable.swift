public import Foundation

/// Runs the built `axidrawd` as its users do.
public enum Executable {
    /// What a run left behind.
    public struct Outcome: Sendable {
        public var code: Int32
        public var output: String
        public var errors: String
    }

    /// The executable beside the test bundle.
    public static let place: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("axidrawd")
    }()

    /// Runs to the end; output goes through files, so that no pipe can fill up.
    ///
    /// - Parameters:
    ///   - input: given as standard input; nil is an empty one.
    ///   - directory: where the program runs.
    public static func run(
        _ arguments: [String], input: String? = nil, in directory: URL = packageDirectory,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let scratch = try TemporaryFolder()
        let process = try start(arguments, input: input, in: directory, environment: environment, scratch: scratch)
        process.waitUntilExit()
        // A signal shows as the shell would tell it.
        let code = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
        return Outcome(
            code: code, output: try scratch.text("output"), errors: try scratch.text("errors"))
    }

    /// Starts without waiting; the streams are files of the folder.
    public static func start(
        _ arguments: [String], input: String? = nil, in directory: URL = packageDirectory,
        environment: [String: String] = [:], scratch: TemporaryFolder
    ) throws -> Process {
        let process = Process()
        process.executableURL = place
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
        try scratch.write(input ?? "", to: "input")
        process.standardInput = try FileHandle(forReadingFrom: scratch.url("input"))
        process.standardOutput = try scratch.handle("output")
        process.standardError = try scratch.handle("errors")
        try process.run()
        return process
    }
}

/// A folder of its own for one test, removed with the value.
public final class TemporaryFolder: Sendable {
    public let root: URL

    public init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("axidrawd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Place of a file in it.
    public func url(_ name: String) -> URL { root.appendingPathComponent(name) }

    /// Path of a file in it.
    public func path(_ name: String) -> String { url(name).path }

    /// Names of all files in it.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
    }

    /// What a file holds.
    public func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url(name)), as: UTF8.self)
    }

    /// Writes a file and gives its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url(name))
        return path(name)
    }

    fileprivate func handle(_ name: String) throws -> FileHandle {
        try Data().write(to: url(name))
        return try FileHandle(forWritingTo: url(name))
    }
}

/// Runs another program of the system, found on PATH.
public enum Tool {
    /// Runs `command` in the package's folder to its end; a missing program is an error, not a skipped test.
    public static func run(
        _ command: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Executable.Outcome {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = packageDirectory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        try Data(input).write(to: scratch.url("input"))
        process.standardInput = try FileHandle(forReadingFrom: scratch.url("input"))
        process.standardOutput = try scratch.handle("output")
        process.standardError = try scratch.handle("errors")
        try process.run()
        process.waitUntilExit()
        let code = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
        return Executable.Outcome(code: code, output: try scratch.text("output"), errors: try scratch.text("errors"))
    }
}
