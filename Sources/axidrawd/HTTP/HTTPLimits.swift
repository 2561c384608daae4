/// What a client may send and how long it may take. Sizes in bytes, times in milliseconds.
struct HTTPLimits: Equatable, Sendable {
    var requestLine = 8 * 1024
    var field = 8 * 1024
    var head = 32 * 1024
    var fields = 100
    var chunkExtension = 256
    var trailers = 8 * 1024

    /// The head must be complete so long after its first byte.
    var headMilliseconds: Int64 = 10_000
    /// A body is not measured in its first moments, then must come at `bodyBytesPerSecond`.
    var bodyGraceMilliseconds: Int64 = 10_000
    var bodyBytesPerSecond: Int64 = 1024
    var bodyMilliseconds: Int64 = 600_000
    /// A reader that takes nothing for so long is cut off.
    var writeMilliseconds: Int64 = 30_000
    var idleMilliseconds: Int64 = 75_000
    /// After a refusal the rest is read and dropped, so that the client sees the answer and not a reset.
    var drainMilliseconds: Int64 = 1_000
    var drainBytes = 64 * 1024

    var connections = 1024
    var connectionsPerAddress = 256
    /// Bodies of all connections together: a bound on memory that clients can take.
    var bodiesInFlight = 128 * 1024 * 1024
    /// An event reader that falls so far behind is closed and comes back through the ring.
    var eventBacklog = 64 * 1024
    var eventHeartbeatMilliseconds: Int64 = 15_000
}
