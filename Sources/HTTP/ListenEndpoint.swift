internal import Text

/// Where to listen: a host or address with a port, `unix:PATH`.
package struct ListenEndpoint: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case internet(host: String, port: Int)
        case unix(path: String)
    }

    package var kind: Kind

    /// As people write it.
    package var text: String {
        switch kind {
        case .internet(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Whether only this machine can reach it.
    package var isLocal: Bool {
        switch kind {
        case .internet(let host, _): Access.isLoopback(host) || host == "::1"
        case .unix: true
        }
    }

    package init(_ kind: Kind) { self.kind = kind }

    /// `HOST:PORT`, `[ADDRESS]:PORT`, `:PORT` for all addresses, `unix:PATH`; nil for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { return nil }
            kind = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = ASCII.decimal(text[text.index(after: colon)...].utf8), port <= 65535
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.contains("["), !host.contains("]") else { return nil }
        kind = .internet(host: host, port: port)
    }
}
