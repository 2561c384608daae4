/// What a client may send and how long it may take. Sizes in bytes, times in milliseconds.
package struct HTTPLimits: Equatable, Sendable {
    package var requestLine = 8 * 1024
    package var field = 8 * 1024
    package var head = 32 * 1024
    package var fields = 100
    package var chunkExtension = 256
    package var trailers = 8 * 1024

    /// The head must be complete so long after its first byte.
    package var headMilliseconds: Int64 = 10_000
    /// A body is not measured in its first moments, then must come at `bodyBytesPerSecond`.
    package var bodyGraceMilliseconds: Int64 = 10_000
    package var bodyBytesPerSecond: Int64 = 1024
    package var bodyMilliseconds: Int64 = 600_000
    /// A reader that takes nothing for so long is cut off.
    package var writeMilliseconds: Int64 = 30_000
    package var idleMilliseconds: Int64 = 75_000
    /// Who has said nothing since it came goes sooner, and at once when there is no room.
    package var silentMilliseconds: Int64 = 10_000
    /// After a refusal the rest is read and dropped, so that the client sees the answer and not a reset.
    package var drainMilliseconds: Int64 = 1_000
    package var drainBytes = 64 * 1024

    /// Who has been answered and asks nothing more gives way after so long when there is no room, as who says nothing does.
    package var idleYieldMilliseconds: Int64 = 30_000

    package var connections = 1024
    package var connectionsPerAddress = 256
    /// Places beyond `connections` for who comes from this machine, and as many again for the Unix socket alone: a crowd
    /// outside, or on loopback, keeps nobody from Stop.
    package var localReserve = 32
    /// Of a drawing that is handed in, on routes that say `Route.drawingBody`.
    package var drawingBody = Route.drawingBody
    /// Bodies of all connections together: a bound on memory that clients can take.
    package var bodiesInFlight = 128 * 1024 * 1024
    /// Large answers that wait to be taken, all together and of one client: who asks and does not read takes no memory
    /// without bound. One alone always passes.
    package var answersInFlight = 64 * 1024 * 1024
    package var answersPerClient = 32 * 1024 * 1024
    /// Who has taken nothing of a large answer for so long is cut off when others wait for the room.
    package var stuckMilliseconds: Int64 = 3_000
    /// Smaller answers are not counted.
    package var largeAnswer = 64 * 1024
    /// An event reader that falls so far behind is closed and comes back through the ring.
    package var eventBacklog = 64 * 1024
    package var eventHeartbeatMilliseconds: Int64 = 15_000

    package init() {}

    /// What a body of the route may have, bytes.
    func body(of route: Route) -> Int { route.bodyLimit == Route.drawingBody ? drawingBody : route.bodyLimit }
}
