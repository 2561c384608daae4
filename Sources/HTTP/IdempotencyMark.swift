/// Where a request that may be repeated came from, so that a repeat finds the first answer.
package struct IdempotencyMark: Codable, Equatable, Sendable {
    package var key: String
    /// SHA-256 of method, path and body, hex.
    package var digest: String

    /// Seconds that daemons have run on this spool until the request came; nil in what earlier versions wrote.
    package var ran: Int?

    package init(key: String, digest: String, ran: Int? = nil) {
        self.key = key
        self.digest = digest
        self.ran = ran
    }
}
