internal import Dispatch
internal import EBB
internal import Motion
internal import Picture

/// A drawing made ready to draw: its strokes and the complete command stream.
struct PreparedPlot: Sendable {
    let strokes: PlannedStrokes
    let stream: CommandStream

    /// Runs every stage: read, flatten, plan, emit.
    ///
    /// - Parameter budget: what it may cost; planning holds no more bytes than reading.
    init(
        drawing: [UInt8], request: PlotRequest, budget: DrawingBudget = .standard, execution: PlanExecution
    ) throws(Pipeline.Failure) {
        do { try request.options.check(for: request.firmware) } catch { throw .unplannable(error) }
        let options = request.options.driven(by: request.firmware)
        var execution = execution
        execution.bytes = min(execution.bytes, budget.bytes)
        var planned = try Pipeline.strokes(
            of: drawing, options: options, profile: request.profile, budget: budget,
            execution: execution.comparing(
                profile: request.profile, options: options, firmware: request.firmware))
        planned.diagnostics += request.firmware.diagnostics
        strokes = planned
        do {
            stream = try Emitter.stream(
                for: strokes, profile: request.profile, options: options, firmware: request.firmware,
                execution: execution)
        } catch {
            throw .unplannable(error)
        }
    }

    /// The stream as the board reads it, one command a line.
    ///
    /// - Parameter lineEnd: CR for the wire, LF for a file.
    func bytes(lineEnd: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stream.commands.count * 32)
        for command in stream.commands {
            command.write(to: &bytes)
            if !bytes.isEmpty { bytes[bytes.count - 1] = lineEnd }
        }
        return bytes
    }

    /// From which tick of a trace on which pen draws: stroke by stroke, as the pen was seen to touch the paper.
    ///
    /// Strokes are told apart by touch-downs, so that the colours are right however slowly the board was fed. A trace
    /// that is not of the whole plot is coloured as far as it goes.
    func inks(in trace: Trace) -> [Ink] {
        var inks: [Ink] = []
        var stroke = -1
        let layers = strokes.layers
        var next = 0
        var last: PenColour?
        var isTouching = false
        let count = max(1, strokes.polylines.count)
        for vertex in trace.vertices {
            defer { isTouching = vertex.isTouching }
            guard vertex.isTouching && !isTouching else { continue }
            stroke += 1
            let number = stroke % count
            // Layers are in the order of their strokes: looked for only onwards.
            if number == 0 { next = 0 }
            while next < layers.count && layers[next].strokes.upperBound <= number { next += 1 }
            guard next < layers.count, layers[next].strokes.contains(number) else { continue }
            let colour = strokes.colour(ofStroke: number, in: layers[next]) ?? .black
            if colour == last { continue }
            last = colour
            inks.append(Ink(fromTick: vertex.tick, colour: InkColour(colour)))
        }
        return inks
    }

    /// The trace with the ink of each tile where it lies on the sheet; as it is where there are no tiles.
    ///
    /// - Parameter stepsPerMillimetre: of the trace.
    func laidOut(_ trace: Trace, stepsPerMillimetre: Double) -> Trace {
        guard !strokes.tiles.isEmpty else { return trace }
        var laid = trace
        let count = max(1, strokes.polylines.count)
        var (stroke, tile, isTouching) = (-1, 0, false)
        for k in laid.vertices.indices {
            let vertex = laid.vertices[k]
            if vertex.isTouching, !isTouching {
                stroke += 1
                if stroke % count == 0 { tile = 0 }
                while tile + 1 < strokes.tiles.count, strokes.tiles[tile].strokes.upperBound <= stroke % count {
                    tile += 1
                }
            }
            isTouching = vertex.isTouching
            let shift = strokes.tiles[tile].shift
            laid.vertices[k].motor1 &+= Int32(((shift.x + shift.y) * stepsPerMillimetre).rounded())
            laid.vertices[k].motor2 &+= Int32(((shift.x - shift.y) * stepsPerMillimetre).rounded())
        }
        return laid
    }

    /// The page on the bed, for pictures of this plot.
    var pageArea: Sheet.Area {
        Sheet.Area(
            x: strokes.pageOrigin.x, y: strokes.pageOrigin.y, width: strokes.page.width, height: strokes.page.height)
    }
}

extension InkColour {
    /// Ink on white paper: pale colours are shown darker.
    init(_ colour: PenColour) {
        let shown = colour.onWhitePaper
        self.init(red: shown.red, green: shown.green, blue: shown.blue)
    }
}

extension PlanExecution {
    /// All cores, for a run in the foreground.
    static func onAllCores(
        isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (StaticString, Double) -> Void = { _, _ in }
    ) -> PlanExecution {
        PlanExecution(
            concurrently: { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) },
            isCancelled: isCancelled, progress: progress)
    }
}

extension FirmwareVersion {
    /// What a plot for this firmware does worse than for a newer one, and the way out.
    var diagnostics: [Diagnostic] {
        guard !hasAcceleratedMoves else { return [] }
        return [
            Diagnostic(
                .warning, code: "old-firmware",
                message:
                    "Firmware \(self) has no accelerated moves: the plot is drawn in steps of constant speed, by --motion "
                    + "junction and less smoothly. The maker's EBB firmware updater brings 2.8.1, which has them.")
        ]
    }
}
