/// How long the pen takes, ms: what motion waits for, and what goes on beside it.
public struct PenTimes: Equatable, Sendable {
    /// How long a whole lift or drop is waited for.
    public var lift: UInt16
    public var drop: UInt16
    /// How long the servo itself takes for it, by the maker's model.
    public var liftSweep: Double
    public var dropSweep: Double
    /// After how long a rising pen is surely off the paper, so that travel may begin; at most the whole lift.
    public var liftOff: UInt16
    /// For how long a pen that falls from its full height is surely off the paper; at most the whole drop.
    public var dropLead: Double
    /// `lead` for travels of 0, 1, 2, … ms, until it grows no more.
    private var leads: [Float] = []

    /// - Parameter downHeight: overrides the profile's, %, as a layer's `+H` does.
    public init(profile: MachineProfile, options: PlotOptions, downHeight: Double? = nil) {
        let servo = profile.servo
        let (up, down) = (profile.penUpHeight, downHeight ?? profile.penDownHeight)
        let travel = (up - down).magnitude
        liftSweep = Self.moveTime(travel, rate: servo.raiseRate, servo)
        dropSweep = Self.moveTime(travel, rate: servo.lowerRate, servo)
        // The machine's times are those of its own heights; a lower pen has farther to go.
        let longer = max(1, travel / max(1, (up - profile.penDownHeight).magnitude))
        let own = (lift: profile.liftTime.map { $0 * longer }, drop: profile.dropTime.map { $0 * longer })
        lift = Self.milliseconds((options.liftTime ?? own.lift).map { $0 * 1000 } ?? liftSweep)
        let dwell = options.care.dwell * 1000
        drop = Self.milliseconds(((options.dropTime ?? own.drop).map { $0 * 1000 } ?? dropSweep) + dwell)
        // The servo moves at an even speed; who fixes a longer time than the model has a slower one.
        let share = (profile.paperHeight + profile.paperClearance - down) / max(1, up - down)
        let rising = max(liftSweep, Double(lift)) * max(0, min(1, share))
        liftOff = min(lift, Self.milliseconds(rising.rounded(.up)))
        // The servo is told an even rate, and follows a little later both ways. At the earliest a pen falls as it is told; who
        // fixes a shorter time than the model's has a faster servo.
        let told = servo.lowerRate > 0 ? servo.sweepMilliseconds * travel / servo.lowerRate : 0
        let scale = min(1, Double(drop) / max(1, dropSweep))
        dropLead = max(0, min(Double(drop), told * scale * (1 - max(0, min(1, share)))))
        let near = max(0, profile.paperHeight + profile.paperClearance / 2 - down)
        fillLeads(scale: scale) { height in
            // Share of the fall from a height, % above the lowered pen, that it is off the paper for.
            height > near ? Self.moveTime(height, rate: servo.lowerRate, servo) * (height - near) / height : 0
        } height: { [lift, liftSweep] passed in
            travel * min(1, passed / max(1, liftSweep, Double(lift)))
        }
    }

    /// For each travel the longest lead after which a pen that has risen since the lift began, and then turns, has not come
    /// nearer to the paper than half the clearance; both ways by the maker's model, which is slow.
    private mutating func fillLeads(scale: Double, fall: (Double) -> Double, height: (Double) -> Double) {
        var last = 0.0
        for milliseconds in 0..<4096 where last < dropLead - 0.01 {
            var (low, high) = (last, min(dropLead, Double(milliseconds)))
            for _ in 0..<16 where high > low {
                let middle = (low + high) / 2
                let risen = height(Double(liftOff) + Double(milliseconds) - middle)
                if fall(risen) * scale >= middle { low = middle } else { high = middle }
            }
            last = low
            leads.append(Float(low))
            // All the way up before it turns: it grows no more.
            if Double(milliseconds) - low + Double(liftOff) >= max(liftSweep, Double(lift)), low < dropLead - 0.5,
                Double(milliseconds) > dropLead
            {
                break
            }
        }
    }

    /// How long before the end of a travel of so many milliseconds the pen may begin to fall, so that it is off the paper
    /// until then, ms. Where travel has begun at `liftOff`, it may not be all the way up yet.
    @inline(__always)
    public func lead(travel milliseconds: Double) -> Double {
        guard let most = leads.last else { return 0 }
        return Double(milliseconds < Double(leads.count) ? leads[Int(max(0, milliseconds))] : most)
    }

    /// The maker's estimate of a servo move over `travel` % at `rate` %, whole ms.
    static func moveTime(_ travel: Double, rate: Double, _ servo: MachineProfile.Servo) -> Double {
        guard travel >= 0.9, rate > 0 else { return 0 }
        let slow = servo.millisecondsPerPercent * travel + servo.minimumMilliseconds
        let sweep = servo.sweepMilliseconds * travel / rate
        return (slow * slow * slow * slow + sweep * sweep * sweep * sweep).squareRoot().squareRoot().rounded(.down)
    }

    private static func milliseconds(_ value: Double) -> UInt16 {
        value.isFinite ? UInt16(max(0, min(65_535, value.rounded()))) : 0
    }
}
