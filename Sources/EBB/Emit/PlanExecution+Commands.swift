public import Motion

extension PlanExecution {
    /// The same, with small drawings compared by the time of their commands for boards of a firmware.
    ///
    /// - Parameters: what the strokes are planned with; of the options what `driven(by:)` leaves of them.
    public func comparing(
        profile: MachineProfile, options: PlotOptions, firmware: FirmwareVersion
    ) -> PlanExecution {
        var comparing = self
        var quiet = self
        quiet.progress = { _, _ in }
        comparing.seconds = { [quiet] strokes in
            do throws(PlanError) {
                return try Emitter.stream(
                    for: strokes, profile: profile, options: options, firmware: firmware, execution: quiet
                ).durationSeconds
            } catch {
                // Whatever is wrong, what is drawn is refused for as well.
                return nil
            }
        }
        return comparing
    }
}
