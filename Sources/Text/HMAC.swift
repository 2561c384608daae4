/// Keyed hashing over SHA-256 (RFC 2104), for signatures of messages.
package enum HMAC {
    /// The authentication code of a message, 32 bytes.
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        // A key longer than a block of the hash counts as its digest.
        let key = key.count > 64 ? SHA256.digest(key) : key
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        var inner = SHA256()
        inner.update(padded.map { $0 ^ 0x36 })
        inner.update(message)
        var outer = SHA256()
        outer.update(padded.map { $0 ^ 0x5C })
        outer.update(inner.finish())
        return outer.finish()
    }
}
