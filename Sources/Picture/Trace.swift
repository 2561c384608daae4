/// What the paper saw, thinned: where the carriage was, when, and whether the pen touched.
///
/// From vertex `i` to `i + 1` the carriage moves so straight that no executed step lies more than one motor step
/// beside the line. Memory: 24 bytes a vertex.
public struct Trace: Sendable {
    public struct Vertex: Hashable, Sendable {
        /// Ticks of 40 µs since the board was switched on.
        public var tick: Int64
        /// Executed motor position in microsteps of 1/16 since the board was switched on (`CS` and `EM` do not zero it).
        public var motor1: Int32
        public var motor2: Int32
        /// Whether the pen touches the paper from here to the next vertex.
        public var isTouching: Bool

        public init(tick: Int64, motor1: Int32, motor2: Int32, isTouching: Bool) {
            self.tick = tick
            self.motor1 = motor1
            self.motor2 = motor2
            self.isTouching = isTouching
        }
    }

    public var vertices: [Vertex] = []

    public init() {}
}
