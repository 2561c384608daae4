public import Foundation
internal import Testing

/// Folder of the package, found from this file's place.
public let packageDirectory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Compares `actual` with a golden file. With UPDATE_GOLDEN=1 rewrites it, and still fails.
public func expectGolden(_ actual: String, at url: URL) throws {
    let expected = try? String(contentsOf: url, encoding: .utf8)
    guard actual != expected else { return }
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try actual.write(to: url, atomically: true, encoding: .utf8)
    }
    Issue.record("\(url.lastPathComponent): first difference at line \(firstDifference(actual, expected ?? ""))")
}

/// 1-based line at which two texts part.
public func firstDifference(_ a: String, _ b: String) -> Int {
    let (x, y) = (a.components(separatedBy: "\n"), b.components(separatedBy: "\n"))
    return (zip(x, y).enumerated().first { $1.0 != $1.1 }?.offset ?? min(x.count, y.count)) + 1
}
