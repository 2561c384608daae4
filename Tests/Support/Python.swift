internal import Foundation

/// Runs a short Python program as an independent witness.
public enum Python {
    public struct Failure: Error { public var status: Int32 }

    /// Standard output of `python3 -c script` that was given `input`.
    public static func run(_ script: String, input: [UInt8]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (toPython, fromPython) = (Pipe(), Pipe())
        process.standardInput = toPython
        process.standardOutput = fromPython
        try process.run()
        toPython.fileHandleForWriting.write(Data(input))
        try toPython.fileHandleForWriting.close()
        let output = fromPython.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return String(decoding: output, as: UTF8.self)
    }
}
