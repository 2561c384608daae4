internal import Foundation
internal import Text

/// What a batch scheduler hands to one run of `axidrawd task`: which drawing, for which press. Never the drawing itself.
struct TaskDescription: Equatable, Sendable {
    /// Name of a product.
    var product: String
    /// Unix time of the press in ms: its place in the line, and the seed of the drawing.
    var time: Int
    /// What the drawing is known by at the plotter: the same is never drawn twice.
    var ticket: String
    /// nil where whoever starts the task says it.
    var plotter: String?

    /// Most bytes that a scheduler carries.
    static let longest = 16_384
    /// The only one so far; what says no version is of the original installation and has two members.
    static let version = 1

    /// Why a description is none of ours.
    enum Failure: Error, Equatable {
        case tooLong(bytes: Int)
        case newer(version: Int)
        case notOurs(String)
    }
}

extension TaskDescription {
    var json: JSONValue {
        .object([
            ("version", .integer(Self.version)), ("product", .string(product)), ("ts", .integer(time)),
            ("ticket", .string(ticket)), ("plotter", plotter.map { .string($0) } ?? .null),
        ])
    }

    /// Reads what `json` writes, or `{"product", "ts"}` as the original installation wrote it.
    init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.longest else { throw .tooLong(bytes: bytes.count) }
        let value: JSONValue
        do { value = try JSONReader.read(bytes) } catch {
            throw .notOurs("line \(error.line), column \(error.column): \(error.reason)")
        }
        guard case .object(let members) = value else { throw .notOurs("it is no object") }
        // Told before what a newer program's members may be.
        try Self.check(version: value["version"])
        var known = ["product", "ts"]
        if value["version"] != nil { known += ["version", "ticket", "plotter"] }
        if let other = members.first(where: { !known.contains($0.0) }) {
            throw .notOurs("unknown member \(quoted(other.0))")
        }
        guard case .string(let product)? = value["product"], !product.isEmpty, product.utf8.count <= 256 else {
            throw .notOurs("product must be a name of 1 to 256 bytes")
        }
        guard case .integer(let time)? = value["ts"], time >= 0 else {
            throw .notOurs("ts must be a whole number of milliseconds")
        }
        self.product = product
        self.time = time
        switch value["plotter"] {
        case nil, .null: plotter = nil
        case .string(let name) where (1...64).contains(name.utf8.count): plotter = name
        default: throw .notOurs("plotter must be a name of 1 to 64 bytes")
        }
        switch value["ticket"] {
        case nil, .null: ticket = ""
        case .string(let text) where Self.isTicket(text): ticket = text
        default: throw .notOurs("ticket must be 1 to 128 letters, digits, dots, hyphens, underscores or slashes")
        }
    }

    private static func check(version: JSONValue?) throws(Failure) {
        switch version {
        case nil: return
        case .integer(Self.version): return
        case .integer(let newer) where newer > Self.version: throw .newer(version: newer)
        default: throw .notOurs("version must be \(Self.version)")
        }
    }

    private static func isTicket(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte)) || "._-/".utf8.contains(byte)
            }
    }

    /// The same with a plotter and a ticket, whichever of them it lacks.
    ///
    /// A ticket is made of what is drawn, not of the run that draws it: another run of the same must have the same.
    func completed(plotter: String) -> TaskDescription {
        var result = self
        result.plotter = plotter
        if ticket.isEmpty {
            let digest = SHA256.hexadecimal("\(plotter)\n\(product)\n\(time)".utf8)
            result.ticket = "task-\(time)-\(digest.prefix(16))"
        }
        return result
    }
}

extension TaskDescription.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .tooLong(let bytes): "it has \(bytes) bytes, at most \(TaskDescription.longest) are carried"
        case .newer(let version):
            "it is of version \(version), this program knows \(TaskDescription.version): install a newer axidrawd"
        case .notOurs(let reason): "it is none of ours: \(reason)"
        }
    }
}
