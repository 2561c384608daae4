internal import Simulator

/// How fast a drawing is drawn on a virtual board by the program itself: at once, unless somebody wants to look on.
enum SimulatedSpeed {
    static let flag = Flag(
        "speed", .wordOr(["realtime", "max"], .number(0.01...10_000, "N")), "how fast simulated time passes",
        standard: "max")

    static func of(_ invocation: Invocation) -> Loopback.Speed {
        if let factor = invocation.number("speed") { return .times(factor) }
        return invocation.text("speed") == "realtime" ? .realTime : .maximum
    }
}
