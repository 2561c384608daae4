internal import Foundation
internal import Text

/// `Content-Digest` (RFC 9530), checked where a client sends it.
package enum ContentDigest {
    package static func check(_ request: HTTPRequest) throws(Problem) {
        guard let field = request.head.value("content-digest") else { return }
        for item in field.split(separator: ",") {
            let text = item.drop { $0 == " " }
            guard text.hasPrefix("sha-256=:"), text.hasSuffix(":") else { continue }
            let encoded = text.dropFirst("sha-256=:".count).dropLast()
            guard let sent = Data(base64Encoded: String(encoded)),
                SHA256.isEqual(Array(sent), SHA256.digest(request.body))
            else { throw .malformed("Content-Digest does not fit the body: it was damaged on the way.") }
        }
    }
}
