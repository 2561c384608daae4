/// Where a request that may be repeated came from, so that a repeat finds the first answer.
package struct IdempotencyMark: Codable, Equatable, Sendable {
    package var key: String
    /// SHA-256 of method, path and body, hex.
    package var digest: String

    package init(key: String, digest: String) {
        self.key = key
        self.digest = digest
    }
}
