/// A command in the motion queue.
struct QueuedCommand: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        case motion(MotionLoad)
        /// `SM` with no steps.
        case delay
        case servo(ServoMove)
        /// `EM`.
        case motors(UInt8, UInt8)
        /// `SE` with queue = 1.
        case output(isOn: Bool, power: UInt16)
    }

    var action: Action
    /// Ticks that everything but motion takes, at least 1.
    var ticks: Int64
    /// Which command of the stream it belongs to.
    var index: Int
    /// SM, XM, LM, HM: what `ES` can stop on 2.x.
    var isStepCounted: Bool {
        if case .motion(let load) = action { return load.duration == nil }
        return false
    }
}

/// A servo pulse to go to.
struct ServoMove: Hashable, Sendable {
    /// Pulse in 1/12 µs.
    var pulse: UInt16
    /// Remappable pin; RP4 = RB1 is the pen servo's.
    var pin: UInt8
    /// Change of pulse per output period; 0 = jump.
    var rate: UInt16
    /// Whether it came from `SP` or `TP` and follows a later "all pen moves up" (`SP,3`).
    var isPen: Bool
}
