internal import EBB

/// Turns host time into board ticks at a speed.
///
/// Pure: time comes in as an argument. A board asked at host time t has run `tick(at: t)` ticks.
public struct SimulatedClock: Sendable {
    /// Simulated seconds per second; 1 = real time.
    public let speed: Double
    private var originTick: Int64
    private var originNanoseconds: UInt64

    public init(speed: Double, startingAt nanoseconds: UInt64, tick: Int64 = 0) {
        self.speed = speed > 0 ? speed : 1
        originTick = tick
        originNanoseconds = nanoseconds
    }

    /// Tick that is over at host time `nanoseconds`.
    public func tick(at nanoseconds: UInt64) -> Int64 {
        let passed = nanoseconds > originNanoseconds ? Double(nanoseconds - originNanoseconds) : 0
        let ticks = passed * speed * Double(BoardClock.ticksPerSecond) / 1e9
        return originTick + Int64(min(ticks, 0x1p60))
    }

    /// Host time at which `tick` is over.
    public func nanoseconds(at tick: Int64) -> UInt64 {
        let seconds = Double(max(0, tick - originTick)) / (speed * Double(BoardClock.ticksPerSecond))
        return originNanoseconds + UInt64(min((seconds * 1e9).rounded(.up), 0x1p62))
    }
}
