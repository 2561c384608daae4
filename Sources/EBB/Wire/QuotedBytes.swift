/// Bytes from the wire as a person can read them in an error: ASCII as it is, all else as `\r`, `\n`, `\xNN`.
struct QuotedBytes: Sendable {
    let text: String

    init(_ bytes: some Sequence<UInt8>) {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x0D: text += "\\r"
            case 0x0A: text += "\\n"
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            case _: text += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16, uppercase: true)
            }
        }
        self.text = text
    }
}
