public import Motion

/// Makes the board's commands of planned strokes, stroke by stroke.
public struct Emitter: Sendable {
    let profile: MachineProfile
    let options: PlotOptions
    let firmware: FirmwareVersion
    private var planner: StepPlanner
    /// Of motion by the acceleration vector; nil where it is by the line.
    private var curves: CurveEmitter?
    private var pen: PenModel
    private let pathLength: PathLength
    private var moves: [StepMove] = []
    private var place = Point(0, 0)
    private var stream = CommandStream()

    init(profile: MachineProfile, options: PlotOptions, firmware: FirmwareVersion) {
        self.profile = profile
        self.options = options
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
        guard firmware >= .oldest else {
            throw .firmware(found: firmware.description, needed: FirmwareVersion.oldest.description)
        }
        if options.demandsMotion, options.motion == .physical, !firmware.hasAcceleratedMoves {
            throw .firmware(found: firmware.description, needed: "2.7.0 for --motion physical")
        }
        try options.check()
        try profile.check()
        var emitter = Emitter(profile: profile, options: options, firmware: firmware)
        emitter.setUp()
        emitter.stream.layers = strokes.layers.map { CommandStream.Layer(name: $0.name) }
        emitter.stream.stops = strokes.stops(copies: max(1, options.copies))
        emitter.stream.points = strokes.polylines.points.count
        for copy in 0..<max(1, options.copies) {
            if copy > 0 { emitter.pause(options.pageDelay * 1000) }
            for (index, layer) in strokes.layers.enumerated() {
                if execution.isCancelled() { throw .cancelled }
                let first = emitter.stream.commands.count
                try emitter.draw(layer, index: index, of: strokes)
                if copy == 0 { emitter.stream.layers[index].commands = first..<emitter.stream.commands.count }
                execution.progress("emit", Double(layer.strokes.upperBound) / Double(max(1, strokes.polylines.count)))
            }
            emitter.travel(to: Point(0, 0), stroke: -1)
        }
        return emitter.stream
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

    private mutating func setUp() {
        let mode = UInt8(clamping: profile.microstepMode)
        stream.append(.enableMotors(mode, mode), ticks: 1, stroke: -1)
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

    private mutating func draw(
        _ layer: PlannedStrokes.Layer, index: Int, of strokes: PlannedStrokes
    ) throws(PlanError) {
        pause(Double(layer.codes.delayMilliseconds ?? 0))
        let before = stream.durationTicks
        setHeight(layer.codes.penDownHeight(below: profile.penUpHeight))
        let speed = layer.codes.penDownSpeedPercent.map { $0 / 100 * profile.fullSpeed } ?? profile.penDown.speed
        for stroke in layer.strokes {
            let points = strokes.polylines[stroke]
            guard let beginning = points.first, let last = points.last else { continue }
            try checkSize(next: strokes.polylines.length(stroke) / speed)
            travelAndLower(to: beginning, stroke: Int32(clamping: stroke))
            let tolerance = strokes.moveTolerance(ofStroke: stroke, of: options.tolerance)
            let first = stream.commands.count
            append(
                points,
                MotionLimits(
                    speed: speed, acceleration: profile.penDown.acceleration,
                    junctionDeviation: profile.junctionDeviation, tolerance: tolerance),
                cornerTolerance: max(tolerance, options.cornerTolerance * 0.9 - (options.tolerance - tolerance) / 4),
                stroke: Int32(clamping: stroke))
            place = last
            stream.penDownMillimetres += stream.millimetres(of: first..., pathLength)
            movePen(isUp: true, stroke: Int32(clamping: stroke), travels: options.overlapsPen)
            stream.penLifts += 1
            stream.layers[index].strokes += 1
        }
        stream.layers[index].ticks += stream.durationTicks - before
    }

    /// Longest plot, and most commands of one: beyond, a figure is wrong or memory runs out.
    private static let longestDays = 90.0
    private static let mostCommands = 1 << 25

    /// Throws when the stream with a stroke of so many seconds would be larger than any plot.
    private func checkSize(next seconds: Double) throws(PlanError) {
        if stream.durationSeconds + seconds > Self.longestDays * 86_400 {
            throw .tooLarge("drawing it would take more than \(Int(Self.longestDays)) days")
        }
        if stream.commands.count > Self.mostCommands {
            throw .tooLarge("drawing it would take more than \(Self.mostCommands) commands")
        }
    }

    private mutating func travel(to target: Point, stroke: Int32) {
        planTravel(to: target)
        appendPlanned(stroke: stroke)
    }

    /// The pen begins to fall before the carriage arrives, late enough to be off the paper until then: a pen-down that waits
    /// for nothing, what is left of the travel, and a pen-down that waits for the rest of the drop.
    private mutating func travelAndLower(to target: Point, stroke: Int32) {
        planTravel(to: target)
        let perMillisecond = Double(BoardClock.ticksPerMillisecond)
        let ticks = curves?.plannedTicks ?? moves.reduce(0) { $0 + Int64($1.ticks) }
        let lead = Int64(pen.times.lead(travel: Double(ticks) / perMillisecond) * perMillisecond)
        let shortest = planner.steps.shortestTicks
        var first: Int?
        if options.overlapsPen, options.timesDrop, firmware >= FirmwareVersion(3, 0, 0), lead > 0 {
            if curves != nil {
                first = curves?.cut(before: lead, shortest: shortest)
            } else {
                first = moves.cut(before: lead, shortest: shortest)
            }
        }
        guard let first else {
            appendPlanned(stroke: stroke)
            return movePen(isUp: false, stroke: stroke)
        }
        let before = stream.durationTicks
        appendPlanned(..<first, stroke: stroke)
        lowerPen(milliseconds: 0, stroke: stroke)
        let passed = Double(ticks - (stream.durationTicks - before - 1)) / perMillisecond
        appendPlanned(first..., stroke: stroke)
        lowerPen(milliseconds: UInt16(max(1, (Double(pen.times.drop) - passed).rounded(.up))), stroke: stroke)
    }

    private mutating func planTravel(to target: Point) {
        plan(
            [place, target],
            MotionLimits(
                speed: profile.penUp.speed, acceleration: profile.penUp.acceleration,
                junctionDeviation: profile.junctionDeviation, tolerance: 0),
            cornerTolerance: options.cornerTolerance)
        stream.penUpMillimetres += place.distance(to: target)
        place = target
    }

    /// Appends the commands along `path`, from rest to rest, by the rule of the plot.
    private mutating func append(
        _ path: ArraySlice<Point>, _ limits: MotionLimits, cornerTolerance: Double, stroke: Int32
    ) {
        plan(path, limits, cornerTolerance: cornerTolerance)
        appendPlanned(stroke: stroke)
    }

    /// Plans the moves along `path`, from rest to rest, by the rule of the plot.
    private mutating func plan(_ path: ArraySlice<Point>, _ limits: MotionLimits, cornerTolerance: Double) {
        if curves != nil {
            let curve = CurveLimits(
                speed: limits.speed, acceleration: limits.acceleration, cornerTolerance: cornerTolerance,
                tolerance: max(limits.tolerance, 0.002))
            curves?.plan(path, curve)
            return
        }
        moves.removeAll(keepingCapacity: true)
        planner.append(path: path, limits: limits, to: &moves)
    }

    /// Appends the commands of all that was planned last.
    private mutating func appendPlanned(stroke: Int32) { appendPlanned(0..., stroke: stroke) }

    /// Appends the commands of some of the moves that were planned last.
    private mutating func appendPlanned(_ part: some RangeExpression<Int>, stroke: Int32) {
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
                    stream.append(slice.command, ticks: slice.ticks, stroke: stroke)
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
