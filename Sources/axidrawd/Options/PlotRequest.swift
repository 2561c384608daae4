internal import EBB
internal import Motion
internal import Text

/// What the shared flags of plotting say together.
struct PlotRequest: Equatable, Sendable {
    var options = PlotOptions()
    var profile = MachineProfile.standard
    var firmware = FirmwareVersion.v303
}

extension MachineProfile {
    /// The machine of a command line that names none.
    static var standard: MachineProfile {
        guard let first = builtIn.first else { preconditionFailure("a profile is built in") }
        return first
    }
}

extension MachineProfile {
    /// Measured times of the pen for a longer way than that at which they were measured, %.
    fileprivate mutating func stretchPenTimes(from travel: Double) {
        let share = travel > 0 ? max(1, (penUpHeight - penDownHeight) / travel) : 1
        liftTime = liftTime.map { min($0 * share, PlanRange.penSeconds.upperBound) }
        dropTime = dropTime.map { min($0 * share, PlanRange.penSeconds.upperBound) }
    }
}

extension FlagReader {
    /// Options, machine and firmware: profile first, then the preset over it, then single flags.
    ///
    /// - Parameter machine: whose figures hold where no flag says otherwise.
    func plotRequest(over machine: MachineProfile = .standard) throws -> PlotRequest {
        var request = PlotRequest()
        request.profile = machine
        if let name = text("profile") { request.profile = try ProfileFile.profile(named: name) }
        choice("preset", as: Preset.self)?.apply(to: &request)
        if let version = firmware("firmware") { request.firmware = version }
        try applyDrawingFlags(to: &request.options)
        try applyAreaFlags(to: &request.options)
        try applyPlacementFlags(to: &request.options)
        applyMachineFlags(to: &request.profile)
        try applyPenFlags(to: &request)
        applyOrderFlags(to: &request.options)
        try applyPlanFlags(to: &request.options)
        try applyInkFlags(to: &request.options)
        return request
    }

    /// Flags of `PlotFlags.drawing`, all that `flatten` knows.
    func applyDrawingFlags(to options: inout PlotOptions) throws {
        if let value = number("tolerance") { options.tolerance = value }
        if let value = number("dpi") { options.dpi = value }
        if let value = choice("outline", as: PlotOptions.Outline.self) { options.outline = value }
        if isOn("solid") { options.isSolid = true }
        if isOn("hairlines") { options.drawsHairlines = true }
        if isOn("keep-background") { options.keepsBackground = true }
        if let value = integer("page-number") { options.pageNumber = value }
        if let name = text("text") {
            options.text = try FontFile.font(named: name)
            options.textIsOfDrawing = name == PenFont.ofDrawing
        }
        if let list = text("layers") {
            options.layers = list.split(separator: ",").map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        }
    }

    /// Flags of `PlotFlags.areas`.
    func applyAreaFlags(to options: inout PlotOptions) throws(UsageError) {
        options.hatch = hatch("hatch")
        if options.hatch == nil, let way = ["hatch-angle", "hatch-pattern"].first(where: { isOn($0) }) {
            throw .conflict("--\(way) needs --hatch, which gives the spacing")
        }
        if let value = number("hatch-angle") { options.hatch?.degrees = value }
        if let value = choice("hatch-pattern", as: Hatch.Pattern.self) { options.hatch?.pattern = value }
        if isOn("hatch-shade") {
            if options.hatch == nil { throw .conflict("--hatch-shade needs --hatch, which gives the spacing of black") }
            options.hatch?.isShaded = true
        }
        if isOn("occlude") { options.hidesLines = true }
        if let value = number("pen-width") { options.penWidth = value }
    }

    private func applyPlacementFlags(to options: inout PlotOptions) throws(UsageError) {
        if let size = size("page") {
            options.page = size
            options.pageIsNamed = isPaper("page")
        }
        if text("page") == "machine" { options.pageIsMachine = true }
        if let value = choice("orientation", as: PlotOptions.Orientation.self) { options.orientation = value }
        if let value = margin("margin") { options.margin = value }
        if let value = choice("fit", as: PlotOptions.Fit.self) { options.fit = value }
        if let value = number("rotate") { options.rotation = value }
        if let value = point("origin") { options.origin = value }
        options.isSpliced = isOn("splice")
        if options.isSpliced, isOn("origin") {
            throw .conflict("--splice says itself where each tile lies on the machine: leave --origin out")
        }
        guard let page = options.page else { return }
        let margin = options.margin
        if margin.left + margin.right >= page.width || margin.top + margin.bottom >= page.height {
            throw .conflict("--margin leaves nothing of a page of \(brief(page.width))x\(brief(page.height)) mm")
        }
    }

    private func applyMachineFlags(to profile: inout MachineProfile) {
        if let value = number("pen-down-speed") { profile.penDown.speed = value }
        if let value = number("pen-up-speed") { profile.penUp.speed = value }
        if let value = number("pen-down-acceleration") { profile.penDown.acceleration = value }
        if let value = number("pen-up-acceleration") { profile.penUp.acceleration = value }
        if let value = number("junction-deviation") { profile.junctionDeviation = value }
    }

    private func applyPenFlags(to request: inout PlotRequest) throws(UsageError) {
        let travel = request.profile.penUpHeight - request.profile.penDownHeight
        defer { request.profile.stretchPenTimes(from: travel) }
        if let value = number("pen-up-height") { request.profile.penUpHeight = value }
        if let value = number("pen-down-height") { request.profile.penDownHeight = value }
        if request.profile.penUpHeight <= request.profile.penDownHeight {
            throw .conflict(
                "--pen-up-height \(brief(request.profile.penUpHeight)) must be above"
                    + " --pen-down-height \(brief(request.profile.penDownHeight))")
        }
        if let value = number("lift-time") { request.options.liftTime = value }
        if let value = number("drop-time") { request.options.dropTime = value }
        if isOn("overlap") && isOn("no-overlap") { throw .conflict("--overlap and --no-overlap exclude each other") }
        if isOn("overlap") { request.options.overlapsPen = true }
        if isOn("no-overlap") { request.options.overlapsPen = false }
    }

    private func applyOrderFlags(to options: inout PlotOptions) {
        if let value = choice("order", as: PlotOptions.Order.self) { options.order = value }
        if let value = number("order-seconds") { options.orderSeconds = value }
        if text("join") == "none" { options.joins = false }
        if let value = number("join") { options.joinDistance = value }
        if let value = number("min-length") { options.minimumLength = value }
        if isOn("keep-duplicates") { options.keepsDuplicates = true }
        if isOn("one-pen") { options.usesOnePen = true }
        if let value = choice("by", as: PlotOptions.Grouping.self) { options.grouping = value }
    }

    private func applyPlanFlags(to options: inout PlotOptions) throws(UsageError) {
        if let value = choice("motion", as: PlotOptions.Motion.self) {
            options.motion = value
            options.demandsMotion = true
        }
        if let value = number("corner-tolerance") { options.cornerTolerance = value }
        if let value = number("jerk") {
            if options.demandsMotion, options.motion == .junction {
                throw .conflict("--jerk needs --motion physical: junction lets velocity itself jump at corners")
            }
            (options.jerk, options.demandsJerk, options.motion) = (value, true, .physical)
        }
        if text("jerk") == "none" { options.jerk = nil }
        if isOn("strict") { options.isStrict = true }
        if let value = integer("copies") { options.copies = value }
        if let value = number("page-delay") { options.pageDelay = value }
    }
}

extension Substring {
    /// Without blanks and tabs at either end.
    var trimmingBlanks: String {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
