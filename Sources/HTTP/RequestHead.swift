internal import Text

/// Request line and fields, checked; what is decided from them alone.
package struct RequestHead: Equatable, Sendable {
    /// How the body is delimited.
    package enum Framing: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    package struct Field: Equatable, Sendable {
        /// In lower case.
        package var name: String
        package var value: String
    }

    package var method: String
    package var target: RequestTarget
    /// Minor version: 0 or 1.
    package var minorVersion: Int
    package var fields: [Field]
    package var framing = Framing.none
    /// Name part of Host in lower case, without port; nil only in HTTP/1.0.
    package var hostName: String?
    /// Host as sent, with its port.
    package var host: String?

    /// The only value of a field, or of several the values joined with a comma.
    package func value(_ name: String) -> String? {
        var result: String?
        for field in fields where field.name == name {
            result = result.map { $0 + ", " + field.value } ?? field.value
        }
        return result
    }

    /// Every value of a field, one per line sent.
    package func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Whether a comma-separated field holds a token, whatever its case.
    package func has(_ token: String, in name: String) -> Bool {
        values(name).contains { value in
            value.split(separator: ",").contains {
                String(decoding: ASCII.trimmed(ArraySlice($0.utf8)), as: UTF8.self).lowercased() == token
            }
        }
    }

    /// Whether the connection may carry another request after this one.
    package var keepsAlive: Bool { minorVersion == 1 && !has("close", in: "connection") }

    /// Media type of the body in lower case, without parameters.
    package var contentType: String? {
        guard let value = value("content-type") else { return nil }
        let type = value.prefix { $0 != ";" }
        return String(decoding: ASCII.trimmed(ArraySlice(type.utf8)), as: UTF8.self).lowercased()
    }

    /// Coding of the body in lower case, `x-gzip` by its newer name; nil if it is sent as it is.
    package var contentCoding: String? {
        guard let value = value("content-encoding")?.lowercased(), value != "identity" else { return nil }
        return value == "x-gzip" ? "gzip" : value
    }

    /// Decides host and framing once all fields are there (RFC 9112 §6.3, RFC 9110 §7.2).
    package mutating func settle() throws(HTTPError) {
        try settleHost()
        try settleFraming()
    }

    private mutating func settleHost() throws(HTTPError) {
        let hosts = values("host")
        guard hosts.count <= 1 else { throw .malformed("Host is given more than once.") }
        guard let sent = hosts.first else {
            if minorVersion == 1 { throw .malformed("Host is missing.") }
            return
        }
        guard Self.hostName(of: sent) != nil else { throw .malformed("Host is not a name with an optional port.") }
        let effective = target.authority ?? sent
        guard let name = Self.hostName(of: effective) else {
            throw .malformed("The target's host is not a name with an optional port.")
        }
        hostName = name
        host = effective
    }

    private mutating func settleFraming() throws(HTTPError) {
        let codings = values("transfer-encoding")
        let lengths = values("content-length")
        if !codings.isEmpty {
            guard minorVersion == 1 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
            guard lengths.isEmpty else { throw .malformed("Transfer-Encoding and Content-Length exclude each other.") }
            guard codings.count == 1, let coding = codings.first else {
                throw .malformed("Transfer-Encoding is given more than once.")
            }
            if coding.lowercased() != "chunked" {
                if coding.utf8.isEmpty || coding.lowercased().contains("chunked") {
                    throw .malformed("Transfer-Encoding must be chunked, once.")
                }
                throw .unknownCoding
            }
            framing = .chunked
            return
        }
        guard !lengths.isEmpty else { return }
        guard lengths.count == 1, let text = lengths.first, let length = ASCII.decimal(text.utf8) else {
            throw .malformed("Content-Length must be one number of 1 to 19 digits.")
        }
        framing = .length(length)
    }

    /// The name in `name[:port]` in lower case, brackets of an IPv6 address kept; nil if it is anything else.
    package static func hostName(of text: String) -> String? {
        let bytes = ArraySlice(text.utf8)
        let name: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 2 else { return nil }
            name = bytes[...close]
            let inner = name.dropFirst().dropLast()
            guard inner.allSatisfy({ ASCII.hexDigit($0) != nil || $0 == 0x3A || $0 == 0x2E }) else { return nil }
        } else {
            name = bytes.prefix { $0 != UInt8(ascii: ":") }
            guard !name.isEmpty, name.allSatisfy(isHostByte) else { return nil }
        }
        let rest = bytes[name.endIndex...]
        if !rest.isEmpty {
            let digits = rest.dropFirst()
            guard rest.first == UInt8(ascii: ":"), digits.count <= 5, let port = ASCII.decimal(digits),
                (1...65535).contains(port)
            else { return nil }
        }
        return String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
