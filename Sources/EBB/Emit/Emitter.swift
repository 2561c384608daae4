public import Motion

/// Makes the board's commands of planned strokes, stroke by stroke.
public struct Emitter: Sendable {
    let profile: MachineProfile
    let options: PlotOptions
    let firmware: FirmwareVersion
    private var planner: StepPlanner
    /// Of motion by the acceleration vector; nil where it is by the line.
    private var curves: CurveEmitter?
    /// Of boards without accelerated moves.
    private var clock = ConstantRateClock()
    private var pen: PenModel
    private let pathLength: PathLength
    private var moves: [StepMove] = []
    private var ways: [Way] = []
    /// Ticks of all moves that are planned and not made commands yet, at least.
    private var plannedTicks: Int64 = 0
    /// Of the stroke that is planned next, where the piece of it begins that is; 0 = the stroke itself.
    private var pieceStart = 0
    private var place = Point(0, 0)
    private var stream = CommandStream()
    /// Bytes of the strokes and of planning the longest, and what is left for the stream.
    private var (heldBytes, freeBytes) = (0, Int.max)

    init(profile: MachineProfile, options: PlotOptions, firmware: FirmwareVersion) {
        self.profile = profile
        self.options = options.driven(by: firmware)
        self.firmware = firmware
        planner = StepPlanner(steps: Self.stepLimits(profile, firmware))
        if options.motion == .physical, firmware.hasAcceleratedMoves {
            curves = CurveEmitter(profile: profile, firmware: firmware)
        }
        pen = PenModel(profile: profile, options: options)
        pathLength = PathLength(stepsPerMillimetre: profile.stepsPerMillimetre)
    }

    /// The complete stream for a freshly started board: set-up, drawing, pen up, travel home.
    public static func stream(
        for strokes: PlannedStrokes, profile: MachineProfile, options: PlotOptions, firmware: FirmwareVersion,
        execution: PlanExecution = .serial
    ) throws(PlanError) -> CommandStream {
        try options.check(for: firmware)
        try options.check()
        try profile.check()
        var strokes = strokes
        let points = strokes.polylines.points.count
        if profile.backlash != Size(width: 0, height: 0) {
            var backlash = Backlash(profile.backlash)
            strokes.polylines = backlash.compensated(strokes.polylines)
        }
        var emitter = Emitter(profile: profile, options: options, firmware: firmware)
        if case .place(let place) = options.end {
            try PlanError.require("end", place.x, 0...profile.travel.width)
            try PlanError.require("end", place.y, 0...profile.travel.height)
        }
        emitter.setUp()
        emitter.stream.layers = strokes.layers.map { CommandStream.Layer(name: $0.name) }
        emitter.stream.stops = strokes.stops(copies: max(1, options.copies))
        emitter.stream.points = points
        let lines = strokes.polylines
        let held = lines.points.count * MemoryLayout<Point>.stride + Self.scratchBytes(lines)
        try execution.require(bytes: held)
        emitter.heldBytes = held
        emitter.freeBytes = execution.bytes - held
        emitter.reserve(strokes)
        for copy in 0..<max(1, options.copies) {
            if copy > 0 { emitter.pause(options.pageDelay * 1000) }
            for (index, layer) in strokes.layers.enumerated() {
                let first = emitter.stream.commands.count
                try emitter.draw(layer, index: index, of: strokes, execution: execution)
                if copy == 0 { emitter.stream.layers[index].commands = first..<emitter.stream.commands.count }
            }
            emitter.leave(isLast: copy + 1 >= options.copies)
        }
        return emitter.stream
    }

    /// Of the corner tolerance, what rounding may use.
    private var shareOfCorners: Double {
        let shares = CurveLimits.shareOfCorners
        return firmware >= FirmwareVersion(3, 0, 0) ? shares.signed : shares.unsigned
    }

    static func stepLimits(_ profile: MachineProfile, _ firmware: FirmwareVersion) -> StepLimits {
        StepLimits(
            stepsPerMillimetre: profile.stepsPerMillimetre,
            highestRate: min(profile.maximumStepRate, firmware.hasAcceleratedMoves ? 24_995 : 24_000)
                / Double(BoardClock.ticksPerSecond),
            shortestTicks: firmware >= FirmwareVersion(3, 0, 0) ? 114 : 375, longestTicks: AxisMove.longestTicks,
            // 5 % below the 4,000 steps/s that count as too much: registers are rounded.
            highestRateStep: 3800 / Double(BoardClock.ticksPerSecond))
    }

    /// What planning the stroke with the most points holds: a path without a stop in it is planned as one.
    private static func scratchBytes(_ lines: Polylines) -> Int {
        var most = 0
        for i in 0..<lines.count { most = max(most, lines.range(i).count) }
        return most * 120
    }

    /// Makes room for what a stream usually comes to: while it grows everything would be there twice. What is not used is
    /// never touched and costs no memory.
    private mutating func reserve(_ strokes: PlannedStrokes) {
        let lines = strokes.polylines
        var once = lines.points.count + lines.count * 12
        if curves != nil { once += CurveEmitter.usualCount(of: lines, speed: profile.penDown.speed) }
        let (count, isOver) = once.multipliedReportingOverflow(by: max(1, options.copies))
        stream.reserve(min(isOver ? .max : count, Self.mostCommands, max(0, freeBytes) / CommandStream.bytesPerCommand))
    }

    private mutating func setUp() {
        let mode = UInt8(clamping: profile.microstepMode)
        stream.append(.enableMotors(mode, mode), ticks: firmware.queuesMotorSwitch ? 1 : 0, stroke: -1)
        if let centring = curves?.centring { stream.append(centring.command, ticks: centring.ticks, stroke: -1) }
        stream.append(.configure(.penUp, pen.upPulse), ticks: 0, stroke: -1)
        stream.append(.configure(.penDown, pen.downPulse), ticks: 0, stroke: -1)
        stream.append(.configure(.raiseRate, pen.raiseRegister), ticks: 0, stroke: -1)
        stream.append(.configure(.lowerRate, pen.lowerRegister), ticks: 0, stroke: -1)
        stream.append(.configure(.channels, UInt16(clamping: profile.servo.channels)), ticks: 0, stroke: -1)
        if profile.servo.kind == .standard, firmware >= FirmwareVersion(2, 6, 0) {
            stream.append(.servoTimeout(milliseconds: 60_000), ticks: 0, stroke: -1)
        }
        movePen(isUp: true, stroke: -1)
    }

    /// The way to a stroke and the stroke, planned; ranges of the moves that were planned last.
    private struct Way {
        var stroke: Int32
        /// Nil where a piece of a stroke follows another.
        var travel: Range<Int>?
        var path: Range<Int>
        /// Whether the stroke ends there.
        var isWhole = true
    }

    /// Moves and strokes that are planned before commands are made of them, so that each stage is told by itself.
    private static let mostMoves = 8192
    private static let mostWays = 4096

    private mutating func draw(
        _ layer: PlannedStrokes.Layer, index: Int, of strokes: PlannedStrokes, execution: PlanExecution
    ) throws(PlanError) {
        pause(Double(layer.codes.delayMilliseconds ?? 0))
        let before = stream.durationTicks
        setHeight(layer.codes.penDownHeight(below: profile.penUpHeight))
        let inverse = 1 / Double(max(1, strokes.polylines.count))
        var next = layer.strokes.lowerBound
        while next < layer.strokes.upperBound {
            if execution.isCancelled() { throw .cancelled }
            execution.progress("plan", Double(next) * inverse)
            next = try planStrokes(of: layer, from: next, strokes)
            execution.progress("emit", Double(next) * inverse)
            for way in ways {
                draw(way)
                if way.isWhole { stream.layers[index].strokes += 1 }
            }
        }
        stream.layers[index].ticks += stream.durationTicks - before
    }

    /// Plans strokes of a layer with the ways to them; gives the first that is left.
    private mutating func planStrokes(
        of layer: PlannedStrokes.Layer, from first: Int, _ strokes: PlannedStrokes
    ) throws(PlanError) -> Int {
        clearPlan()
        let speed = layer.codes.penDownSpeedPercent.map { $0 / 100 * profile.fullSpeed } ?? profile.penDown.speed
        var next = first
        while next < layer.strokes.upperBound, plannedCount < Self.mostMoves, ways.count < Self.mostWays {
            let points = strokes.polylines[next]
            guard !points.isEmpty else {
                next += 1
                continue
            }
            let piece = nextPiece(of: points)
            try checkSize(next: piece.pathLength / speed)
            let tolerance = moveTolerance(along: piece, ofStroke: next, of: strokes)
            let travel = pieceStart == 0 ? planTravel(to: piece[piece.startIndex]) : nil
            let path = plan(
                piece,
                MotionLimits(
                    speed: speed, acceleration: profile.penDown.acceleration,
                    junctionDeviation: profile.junctionDeviation, tolerance: tolerance),
                cornerTolerance: max(
                    tolerance,
                    options.cornerTolerance * shareOfCorners - (options.tolerance - tolerance) / 4))
            place = piece[piece.endIndex - 1]
            let isWhole = piece.endIndex == points.endIndex
            ways.append(Way(stroke: Int32(clamping: next), travel: travel, path: path, isWhole: isWhole))
            pieceStart = isWhole ? 0 : piece.endIndex - 1 - points.startIndex
            if isWhole { next += 1 }
        }
        return next
    }

    /// What lies no farther beside the ends of the travel is less than the step that the carriage has there, mm.
    private static let usualTolerance = PlotOptions().tolerance

    /// How far moves may lie beside a piece of a stroke, mm: along the ends of the machine's travel no farther than up to
    /// them, or what the usual tolerance allows.
    private func moveTolerance(
        along piece: ArraySlice<Point>, ofStroke stroke: Int, of strokes: PlannedStrokes
    ) -> Double {
        let tolerance = strokes.moveTolerance(ofStroke: stroke, of: options.tolerance)
        let least = strokes.moveTolerance(ofStroke: stroke, of: Self.usualTolerance)
        guard tolerance > least else { return tolerance }
        var clearance = tolerance
        for point in piece {
            let (x, y) = (profile.travel.width - point.x, profile.travel.height - point.y)
            clearance = min(clearance, min(min(point.x, point.y), min(x, y)))
        }
        return max(least, clearance)
    }

    /// What is planned next of a stroke: all of it, or by the acceleration vector a piece of it.
    private func nextPiece(of points: ArraySlice<Point>) -> ArraySlice<Point> {
        guard curves != nil else { return points }
        let first = points.startIndex + pieceStart
        return points[first...LongPath.end(of: points, from: first)]
    }

    private mutating func draw(_ way: Way) {
        if let travel = way.travel { travelAndLower(travel, stroke: way.stroke) }
        let first = stream.commands.count
        appendPlanned(way.path, stroke: way.stroke)
        stream.penDownMillimetres += stream.millimetres(of: first..., pathLength)
        guard way.isWhole else { return }
        movePen(isUp: true, stroke: way.stroke, travels: options.overlapsPen)
        stream.penLifts += 1
    }

    /// Longest plot, and most commands of one: beyond, a figure is wrong or memory runs out.
    private static let longestDays = 90.0
    private static let mostCommands = 1 << 25

    /// Throws when the stream with a stroke of so many seconds would be larger than any plot.
    private func checkSize(next seconds: Double) throws(PlanError) {
        let planned = stream.durationSeconds + Double(plannedTicks) / Double(BoardClock.ticksPerSecond)
        if planned + seconds > Self.longestDays * 86_400 {
            throw .tooLarge("drawing it would take more than \(Int(Self.longestDays)) days")
        }
        let bytes = stream.bytes
        if bytes > freeBytes {
            throw .memory(needed: heldBytes + bytes, allowed: heldBytes + freeBytes)
        }
        if stream.commands.count + plannedCount > Self.mostCommands {
            throw .tooLarge("drawing it would take more than \(Self.mostCommands) commands")
        }
    }

    /// The carriage leaves the sheet: home, or to where it is to stand after the last one.
    private mutating func leave(isLast: Bool) {
        switch options.end {
        case .place(let place) where isLast: travel(to: place, stroke: -1)
        case .stay where isLast: movePen(isUp: true, stroke: -1)
        case .home, .stay, .place: travel(to: Point(0, 0), stroke: -1)
        }
    }

    private mutating func travel(to target: Point, stroke: Int32) {
        clearPlan()
        appendPlanned(planTravel(to: target), stroke: stroke)
    }

    /// The pen begins to fall before the carriage arrives, late enough to be off the paper until then: a pen-down that waits
    /// for nothing, what is left of the travel, and a pen-down that waits for the rest of the drop.
    private mutating func travelAndLower(_ travel: Range<Int>, stroke: Int32) {
        guard let (head, tail) = cutTravel(travel) else {
            appendPlanned(travel, stroke: stroke)
            return movePen(isUp: false, stroke: stroke)
        }
        appendPlanned(head, stroke: stroke)
        lowerPen(milliseconds: 0, stroke: stroke)
        let before = stream.durationTicks
        appendPlanned(tail, stroke: stroke)
        let passed = Double(stream.durationTicks - before) / Double(BoardClock.ticksPerMillisecond)
        lowerPen(milliseconds: UInt16(max(1, (Double(pen.times.drop) - passed).rounded(.up))), stroke: stroke)
    }

    /// Cuts a travel where the pen begins to fall; the parts lie behind all moves that are planned. Nil where it falls at rest.
    private mutating func cutTravel(_ travel: Range<Int>) -> (Range<Int>, Range<Int>)? {
        guard options.overlapsPen, options.timesDrop else { return nil }
        let perMillisecond = Double(BoardClock.ticksPerMillisecond)
        let ticks = curves?.ticks(travel) ?? moves[travel].reduce(0) { $0 + Int64($1.ticks) }
        let lead = Int64(pen.times.lead(travel: Double(ticks) / perMillisecond) * perMillisecond)
        let shortest = planner.steps.shortestTicks
        guard lead > 0 else { return nil }
        if curves != nil { return curves?.cut(travel, before: lead, shortest: shortest) }
        var parts = Array(moves[travel])
        guard let first = parts.cut(before: lead, shortest: shortest) else { return nil }
        let start = moves.count
        moves += parts
        return (start..<start + first, start + first..<moves.count)
    }

    private mutating func planTravel(to target: Point) -> Range<Int> {
        let travel = plan(
            [place, target],
            MotionLimits(
                speed: profile.penUp.speed, acceleration: profile.penUp.acceleration,
                junctionDeviation: profile.junctionDeviation, tolerance: 0),
            cornerTolerance: options.cornerTolerance)
        stream.penUpMillimetres += place.distance(to: target)
        place = target
        return travel
    }

    private var plannedCount: Int { curves?.count ?? moves.count }

    private mutating func clearPlan() {
        curves?.clear()
        moves.removeAll(keepingCapacity: true)
        ways.removeAll(keepingCapacity: true)
        plannedTicks = 0
    }

    /// Plans the moves along `path`, from rest to rest, by the rule of the plot, behind those that are planned.
    private mutating func plan(
        _ path: ArraySlice<Point>, _ limits: MotionLimits, cornerTolerance: Double
    ) -> Range<Int> {
        let first = plannedCount
        if curves != nil {
            let curve = CurveLimits(
                speed: limits.speed, acceleration: limits.acceleration, cornerTolerance: cornerTolerance,
                tolerance: max(limits.tolerance, 0.002), jerk: options.jerk)
            curves?.plan(path, curve)
            plannedTicks += curves?.ticks(first..<plannedCount) ?? 0
        } else {
            planner.append(path: path, limits: limits, to: &moves)
            for move in moves[first...] { plannedTicks += Int64(move.ticks) }
        }
        return first..<plannedCount
    }

    /// Appends the commands of moves that are planned, a path's last among them or what follows them.
    private mutating func appendPlanned(_ part: Range<Int>, stroke: Int32) {
        if curves != nil {
            curves?.append(part, stroke: stroke, to: &stream)
        } else {
            appendMoves(moves[part], stroke: stroke)
        }
    }

    private mutating func appendMoves(_ moves: ArraySlice<StepMove>, stroke: Int32) {
        guard firmware.hasAcceleratedMoves else {
            for move in moves {
                for slice in ConstantRateSlices(of: move).slices {
                    stream.append(slice.command, ticks: clock.ticks(of: slice.command) ?? slice.ticks, stroke: stroke)
                }
            }
            return
        }
        let highest = Int64(planner.steps.highestRate * Double(BoardClock.fullScale))
        for move in moves {
            let command = Command.acceleratedMove(
                AxisMove(
                    steps: move.steps1, ticks: move.ticks, acceleration: move.acceleration1, highestRate: highest),
                AxisMove(
                    steps: move.steps2, ticks: move.ticks, acceleration: move.acceleration2, highestRate: highest),
                clear: 3)
            stream.append(command, ticks: move.ticks, stroke: stroke)
        }
    }

    /// The height of the lowered pen for the strokes that follow: a layer's `+H` if that is below the raised pen, else the
    /// profile's.
    private mutating func setHeight(_ height: Double?) {
        let model = PenModel(profile: profile, options: options, downHeight: height)
        if model.downPulse != pen.downPulse {
            stream.append(.configure(.penDown, model.downPulse), ticks: 0, stroke: -1)
        }
        pen = model
    }

    /// - Parameter travels: whether the carriage may go on as soon as a rising pen is off the paper.
    private mutating func movePen(isUp: Bool, stroke: Int32, travels: Bool = false) {
        // A pen-down that waits for nothing is one that begins before the carriage arrives.
        guard isUp else { return lowerPen(milliseconds: max(1, pen.times.drop), stroke: stroke) }
        movePen(isUp: true, milliseconds: travels ? pen.times.liftOff : pen.times.lift, stroke: stroke)
    }

    private mutating func lowerPen(milliseconds: UInt16, stroke: Int32) {
        movePen(isUp: false, milliseconds: milliseconds, stroke: stroke)
    }

    private mutating func movePen(isUp: Bool, milliseconds: UInt16, stroke: Int32) {
        let pin = profile.servo.pin.map { UInt8(clamping: $0) }
        stream.append(
            .pen(isUp: isUp, milliseconds: milliseconds, pin: pin),
            ticks: max(1, Int32(milliseconds) * Int32(BoardClock.ticksPerMillisecond)), stroke: stroke)
    }

    /// Waits in pieces that every firmware keeps (2.8.1 drops pauses above 65,536 ms).
    private mutating func pause(_ milliseconds: Double) {
        guard milliseconds.isFinite, milliseconds >= 1 else { return }
        var rest = Int64(min(milliseconds, 1e9).rounded())
        while rest > 0 {
            let piece = min(rest, 60_000)
            stream.append(
                .move(milliseconds: UInt32(piece), 0, 0), ticks: Int32(piece) * Int32(BoardClock.ticksPerMillisecond),
                stroke: -1)
            rest -= piece
        }
    }
}
