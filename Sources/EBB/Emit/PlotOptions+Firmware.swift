public import Motion

extension PlotOptions {
    /// The options as far as boards of a firmware can follow them: the price of a plan must be that of its commands.
    public func driven(by firmware: FirmwareVersion) -> PlotOptions {
        var options = self
        // A queue of one has no room for a pen-down, the rest of a travel and the wait behind it.
        if firmware < FirmwareVersion(3, 0, 0) { options.timesDrop = false }
        // Asked for by name it is an error, which `check(for:)` says.
        if !firmware.hasAcceleratedMoves, !options.demandsMotion { options.motion = .junction }
        if !firmware.hasJerkMoves { options.jerk = nil }
        return options
    }

    /// Throws where a board of this firmware cannot plot, or cannot do what was asked for by name.
    ///
    /// It needs no drawing: whoever knows the firmware asks before anything is read.
    public func check(for firmware: FirmwareVersion) throws(PlanError) {
        guard firmware >= .oldest else {
            throw .firmware(found: firmware.description, needed: FirmwareVersion.oldest.description)
        }
        if demandsMotion, motion == .physical, !firmware.hasAcceleratedMoves {
            throw .noCurves(firmware: firmware.description)
        }
        if demandsJerk, !firmware.hasJerkMoves { throw .noJerk(firmware: firmware.description) }
    }
}
