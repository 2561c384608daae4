internal import HTTP
internal import Motion
internal import Text

/// The page with the state of one plotter written in, so that it says something without script.
struct Page: Sendable {
    var device: DeviceRecord
    var otherDevices: [String]
    var job: PlotJob?
    /// What went wrong with the form that was sent, or nil.
    var complaint: String?
    /// The plotter's own figures; nil = they are not told.
    var profile: MachineProfile?
    /// Of who looks: buttons that they may not press are not there.
    var role = Role.operator
    /// From where the page is shown to its top: a proxy may serve it below any prefix, so no link begins with a slash.
    var root = ""

    /// The whole answer.
    func response(_ web: WebFront, status: Int = 200) -> Response { web.page("page.html", values, status: status) }

    private var values: Template.Values {
        Self.place(device.name).merging([
            "role": .text(role.name), "may": .flag(role >= .operator),
            "isUnderWay": .flag(job?.state.isUnderWay ?? false),
            "root": .text(root), "do": .text("\(root)do/\(RequestTarget.queryEncoded(device.name))/"),
            "isSimulated": .flag(device.isSimulated), "sentence": .text(device.sentence),
            "connection": .text(connection), "complaint": .text(complaint ?? ""),
            "hasOthers": .flag(!otherDevices.isEmpty), "others": .list(otherDevices.map(Self.place)),
            "width": .text(brief(device.travel.width)), "height": .text(brief(device.travel.height)),
            "hasJob": .flag(job != nil), "jobName": .text(job?.name ?? ""), "fault": .text(fault),
            "isStopped": .flag(device.stoppedAt != nil),
            "isCut": .flag(job?.state == .interrupted || device.state.isPositionUnknown),
            "fraction": .text("\(job?.progress.fraction ?? 0)"), "progress": .text(progress),
            "isOpen": .flag(job.map { !$0.state.isFinal && $0.state != .stopping } ?? false),
            "figures": .list(figures),
        ]) { $1 }
    }

    private static func place(_ name: String) -> Template.Values {
        ["name": .text(name), "path": .text(RequestTarget.queryEncoded(name))]
    }

    private var connection: String {
        let firmware = device.firmware.map { ", firmware \($0)" } ?? ""
        let kind = device.isSimulated ? "Virtual board" : "Connected"
        return device.firmware == nil ? "No board connected" : "\(kind), \(device.profile)\(firmware)"
    }

    private var fault: String {
        if case .faulted = device.state { return device.sentence }
        if case .failed(let reason)? = job?.state { return "The plot failed: \(reason)" }
        return ""
    }

    private var progress: String { job.map { "\(Int($0.progress.fraction * 100)) %, \($0.state.word)" } ?? "" }

    // MARK: Speeds and pen heights

    /// A figure that may be changed while plotting.
    private struct Figure: Sendable {
        let option: String
        let member: String
        let label: String
        let own: @Sendable (MachineProfile) -> Double
    }

    private static let labels: [String: (label: String, own: @Sendable (MachineProfile) -> Double)] = [
        "pen-down-speed": ("Drawing, mm/s", \.penDown.speed), "pen-up-speed": ("Travel, mm/s", \.penUp.speed),
        "pen-down-height": ("Pen down, %", \.penDownHeight), "pen-up-height": ("Pen up, %", \.penUpHeight),
    ]

    /// Where the pen goes to try a height.
    private static let tries = ["pen-down-height": "down", "pen-up-height": "up"]

    private static let known: [Figure] = JobChange.members.compactMap { member in
        labels[member.option].map {
            Figure(option: member.option, member: member.name, label: $0.label, own: $0.own)
        }
    }

    /// Fields that the script keeps up to date; without script they are sent as a plain form.
    private var figures: [Template.Values] {
        Self.known.map { figure in
            [
                "option": .text(figure.option), "member": .text(figure.member), "label": .text(figure.label),
                "own": .text(profile.map { brief(figure.own($0)) } ?? ""),
                "value": .text(job?.options[figure.option] ?? ""),
                "try": .text(Self.tries[figure.option] ?? ""),
            ]
        }
    }
}
