internal import Text

/// Where a request goes: a server, and what is asked of it. Read from an address as people write it.
package struct HTTPLocation: Hashable, Sendable {
    /// The server.
    package enum Server: Hashable, Sendable {
        /// `host` is a name or an address; of IPv6 in brackets.
        case internet(host: String, port: Int, isSecure: Bool)
        case unix(path: String)
    }

    package let server: Server
    /// Path and query, beginning with a slash; empty where the address ends with its server.
    package let target: String

    /// Longest address that is read, bytes.
    private static let longest = 2048

    package init(_ server: Server, target: String) {
        self.server = server
        self.target = target
    }

    /// The same server asked for something else: a path that begins with a slash, in visible ASCII; nil for any other.
    package func at(_ target: String) -> HTTPLocation? {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !target.contains("#")
        else {
            return nil
        }
        return HTTPLocation(server, target: target)
    }

    /// `http://HOST[:PORT][/PATH][?QUERY]`, the same with `https`, or `unix:PATH`; nil for anything else. Names and
    /// passwords in it, fragments and blanks are refused rather than guessed at.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
            server = .unix(path: path)
            target = ""
            return
        }
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var host = String(rest[..<end])
        var target = String(rest[end...])
        guard !target.contains("#") else { return nil }
        if target.hasPrefix("?") { target = "/" + target }
        var port = isSecure ? 443 : 80
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let value = ASCII.decimal(host[host.index(after: colon)...].utf8), (1...65535).contains(value)
            else { return nil }
            port = value
            host = String(host[..<colon])
        }
        guard Self.isHost(host) else { return nil }
        server = .internet(host: host, port: port, isSecure: isSecure)
        self.target = target
    }

    /// A name of letters, digits, dots, hyphens and underscores, or an address of IPv6 in brackets.
    private static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return text.utf8.count > 2 && AddressRange(String(text.dropFirst().dropLast())) != nil && text.contains(":")
                && !text.contains("/")
        }
        return (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0))
                    || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0)
            }
    }

    /// The server as people write it.
    package var origin: String {
        switch server {
        case .internet(let host, let port, let isSecure): "\(isSecure ? "https" : "http")://\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The whole as a program reads it: without the port where it is the usual one.
    package var text: String {
        switch server {
        case .internet(_, _, let isSecure): "\(isSecure ? "https" : "http")://\(hostField)\(target)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The Host field.
    package var hostField: String {
        switch server {
        case .internet(let host, let port, let isSecure): port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
        case .unix: "localhost"
        }
    }
}
