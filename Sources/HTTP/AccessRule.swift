/// Who needs a key.
package enum AccessRule: String, CaseIterable, Sendable {
    /// Nobody.
    case open
    /// Everybody but who comes from this machine: by loopback without a forwarding field, or by the Unix socket.
    case local
    /// Everybody but who comes by the Unix socket.
    case keys
}
