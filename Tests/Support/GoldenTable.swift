public import Foundation
internal import Testing

/// Compares a table of numbers with a golden file: integers and words exactly, reals within a tolerance.
///
/// The first line of the table names its unit and the tolerance. One item a line, fields between blanks; what has a
/// decimal point is a real. With UPDATE_GOLDEN=1 the file is rewritten, and the test still fails.
public func expectGoldenTable(_ actual: String, at url: URL, tolerance: Double) throws {
    let expected = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    guard let line = firstDifferingLine(actual, expected, tolerance: tolerance) else { return }
    try updateGolden(Data(actual.utf8), at: url)
    let (got, wanted) = (lines(actual), lines(expected))
    Issue.record(
        """
        \(url.lastPathComponent) of \(url.deletingLastPathComponent().lastPathComponent), line \(line + 1): \
        \(line < got.count ? String(got[line]) : "nothing") instead of \
        \(line < wanted.count ? String(wanted[line]) : "nothing")
        """)
}

/// Compares a picture with a golden file by the number of pixels that differ.
public func expectGoldenImage(_ actual: [UInt8], at url: URL, differingPixels limit: Int) throws {
    let got = try PNGImage(actual)
    guard let data = try? Data(contentsOf: url), let wanted = try? PNGImage([UInt8](data)) else {
        try updateGolden(Data(actual), at: url)
        Issue.record("\(url.path) is no picture")
        return
    }
    let isSameSize = got.width == wanted.width && got.height == wanted.height
    let differing = isSameSize ? zip(got.pixels, wanted.pixels).count { $0 != $1 } : .max
    if differing <= limit { return }
    try updateGolden(Data(actual), at: url)
    Issue.record("\(url.path): \(isSameSize ? "\(differing) pixels differ" : "another size")")
}

private func updateGolden(_ data: Data, at url: URL) throws {
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else { return }
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url, options: .atomic)
}

private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

/// 0-based; nil when the tables agree.
func firstDifferingLine(_ a: String, _ b: String, tolerance: Double) -> Int? {
    let (x, y) = (lines(a), lines(b))
    for (i, pair) in zip(x, y).enumerated() where !agree(pair.0, pair.1, tolerance: tolerance) { return i }
    return x.count == y.count ? nil : min(x.count, y.count)
}

private func agree(_ a: Substring, _ b: Substring, tolerance: Double) -> Bool {
    if a == b { return true }
    let (x, y) = (a.split(separator: " "), b.split(separator: " "))
    guard x.count == y.count else { return false }
    return zip(x, y).allSatisfy { one, other in
        if one == other { return true }
        guard one.contains("."), other.contains("."), let p = Double(one), let q = Double(other) else { return false }
        return abs(p - q) <= tolerance
    }
}
