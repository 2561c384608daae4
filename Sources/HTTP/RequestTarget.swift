internal import Text

/// The target of a request (RFC 9112 §3.2), cut into raw segments; nothing is decoded before it is routed.
package struct RequestTarget: Equatable, Sendable {
    /// `*`, for OPTIONS only.
    package var isAsterisk = false
    /// Between the slashes, as sent; `/` is one empty segment.
    package var segments: [[UInt8]] = []
    /// After `?`, as sent.
    package var rawQuery: [UInt8] = []
    /// Of an absolute-form target; it takes the place of Host.
    package var authority: String?

    /// The path as sent, for logs and the `instance` of problems, without the secret of a button's address.
    package var path: String {
        if isAsterisk { return "*" }
        let isButton = segments.count > 3 && segments.starts(with: [Array("v1".utf8), Array("webhooks".utf8)])
        let shown = isButton ? segments.prefix(3) + [Array("…".utf8)] : segments[...]
        return shown.map { "/" + String(decoding: $0, as: UTF8.self) }.joined()
    }

    package init() {}

    package init(_ bytes: ArraySlice<UInt8>, method: String) throws(HTTPError) {
        if bytes.elementsEqual([UInt8(ascii: "*")]) {
            guard method == "OPTIONS" else { throw .malformed("The target * is for OPTIONS only.") }
            isAsterisk = true
            return
        }
        guard !bytes.contains(UInt8(ascii: "#")) else { throw .malformed("A target has no fragment.") }
        var rest = bytes
        if rest.first != ASCII.slash { rest = try readAuthority(rest) }
        if let question = rest.firstIndex(of: UInt8(ascii: "?")) {
            rawQuery = Array(rest[(question + 1)...])
            rest = rest[..<question]
        }
        try readPath(rest)
    }

    /// Scheme and authority of absolute-form; returns what follows, beginning with a slash or question mark.
    private mutating func readAuthority(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> ArraySlice<UInt8> {
        let schemes = ["http://", "https://"]
        let lowered = bytes.prefix(8).map(ASCII.lowercased)
        guard let scheme = schemes.first(where: { lowered.starts(with: $0.utf8) }) else {
            throw .malformed("The target must begin with a slash.")
        }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == ASCII.slash || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        authority = String(decoding: rest[..<end], as: UTF8.self)
        return end == rest.endIndex ? [ASCII.slash] : rest[end...]
    }

    private mutating func readPath(_ bytes: ArraySlice<UInt8>) throws(HTTPError) {
        let path = bytes.first == ASCII.slash ? bytes.dropFirst() : bytes
        segments = path.split(separator: ASCII.slash, omittingEmptySubsequences: false).map(Array.init)
        for segment in segments {
            guard let decoded = ASCII.percentDecoded(segment), ASCII.text(decoded) != nil else {
                throw .malformed("The path is not percent-encoded UTF-8.")
            }
            guard !decoded.contains(0), !decoded.contains(ASCII.slash) else {
                throw .malformed("The path hides a slash or NUL.")
            }
            guard decoded != [0x2E], decoded != [0x2E, 0x2E] else { throw .malformed("The path has dot segments.") }
        }
        for piece in [rawQuery] {
            guard let decoded = ASCII.percentDecoded(piece), ASCII.text(decoded) != nil, !decoded.contains(0)
            else { throw .malformed("The query is not percent-encoded UTF-8.") }
        }
    }

    /// Names and values of the query, decoded once, in order; `+` is a space as forms write it.
    package var query: [(name: String, value: String)] {
        rawQuery.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.formDecoded(parts[0]), parts.count > 1 ? Self.formDecoded(parts[1]) : "")
        }
    }

    /// A value as it stands in a query.
    package static func queryEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte)) || byte == 0x2D
                || byte == 0x2E || byte == 0x5F || byte == 0x7E
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + String(Int(byte) + 256, radix: 16).dropFirst()
        }.joined()
    }

    private static func formDecoded(_ bytes: ArraySlice<UInt8>) -> String {
        let spaced = bytes.map { $0 == UInt8(ascii: "+") ? ASCII.space : $0 }
        return String(decoding: ASCII.percentDecoded(spaced) ?? spaced, as: UTF8.self)
    }
}
