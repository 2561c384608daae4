internal import Foundation
internal import TestSupport

/// Runs a module of JavaScript.
enum Node {
    struct Failure: Error { var status: Int32 }

    /// The page's modules as Node takes them: in a folder of their own that says what they are.
    static func withModules<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("page-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let assets = packageDirectory.appendingPathComponent("Sources/axidrawd/Page/Assets")
        for name in try FileManager.default.contentsOfDirectory(atPath: assets.path) where name.hasSuffix(".js") {
            try FileManager.default.copyItem(
                at: assets.appendingPathComponent(name), to: folder.appendingPathComponent(name))
        }
        try Data("{\"type\":\"module\"}".utf8).write(to: folder.appendingPathComponent("package.json"))
        return try body(folder.path)
    }

    /// What it writes.
    static func run(_ script: String, input: String, environment: [String: String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["node", "--input-type=module", "--eval", script]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (toNode, fromNode) = (Pipe(), Pipe())
        process.standardInput = toNode
        process.standardOutput = fromNode
        try process.run()
        // It reads everything before it writes.
        toNode.fileHandleForWriting.write(Data(input.utf8))
        try toNode.fileHandleForWriting.close()
        let output = fromNode.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return String(decoding: output, as: UTF8.self)
    }
}
