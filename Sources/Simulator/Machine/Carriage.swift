/// Where the pen holder is: two belts mixed, x = (m1 + m2) / 2, y = (m1 − m2) / 2.
struct Carriage: Sendable {
    /// Motor positions in microsteps of 1/16 since home; not limited by the frame, which only gives incidents.
    var motor1: Int64 = 0
    var motor2: Int64 = 0
    /// Steps of 1/16 per mm along x or y.
    let stepsPerMillimetre: Double
    private let sumLimit: Int64
    private let differenceLimit: Int64

    init(travelX: Double, travelY: Double, stepsPerMillimetre: Double) {
        self.stepsPerMillimetre = stepsPerMillimetre
        // One step of x is two of the sum.
        sumLimit = Carriage.limit(travelX * stepsPerMillimetre)
        differenceLimit = Carriage.limit(travelY * stepsPerMillimetre)
    }

    private static func limit(_ steps: Double) -> Int64 { Int64(min(max(steps, 0), 1e12) * 2 + 0.5) + 2 }

    /// Whether a place is more than one step outside the travel.
    func isOutside(_ motor1: Int64, _ motor2: Int64) -> Bool {
        let (sum, difference) = (motor1 + motor2, motor1 - motor2)
        return sum < -2 || difference < -2 || sum > sumLimit || difference > differenceLimit
    }

    func millimetres(_ motor1: Int64, _ motor2: Int64) -> (x: Double, y: Double) {
        let scale = 0.5 / stepsPerMillimetre
        return (Double(motor1 + motor2) * scale, Double(motor1 - motor2) * scale)
    }

    /// Length of a straight move of the pen holder in mm.
    func length(_ steps1: Int64, _ steps2: Int64) -> Double {
        let (a, b) = (Double(steps1), Double(steps2))
        return ((a * a + b * b) / 2).squareRoot() / stepsPerMillimetre
    }
}
