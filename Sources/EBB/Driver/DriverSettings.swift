/// How a driver behaves; times in ticks of 40 µs on the link's clock.
public struct DriverSettings: Equatable, Sendable {
    /// Commands kept waiting in the board's queue, where it has a deep one.
    public var queueDepth = 32
    /// Motion kept queued at most: what a pause has to wait for.
    public var longestQueueTicks: Int64 = 2 * 25_000
    /// How long a reply may take beyond the motion that is queued.
    public var replyTicks: Int64 = 30_000
    /// Sum under every command where the firmware can check it (3.0).
    public var usesChecksum = true
    /// After a lost link: go on by oneself if the board proves that nothing was lost.
    public var resumesByItself = true
    /// Written to the board's scratch memory when a run begins that has no mark of its own; a board that was reset has
    /// 0. 1…255.
    public var session: UInt8 = 0xA5
    /// Time between two reports of progress.
    public var reportTicks: Int64 = 2_500
    /// Time between two looks at the board's button and state while plotting; 0 = never.
    public var watchTicks: Int64 = 5_000
    /// How fast a motor may be slowed down for a pause in mid-stroke and sped up after it, steps/s².
    public var rampAcceleration = 40_000.0
    /// Readings of the motor supply (`QC`) below this mean that the motors have no power; 200 is 6.2 V.
    public var lowestSupplyCounts = 200

    public init() {}
}
