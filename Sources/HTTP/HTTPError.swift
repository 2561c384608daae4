/// Why a message is refused before any route sees it. After each of them the connection closes.
package enum HTTPError: Error, Equatable, Sendable {
    case malformed(String)
    case requestLineTooLong
    case headTooLarge(String)
    case bodyTooLarge(limit: Int)
    case unknownCoding
    case unsupportedVersion
    case timedOut(String)
}

extension HTTPError {
    /// The answer a client gets.
    package var problem: Problem {
        switch self {
        case .malformed(let detail): .malformed(detail)
        case .requestLineTooLong:
            Problem(414, "target-too-long", "Request line too long", "The request line may have 8192 bytes.")
        case .headTooLarge(let detail): Problem(431, "head-too-large", "Request head too large", detail)
        case .bodyTooLarge(let limit):
            Problem(413, "body-too-large", "Body too large", Self.sentence(limit))
        case .unknownCoding:
            Problem(501, "unknown-coding", "Transfer coding unknown", "Only the transfer coding chunked is known.")
        case .unsupportedVersion:
            Problem(505, "unsupported-version", "HTTP version not supported", "Speak HTTP/1.1.")
        case .timedOut(let detail): Problem(408, "timed-out", "Request took too long", detail)
        }
    }

    /// A limit as people count it, and the way to stay below it.
    private static func sentence(_ limit: Int) -> String {
        guard limit >= 1 << 20 else { return "This route takes at most \(max(1, limit >> 10)) KiB." }
        return
            "This route takes at most \(limit >> 20) MiB. A drawing may be sent compressed by gzip (.svgz), which makes it"
            + " five to ten times smaller; limits.uploadMebibytes of the settings raises the limit."
    }
}
