internal import Text

/// What listed proxies say about the client behind them, last hop first; nobody else is believed.
///
/// `Forwarded` (RFC 7239) and the `X-Forwarded-` fields are both read. A proxy that writes one kind passes the other
/// on as the client sent it, so where both are there and differ, neither counts.
package struct Forwarded: Equatable, Sendable {
    /// Address of the client that the outermost listed proxy saw; the peer itself without a proxy.
    package var client: String
    /// Whether the client speaks https to that proxy.
    package var isSecure = false
    /// Host with its port as the client sees it, in lower case; nil where no listed proxy says.
    package var host: String?

    /// One proxy's word about who came to it.
    private struct Hop {
        var client: String?
        var scheme: String?
        var host: String?
    }

    package init(client: String) { self.client = client }

    /// - Parameter proxies: addresses and ranges of addresses whose word counts, and `unix` for all Unix sockets.
    package init(_ head: RequestHead, peer: PeerAddress, proxies: Set<String>) {
        let plain = Forwarded(client: peer.description)
        self = plain
        guard proxies.lists(peer.description) else { return }
        let standard = Self.standardHops(head)
        let customary = Self.customaryHops(head)
        follow(standard ?? customary ?? [], proxies)
        if standard != nil, let customary {
            var other = plain
            other.follow(customary, proxies)
            if other != self { self = plain }
        }
    }

    /// Believes the last hop, and the one before it while the hop's client is itself a listed proxy.
    private mutating func follow(_ hops: [Hop], _ proxies: Set<String>) {
        for hop in hops.reversed() {
            if let scheme = hop.scheme { isSecure = scheme == "https" }
            if let host = hop.host { self.host = host }
            guard let client = hop.client else { return }
            self.client = client
            guard proxies.lists(client) else { return }
        }
    }

    // MARK: The X-Forwarded- fields

    /// Three lists that are aligned at their ends; nil if none is sent.
    private static func customaryHops(_ head: RequestHead) -> [Hop]? {
        let names = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
        guard head.fields.contains(where: { names.contains($0.name) }) else { return nil }
        let lists = names.map { list(head, $0) }
        let count = lists.map(\.count).max() ?? 0
        return (0..<count).reversed().map { fromEnd in
            func item(_ k: Int) -> String? {
                fromEnd < lists[k].count ? lists[k][lists[k].count - 1 - fromEnd] : nil
            }
            return Hop(
                client: item(0).flatMap(address), scheme: item(1).flatMap(scheme), host: item(2).flatMap(host))
        }
    }

    private static func list(_ head: RequestHead, _ name: String) -> [String] {
        guard let value = head.value(name) else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map {
            String(decoding: ASCII.trimmed(ArraySlice($0.utf8)), as: UTF8.self)
        }
    }

    // MARK: Forwarded

    /// The elements of `Forwarded`; none where it is malformed, nil if it is not sent.
    private static func standardHops(_ head: RequestHead) -> [Hop]? {
        guard let value = head.value("forwarded") else { return nil }
        var hops: [Hop] = []
        for element in split(value, at: ",") {
            var hop = Hop()
            for pair in split(element, at: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let content = unquoted(String(parts[1])) else { return [] }
                switch parts[0].lowercased() {
                case "for": hop.client = address(content)
                case "proto": hop.scheme = scheme(content)
                case "host": hop.host = host(content)
                default: break
                }
            }
            hops.append(hop)
        }
        return hops
    }

    /// Pieces between separators outside quotes, without the spaces around them.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == separator, !isQuoted {
                pieces.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\" && !isEscaped
            pieces[pieces.count - 1].append(character)
        }
        return pieces.map { String(decoding: ASCII.trimmed(ArraySlice($0.utf8)), as: UTF8.self) }
    }

    /// A token as it is, a quoted string without its quotes; nil for anything else.
    private static func unquoted(_ text: String) -> String? {
        guard text.hasPrefix("\"") else { return !text.isEmpty && text.utf8.allSatisfy(ASCII.isToken) ? text : nil }
        guard text.utf8.count >= 2, text.hasSuffix("\"") else { return nil }
        let inner = text.dropFirst().dropLast()
        // What we look for needs no escapes.
        return inner.contains("\"") || inner.contains("\\") ? nil : String(inner)
    }

    // MARK: Values

    /// An address without brackets and port; nil for `unknown`, hidden names and all else.
    private static func address(_ text: String) -> String? {
        var name = text[...]
        if name.hasPrefix("[") {
            guard let close = name.firstIndex(of: "]") else { return nil }
            name = name[name.index(after: name.startIndex)..<close]
        } else if name.filter({ $0 == ":" }).count == 1 {
            name = name.prefix { $0 != ":" }
        }
        let lowered = name.lowercased()
        let isColoned =
            lowered.contains(":")
            && lowered.utf8.allSatisfy { ASCII.hexDigit($0) != nil || $0 == 0x3A || $0 == 0x2E }
        return isColoned || Access.isAddress(lowered) ? lowered : nil
    }

    private static func scheme(_ text: String) -> String? {
        let lowered = text.lowercased()
        return lowered == "http" || lowered == "https" ? lowered : nil
    }

    private static func host(_ text: String) -> String? {
        RequestHead.hostName(of: text) == nil ? nil : text.lowercased()
    }
}
