/// Which addresses a request may be sent to, decided on the address itself after a name has been looked up: a name that
/// others control may lead anywhere, also into this machine's own network.
package struct AddressRule: Sendable {
    private let isOpen: Bool
    private let listed: Set<String>

    /// Every address: for servers that the person at the machine has named herself.
    package static let any = AddressRule(isOpen: true, listed: [])

    /// Public addresses, and of the others those that are listed, by themselves or by a range.
    package static func `public`(and listed: [String] = []) -> AddressRule {
        AddressRule(isOpen: false, listed: Set(listed))
    }

    /// Whether this address (in digits) may be connected to.
    package func permits(_ address: String) -> Bool { isOpen || Self.isPublic(address) || listed.lists(address) }

    /// Networks that are not the internet: this machine, private networks, links, groups, examples, and IPv4 hidden in
    /// IPv6 (RFC 6890 and the registries of special-purpose addresses that it set up).
    private static let special: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    ].compactMap { AddressRange($0) }
    /// Where public addresses of IPv6 lie.
    private static let global = AddressRange("2000::/3")

    private static func isPublic(_ address: String) -> Bool {
        // What is no address is not public either.
        guard let range = AddressRange(address), !address.contains("/") else { return false }
        if special.contains(where: { $0.contains(address) }) { return false }
        return range.isFourBytes || global?.contains(address) == true
    }
}
