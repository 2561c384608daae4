internal import Foundation
internal import HTTP

/// Where a running daemon is reached.
struct DaemonAddress: Equatable, Sendable {
    private let base: HTTPLocation
    /// What stands before every path; empty, or a path without a slash at its end.
    let prefix: String

    /// `http://HOST[:PORT][/PREFIX]`, the same with `https` where a proxy speaks it, or `unix:PATH`; nil for anything else.
    init?(_ text: String) {
        guard let base = HTTPLocation(text), !base.target.contains("?") else { return nil }
        self.base = base
        var prefix = base.target
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.prefix = prefix
    }

    /// A socket in the file system.
    static func unix(path: String) -> DaemonAddress {
        DaemonAddress(base: HTTPLocation(.unix(path: path), target: ""), prefix: "")
    }

    static func internet(host: String, port: Int, prefix: String) -> DaemonAddress {
        DaemonAddress(
            base: HTTPLocation(.internet(host: host, port: port, isSecure: false), target: ""), prefix: prefix)
    }

    private init(base: HTTPLocation, prefix: String) {
        self.base = base
        self.prefix = prefix
    }

    static func == (a: Self, b: Self) -> Bool { a.text == b.text }

    /// As people write it.
    var text: String { base.origin + prefix }

    /// A path (with its query) of the daemon; nil for one that cannot be asked for.
    func location(_ path: String) -> HTTPLocation? { base.at(prefix + path) }

    /// Where the installed service listens: by itself, or through systemd.
    static let serviceSockets = ["/run/axidrawd/socket", "/run/axidrawd.socket"]

    /// By flag, variable, runtime socket of this user or service, else the standard port.
    static func choice(flag: String?, environment: [String: String]) throws(UsageError) -> DaemonAddress {
        for (name, text) in [("--url", flag), ("AXIDRAWD_URL", environment["AXIDRAWD_URL"])] {
            guard let text, !text.isEmpty else { continue }
            guard let address = DaemonAddress(text) else {
                throw .badValue(name: name, value: text, expected: "http://HOST:PORT, https://HOST or unix:PATH")
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
