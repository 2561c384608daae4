internal import Text

/// Why the next job of a plotter does not begin although it may: the disk of the spool.
struct DiskTrouble: Equatable, Sendable {
    var isFull: Bool
    /// For people.
    var sentence: String

    /// `status` is what a request is answered that needs the disk.
    var json: JSONValue { .object([("status", .integer(isFull ? 507 : 503)), ("detail", .string(sentence))]) }
}
