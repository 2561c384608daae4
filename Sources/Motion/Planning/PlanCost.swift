/// What ways of the pen cost, in seconds of the plan: the one price that order, starts and joins are compared by.
///
/// What the rule of motion decides is asked of `drawing` and `stops`; nothing else of ordering depends on it.
package struct PlanCost: Sendable {
    private let up: MachineProfile.Limits
    private let limits: MotionLimits
    private let rates: RateCaps
    private let times: PenTimes
    private let overlaps: Bool
    private let timesDrop: Bool
    private var pricesStops = true
    private var path = PathSpeeds()
    private var ring = RingSpeeds()
    /// Of motion by the acceleration vector; nil where it is by the line.
    private var curves: CurvePrice?

    /// - Parameter codes: of the layer that is drawn; they may change its speed and the height of the pen.
    package init(profile: MachineProfile, options: PlotOptions, codes: LayerCodes) {
        up = profile.penUp
        limits = MotionLimits(
            speed: codes.penDownSpeedPercent.map { $0 / 100 * profile.fullSpeed } ?? profile.penDown.speed,
            acceleration: profile.penDown.acceleration, junctionDeviation: profile.junctionDeviation,
            tolerance: options.tolerance)
        let motorSpeed = profile.maximumStepRate / profile.stepsPerMillimetre
        // What one motor's rate may jump by at a corner, steps/s: as commands are emitted.
        rates = RateCaps(motorSpeed: motorSpeed, motorSpeedStep: 2500 / profile.stepsPerMillimetre)
        times = PenTimes(
            profile: profile, options: options, downHeight: codes.penDownHeight(below: profile.penUpHeight))
        if options.motion == .physical {
            let curve = CurveLimits(
                speed: limits.speed, acceleration: limits.acceleration,
                cornerTolerance: max(options.tolerance, options.cornerTolerance * CurveLimits.shareOfCorners.signed),
                tolerance: options.tolerance)
            curves = CurvePrice(limits: curve, motorSpeed: motorSpeed)
        }
        overlaps = options.overlapsPen
        timesDrop = options.timesDrop
    }

    /// The same, with stops on closed paths for nothing.
    var withoutStops: PlanCost {
        var cost = self
        cost.pricesStops = false
        return cost
    }

    /// From the end of one stroke to the beginning of the next, `distance` mm away: lift, travel and drop, s.
    @inline(__always)
    func hop(_ distance: Double) -> Double {
        let ramp = up.speed * up.speed / up.acceleration
        let travel =
            distance < ramp ? 2 * (distance / up.acceleration).squareRoot() : (distance + ramp) / up.speed
        guard overlaps else { return travel + Double(times.lift + times.drop) / 1000 }
        let lead = timesDrop ? times.lead(travel: travel * 1000) : 0
        return travel + (Double(times.liftOff) + Double(times.drop) - lead) / 1000
    }

    /// About what a lift costs before travel is known: a short hop, and the stops of the strokes that it parts, s.
    var usualLift: Double { hop(2) + limits.speed / limits.acceleration }

    /// Drawing along a path from rest to rest, s.
    mutating func drawing(_ points: ArraySlice<Point>) -> Double {
        if let seconds = curves?.seconds(along: points) { return seconds }
        guard path.take(points) else { return 0 }
        path.plan(limits: limits, rates: rates)
        return path.duration(acceleration: limits.acceleration)
    }

    /// Appends for each vertex of a closed path but the last what beginning and ending there costs beside passing it, s.
    mutating func stops(of points: ArraySlice<Point>, into costs: inout [Float]) {
        guard pricesStops else {
            return costs.append(contentsOf: repeatElement(0, count: max(0, points.count - 1)))
        }
        if curves != nil {
            curves?.stops(of: points, into: &costs)
            return
        }
        ring.append(points, limits: limits, rates: rates, to: &costs)
    }
}

extension LayerCodes {
    /// The height that the lowered pen has in the layer, %, if that is below the raised pen; nil = the profile's.
    public func penDownHeight(below up: Double) -> Double? { penDownHeightPercent.flatMap { $0 < up ? $0 : nil } }
}
