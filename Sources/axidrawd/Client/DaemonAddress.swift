internal import Foundation
internal import Text

/// Where a running daemon is reached.
enum DaemonAddress: Equatable, Sendable {
    case internet(host: String, port: Int, prefix: String)
    case unix(path: String)

    /// `http://HOST[:PORT][/PREFIX]` or `unix:PATH`; nil for anything else, https too: a proxy is for browsers.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            guard text.utf8.count > 5 else { return nil }
            self = .unix(path: String(text.dropFirst(5)))
            return
        }
        guard text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(7)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = String(rest[..<slash])
        var prefix = String(rest[slash...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard !authority.isEmpty, !authority.contains("@"), !prefix.contains("?"), !prefix.contains("#") else {
            return nil
        }
        var port = 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let value = ASCII.decimal(authority[authority.index(after: colon)...].utf8),
                (1...65535).contains(value)
            else { return nil }
            port = value
            authority = String(authority[..<colon])
        }
        self = .internet(host: authority, port: port, prefix: prefix)
    }

    /// As people write it.
    var text: String {
        switch self {
        case .internet(let host, let port, let prefix): "http://\(host):\(port)\(prefix)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// What stands before every path.
    var prefix: String { if case .internet(_, _, let prefix) = self { prefix } else { "" } }

    /// The Host field.
    var hostField: String {
        switch self {
        case .internet(let host, let port, _): port == 80 ? host : "\(host):\(port)"
        case .unix: "localhost"
        }
    }

    /// Where the installed service listens: by itself, or through systemd.
    static let serviceSockets = ["/run/axidrawd/socket", "/run/axidrawd.socket"]

    /// By flag, variable, runtime socket of this user or service, else the standard port.
    static func choice(flag: String?, environment: [String: String]) throws(UsageError) -> DaemonAddress {
        for (name, text) in [("--url", flag), ("AXIDRAWD_URL", environment["AXIDRAWD_URL"])] {
            guard let text, !text.isEmpty else { continue }
            guard let address = DaemonAddress(text) else {
                throw .badValue(name: name, value: text, expected: "http://HOST:PORT or unix:PATH")
            }
            return address
        }
        for isSimulated in [false, true] {
            let paths = DaemonPaths(environment: environment, isSimulated: isSimulated)
            if let socket = paths.socket, FileManager.default.fileExists(atPath: socket) { return .unix(path: socket) }
        }
        for path in serviceSockets where FileManager.default.isWritableFile(atPath: path) { return .unix(path: path) }
        return .internet(host: "127.0.0.1", port: 8080, prefix: "")
    }
}
