/// Why the configuration cannot be used, with its place.
struct ConfigurationFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// File or variable.
    var source: String
    /// 1-based; nil for the environment.
    var line: Int?
    var reason: String
    var description: String { source + (line.map { ", line \($0)" } ?? "") + ": " + reason }
}
