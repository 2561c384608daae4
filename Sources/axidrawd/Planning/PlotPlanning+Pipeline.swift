internal import EBB
internal import HTTP
internal import Motion
internal import Text

extension PlotPlanning {
    /// The real way, with what this machine allows.
    static let pipeline = pipeline(Live(MemoryAllowance(settingMebibytes: nil)))

    /// The real way, with as much memory as is allowed at the time.
    static func pipeline(_ memory: Live<MemoryAllowance>) -> PlotPlanning {
        PlotPlanning(
            read: {
                (bytes: [UInt8], options: PlotOptions, share: DrawingShare, isCancelled: @escaping @Sendable () -> Bool)
                    throws(PlanningError) -> FlatDrawing in
                var execution = PlanExecution.serial
                execution.isCancelled = isCancelled
                do throws(Pipeline.Failure) {
                    let budget = memory.value.budget(share)
                    let flat = try Pipeline.flatDrawing(
                        of: bytes, options: options, tolerance: options.tolerance * ToleranceShare.chords,
                        budget: budget, execution: execution)
                    // Told now to who hands it in, rather than later to who finds the job failed.
                    execution.bytes = budget.bytes
                    do throws(PlanError) { try flat.requirePlanMemory(execution) } catch { throw .unplannable(error) }
                    return flat
                } catch { throw failure(error) }
            },
            plan: {
                (drawing, options, machine, first, share, execution) throws(PlanningError) -> PlannedPlot in
                var execution = execution
                execution.bytes = memory.value.budget(share).bytes
                return try planned(drawing, options, machine, first, execution)
            })
    }

    private static func planned(
        _ drawing: consuming FlatDrawing, _ options: PlotOptions, _ machine: TargetMachine, _ firstStroke: Int,
        _ execution: PlanExecution
    ) throws(PlanningError) -> PlannedPlot {
        do throws(PlanError) {
            try options.check(for: machine.firmware)
            let options = options.driven(by: machine.firmware)
            let whole = try (consume drawing).planned(
                options: options, profile: machine.ordering,
                execution: execution.comparing(
                    profile: machine.ordering, options: options, firmware: machine.firmware))
            let strokes = firstStroke > 0 ? whole.beginning(atStroke: firstStroke) : whole
            let stream = try Emitter.stream(
                for: strokes, profile: machine.profile, options: options, firmware: machine.firmware,
                execution: execution)
            var summary = JobSummary(
                durationSeconds: stream.durationSeconds, penDownMillimetres: stream.penDownMillimetres,
                penUpMillimetres: stream.penUpMillimetres, penLifts: stream.penLifts,
                strokes: strokes.polylines.count, points: stream.points, commands: stream.commands.count,
                pageX: strokes.pageOrigin.x, pageY: strokes.pageOrigin.y, pageWidth: strokes.page.width,
                pageHeight: strokes.page.height, layers: JobLayer.layers(of: strokes, stream), choices: strokes.offered)
            summary.ink = strokes.polylines.points.reduce(into: Box()) { $0.include($1) }
            return PlannedPlot(
                program: Program(stream),
                summary: summary, diagnostics: strokes.diagnostics + machine.firmware.diagnostics, strokes: strokes)
        } catch {
            throw .unplannable(error)
        }
    }

    private static func failure(_ failure: Pipeline.Failure) -> PlanningError {
        switch failure {
        case .unreadable(let error): .unreadable(error)
        case .unplannable(let error): .unplannable(error)
        }
    }

    /// What a person reads.
    static func sentence(_ error: PlanError) -> String {
        switch error {
        case .nothingToDraw: "The drawing has no visible path."
        case .nothingVisible(let reason): "The drawing has nothing to draw: \(reason)."
        case .nothingInsideMachine: "Nothing of the drawing lies inside the page and the machine."
        case .strict(let diagnostic): diagnostic.message
        case .limit(let name, let value, let range):
            "\(name) is \(brief(value)); it must be from \(brief(range.lowerBound)) to \(brief(range.upperBound))."
        case .firmware(let found, let needed):
            "Firmware \(found) cannot plot; \(needed) is needed. The maker's EBB firmware updater brings 2.8.1."
        case .noJerk(let found):
            "Firmware \(found) has no moves of limited jerk; the option jerk needs 3.0.0. Leave it out or say none."
        case .noCurves(let found):
            "Firmware \(found) has no accelerated moves; the motion physical needs 2.7.0. Leave it out, or bring the board to "
                + "2.8.1 by the maker's EBB firmware updater."
        case .tooLarge(let what): "The plot is too large: \(what)."
        case .memory(let needed, let allowed):
            "Planning it needs more than \(needed >> 20) MiB, \(allowed >> 20) MiB are allowed: simplify or split the drawing, "
                + "choose a larger tolerance, or raise limits.memoryMebibytes of the settings."
        case .cancelled: "Planning was cancelled."
        }
    }
}
