internal import EBB
internal import Motion

/// Plans strokes as they come, piece by piece, each from where the one before has ended.
struct PieceMaker {
    /// Points of one piece: few enough that it is planned in a moment, many enough that travel is most of its pauses.
    static let mostPoints = 4_000

    private var profile: MachineProfile
    private let options: PlotOptions
    private let firmware: FirmwareVersion
    /// Where the last piece has ended; nil = nothing has been drawn.
    private(set) var place: Point?
    /// Strokes that have been planned.
    private(set) var strokes = 0
    private(set) var penDownMillimetres = 0.0

    init(profile: MachineProfile, options: PlotOptions, firmware: FirmwareVersion) {
        var options = options
        // As they come: in their order, as long as they are, where they are.
        (options.order, options.joins, options.keepsDuplicates) = (.none, false, true)
        (options.pageIsMachine, options.page) = (true, nil)
        (options.rotation, options.fit, options.origin, options.margin) = (0, .none, Point(0, 0), .zero)
        (options.copies, options.isStrict) = (1, false)
        // Where the play stands after a piece only its motors know.
        self.profile = profile
        self.profile.backlash = Size(width: 0, height: 0)
        self.options = options.driven(by: firmware)
        self.firmware = firmware
    }

    /// What a run begins with: the board's set-up, and the pen up.
    func beginning() throws(PlanError) -> Program { Program(try stream(Polylines(), end: .stay)) }

    /// Plans strokes in the order in which they came; nil where nothing of them lies on the machine.
    mutating func piece(_ lines: Polylines) throws(PlanError) -> ProgramPiece? {
        let count = lines.count
        var polylines = lines
        polylines.finish()
        let flat = FlatDrawing(
            page: profile.travel, layers: [DrawingLayer(name: nil)],
            styles: [FlatDrawing.Style(layer: 0, stroke: .black, fill: nil)], polylines: polylines,
            styleOf: Array(repeating: 0, count: count), isClosed: Array(repeating: false, count: count),
            isCurved: Array(repeating: false, count: count))
        let planned: PlannedStrokes
        do throws(PlanError) {
            planned = try flat.planned(options: options, profile: profile, execution: .serial)
        } catch {
            switch error {
            case .nothingToDraw, .nothingInsideMachine, .nothingVisible: return nil
            case .strict, .limit, .firmware, .noJerk, .noCurves, .tooLarge, .memory, .cancelled: throw error
            }
        }
        guard let last = planned.polylines.points.last else { return nil }
        let stream = try stream(planned.polylines, isExact: planned.isExact, end: .stay)
        let made = ProgramPiece(Program(stream), from: start(of: stream))
        for i in 0..<planned.polylines.count { penDownMillimetres += planned.polylines.length(i) }
        strokes += planned.polylines.count
        place = last
        return made
    }

    /// The way to where the carriage is to end; nil where it stands there.
    func wayHome() throws(PlanError) -> ProgramPiece? {
        guard place != nil, options.end != .stay else { return nil }
        let stream = try stream(Polylines(), end: options.end)
        return ProgramPiece(Program(stream), from: start(of: stream))
    }

    /// A stream from home by a dot where the last piece has ended, which is never drawn again.
    private func stream(
        _ lines: Polylines, isExact: [Bool] = [], end: PlotOptions.End
    ) throws(PlanError) -> CommandStream {
        var polylines = Polylines()
        if let place { polylines.append([place]) }
        for i in 0..<lines.count { polylines.append(lines[i]) }
        var strokes = PlannedStrokes(
            polylines: polylines,
            layers: [
                PlannedStrokes.Layer(name: nil, strokes: 0..<polylines.count, colour: .black)
            ], pageOrigin: Point(0, 0), page: profile.travel)
        if !isExact.isEmpty { strokes.isExact = (place == nil ? [] : [false]) + isExact }
        var options = options
        options.end = end
        return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
    }

    /// The command behind the pen-up of the dot, or of the set-up where there is none.
    private func start(of stream: CommandStream) -> Int {
        let from = place == nil ? 0 : stream.commands.firstIndex(where: \.beginsStroke) ?? 0
        return (stream.commands[from...].firstIndex { $0.penIsUp == true } ?? from) + 1
    }
}
