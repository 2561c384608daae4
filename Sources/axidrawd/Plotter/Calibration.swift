internal import EBB
internal import Motion
internal import Text

/// Test drawings, and the profile that follows from what a person reads off them.
///
/// Dashes at ever lower pen heights tell where the paper is; pairs of dashes with ever higher lifts between them tell how
/// high the pen must go; a square tells how far the carriage really goes.
struct Calibration {
    /// What a person has read off the paper.
    struct Answers: Equatable, Sendable {
        /// The first dash that is drawn without gaps, from 0.
        var firstDash: Int
        /// The first pair without a line between its dashes, from 0.
        var firstPair: Int
        /// The square's sides along x and y, mm.
        var width: Double
        var height: Double
        /// The pair of ticks that lie in one line, from 0, of those across x and of those across y.
        var playX = 0
        var playY = 0
        /// The first dash without a tail, and the first that begins at its tick, from 0; nil = none of them.
        var lift: Int?
        var drop: Int?
    }

    /// One of the built-in profiles.
    let base: MachineProfile
    let hand: Hand
    /// Throws when a person wants the end; asked between two strokes.
    let check: () throws -> Void

    /// Heights of the lowered pen, %, dash by dash.
    static let dashHeights = (0..<10).map { 55 - 5 * Double($0) }
    private static let dashLength = 8.0
    private static let dashPitch = 12.0
    /// Heights of the raised pen above the paper, %, pair by pair.
    static let lifts = (0..<5).map { 4 + 6 * Double($0) }
    private static let pairPitch = 24.0
    /// A dash of a pair, and the way between two; mm.
    private static let pairPiece = 4.0
    private static let pairGap = 8.0
    /// How much lower than the first touch the pen is lowered, and how much higher than the first clear lift raised, %.
    private static let pressure = 5.0
    private static let clearance = 4.0
    /// As high as is surely clear of the paper, %.
    private static let highest = 90.0
    /// From the lowest height to the highest, ms.
    private static let penMilliseconds: UInt16 = 400
    /// Where the rows and the square begin, mm from home.
    private static let left = 20.0
    private static let firstRow = 15.0
    private static let secondRow = 27.0
    private static let squareTop = 38.0
    /// By so much a tick is drawn aside of the one that it is to continue, mm, pair by pair.
    static let plays = (0..<8).map { 0.1 * Double($0) }
    private static let tick = 4.0
    private static let tickPitch = 6.0
    /// From so far the second tick of a pair is approached, mm: farther than any play.
    private static let approach = 5.0
    /// Left of the square, and above its rows: where the ticks begin, mm from home.
    private static let ticksX = 20.0
    private static let ticksY = 8.0

    /// How long the pen is waited for before the carriage goes on, ms, dash by dash.
    static let waits = (0..<6).map { UInt16(10 + 30 * $0) }
    private static let liftRow = 20.0
    private static let dropRow = 32.0

    // MARK: What follows from the answers

    /// Side of the test square, mm: as large as fits, whole centimetres, at most 100.
    var side: Double {
        let room = min(100, base.travel.width - Self.left - 5, base.travel.height - Self.squareTop - 5)
        return max(10, (room / 10).rounded(.down) * 10)
    }

    /// Where the pen meets the paper, %: between the last dash that is not drawn and the first that is.
    func paperHeight(firstDash: Int) -> Double { Self.dashHeights[firstDash] + 2.5 }

    /// Heights of the raised pen, %, pair by pair.
    func liftHeights(firstDash: Int) -> [Double] {
        Self.lifts.map { min(100, paperHeight(firstDash: firstDash) + $0) }
    }

    func penDownHeight(firstDash: Int) -> Double { max(0, Self.dashHeights[firstDash] - Self.pressure) }

    /// Height of the raised pen, %.
    func penUpHeight(firstDash: Int, firstPair: Int) -> Double {
        min(100, liftHeights(firstDash: firstDash)[firstPair] + Self.clearance)
    }

    /// The profile file: the built-in one that it comes from, and what was found out.
    func profile(_ answers: Answers) -> JSONValue {
        let up = penUpHeight(firstDash: answers.firstDash, firstPair: answers.firstPair)
        let steps = base.stepsPerMillimetre * side * 2 / (answers.width + answers.height)
        let times = [("liftSeconds", answers.lift), ("dropSeconds", answers.drop)].compactMap { name, place in
            place.map { (name, JSONValue.number(Double(Self.waits[$0]) / 1000)) }
        }
        return .object(
            [
                ("base", .string(base.name)),
                ("paperHeightPercent", .number(paperHeight(firstDash: answers.firstDash))),
                ("penDownHeightPercent", .number(penDownHeight(firstDash: answers.firstDash))),
                ("penUpHeightPercent", .number(up)), ("stepsPerMillimetre", .number((steps * 1000).rounded() / 1000)),
                ("backlashXMillimetres", .number(Self.rounded(Self.plays[answers.playX]))),
                ("backlashYMillimetres", .number(Self.rounded(Self.plays[answers.playY]))),
            ] + times)
    }

    // MARK: Drawing

    /// The pen up high and the motors off, so that sheet and carriage can be put in place.
    func setUp() async throws {
        var profile = base
        profile.penUpHeight = Self.highest
        for command in PenModel(profile: profile, options: PlotOptions()).configuration(of: profile) {
            _ = try await hand.driver.ask(command)
        }
        try await pen(isUp: true)
        _ = try await hand.driver.ask(.enableMotors(0, 0))
        try await hand.driver.forgetSession()
    }

    /// The holder where the profile expects the paper, so that the pen can be put in.
    func lowerHolder() async throws {
        try await setHeight(base.paperHeight, isUp: false)
        try await pen(isUp: false)
    }

    /// The pen off the paper; home is where the carriage is now.
    func begin() async throws {
        try await pen(isUp: true)
        _ = try await hand.driver.ask(.enableMotors(hand.motorMode, hand.motorMode))
    }

    /// Dashes at ever lower heights.
    func drawDashes() async throws {
        for (index, height) in Self.dashHeights.enumerated() {
            try check()
            try await hand.go(.to(x: Self.left + Double(index) * Self.dashPitch, y: Self.firstRow))
            try await setHeight(height, isUp: false)
            try await pen(isUp: false)
            try await hand.drive(x: Self.dashLength, y: 0)
            try await pen(isUp: true)
        }
        try await hand.go(.home)
    }

    /// Pairs of dashes, between which the pen is raised ever higher.
    func drawPairs(firstDash: Int) async throws {
        try await setHeight(penDownHeight(firstDash: firstDash), isUp: false)
        for (index, height) in liftHeights(firstDash: firstDash).enumerated() {
            try check()
            try await hand.go(.to(x: Self.left + Double(index) * Self.pairPitch, y: Self.secondRow))
            try await pen(isUp: false)
            try await hand.drive(x: Self.pairPiece, y: 0)
            try await setHeight(height, isUp: true)
            try await pen(isUp: true)
            try await hand.drive(x: Self.pairGap, y: 0)
            try await pen(isUp: false)
            try await hand.drive(x: Self.pairPiece, y: 0)
            try await setHeight(Self.highest, isUp: true)
            try await pen(isUp: true)
        }
        try await hand.go(.home)
    }

    func drawSquare() async throws {
        try await hand.go(.to(x: Self.left, y: Self.squareTop))
        try await pen(isUp: false)
        for (x, y) in [(side, 0), (0, side), (-side, 0), (0, -side)] {
            try check()
            try await hand.drive(x: x, y: y)
        }
        try await pen(isUp: true)
        try await hand.go(.home)
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    /// Pairs of ticks across an axis. The first of a pair is come to on the way out, the second, which continues it, on the way
    /// back and aside by ever more: where the belts' play is just that, both lie in one line.
    ///
    /// - Parameter isX: along x, in a row near the home corner's upper edge; else along y, in a column at the left edge.
    func drawTicks(isX: Bool) async throws {
        let (tick, approach) = (Self.tick, Self.approach)
        for (index, aside) in Self.plays.enumerated() {
            try check()
            let along = (isX ? Self.ticksX : Self.ticksY) + Double(index) * Self.tickPitch
            let across = isX ? 1.0 : 4.0
            func place(_ along: Double, _ across: Double) -> HandMove {
                isX ? .to(x: along, y: across) : .to(x: across, y: along)
            }
            try await hand.go(place(along - approach, across))
            try await hand.go(place(along, across))
            try await stroke(isX ? (0, tick) : (tick, 0))
            try await hand.go(place(along + approach, across + tick))
            try await hand.go(place(along - aside, across + tick))
            try await stroke(isX ? (0, tick) : (tick, 0))
        }
        try await hand.go(.home)
    }

    /// Dashes behind which the carriage goes on ever later after the pen was told to rise, and dashes that are begun ever later
    /// after it was told to fall, each with a tick where it is to begin.
    ///
    /// - Parameter isLift: the first row, else the second.
    func drawWaits(isLift: Bool, firstDash: Int, firstPair: Int) async throws {
        let (down, up) = (
            penDownHeight(firstDash: firstDash), penUpHeight(firstDash: firstDash, firstPair: firstPair)
        )
        try await setHeight(down, isUp: false)
        try await setHeight(up, isUp: true)
        for (index, wait) in Self.waits.enumerated() {
            try check()
            let row = isLift ? Self.liftRow : Self.dropRow
            try await hand.go(.to(x: Self.left + Double(index) * Self.dashPitch, y: row - (isLift ? 0 : 1)))
            if isLift {
                try await pen(isUp: false)
                try await hand.drive(x: 3, y: 0)
                try await hand.pen(isUp: true, milliseconds: wait)
                try await hand.drive(x: 6, y: 0)
            } else {
                try await stroke((0, 2))
                try await hand.go(.walk(x: 0, y: -1))
                try await hand.pen(isUp: false, milliseconds: wait)
                try await hand.drive(x: 6, y: 0)
            }
            try await pen(isUp: true)
        }
        try await hand.go(.home)
    }

    private func stroke(_ way: (x: Double, y: Double)) async throws {
        try await pen(isUp: false)
        try await hand.drive(x: way.x, y: way.y)
        try await pen(isUp: true)
    }

    /// However it ends: the pen off the paper, the carriage home if it has left.
    func putAway() async throws {
        try await setHeight(Self.highest, isUp: true)
        try await pen(isUp: true)
        try await hand.go(.home)
        _ = try await hand.driver.standstill(after: 0)
    }

    private func pen(isUp: Bool) async throws {
        try await hand.pen(isUp: isUp, milliseconds: Self.penMilliseconds)
    }

    /// Sets the height of the raised or the lowered pen; it goes there with its next move.
    private func setHeight(_ percent: Double, isUp: Bool) async throws {
        var profile = base
        profile.penUpHeight = percent
        let pulse = PenModel(profile: profile, options: PlotOptions()).upPulse
        _ = try await hand.driver.ask(.configure(isUp ? .penUp : .penDown, pulse))
    }
}
