/// Where a request that may be repeated came from, so that a repeat finds the first answer.
struct IdempotencyMark: Codable, Equatable, Sendable {
    var key: String
    /// SHA-256 of method, path and body, hex.
    var digest: String
}
