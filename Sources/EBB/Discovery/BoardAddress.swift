/// One EiBotBoard as udev shows it.
public struct BoardAddress: Hashable, Sendable {
    /// `/dev/ttyACM0`: changes from plug to plug.
    public var path: String
    /// Nickname in the board's flash, from the USB descriptors; empty when none is set.
    public var name: String
    /// Place in the tree of USB sockets (`1-2.4`): stays with the socket.
    public var socket: String

    public init(path: String, name: String, socket: String) {
        self.path = path
        self.name = name
        self.socket = socket
    }

    /// What stays with a board: its nickname, else the socket it is plugged into.
    public var identity: String { name.isEmpty ? "usb:\(socket)" : "name:\(name)" }

    static let vendor = "04d8"
    static let product = "fd92"
    private static let productName = "EiBotBoard"

    /// A board by what its USB device says of itself; nil when it is none.
    ///
    /// Vendor and product decide; a board with other numbers is taken by its product string. The nickname is the serial
    /// string, or follows the comma of the product string (firmware before 2.5.5 has neither).
    init?(path: String, socket: String, vendor: String?, product: String?, productText: String?, serial: String?) {
        let isByNumbers = vendor?.lowercased() == Self.vendor && product?.lowercased() == Self.product
        let isByText = productText?.hasPrefix(Self.productName) ?? false
        guard isByNumbers || isByText else { return nil }
        var name = serial ?? ""
        if name.isEmpty, let text = productText, let comma = text.firstIndex(of: ",") {
            name = String(text[text.index(after: comma)...])
        }
        self.init(path: path, name: Self.cleaned(name), socket: socket)
    }

    /// Printable ASCII only, at most 16 characters: the name goes into logs, paths and pages.
    static func cleaned(_ name: String) -> String {
        let kept = name.utf8.filter { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "/") }
        let trimmed = String(decoding: kept.prefix(16), as: UTF8.self).split(separator: " ").joined(separator: " ")
        return trimmed == "." || trimmed == ".." ? "" : trimmed
    }
}
