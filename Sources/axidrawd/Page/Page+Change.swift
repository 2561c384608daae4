internal import Motion

/// The form for speeds and pen heights of the drawing at hand.
extension Page {
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

    private static let figures: [Figure] = JobChange.members.compactMap { member in
        labels[member.option].map {
            Figure(option: member.option, member: member.name, label: $0.label, own: $0.own)
        }
    }

    /// Fields that the script keeps up to date; without script they are sent as a plain form.
    var changeForm: String {
        let isOpen = job.map { !$0.state.isFinal && $0.state != .stopping } ?? false
        return """
            <details id="change-box"\(isOpen ? "" : " hidden")>
            <summary>Speeds and pen heights</summary>
            <form method="post" action="\(action("change"))" id="change" novalidate>
            <div class="pairs">
            \(Self.figures.map(field).joined(separator: "\n"))
            </div>
            <p class="quiet" id="change-note">They count from the next stroke on. An empty field stands for the plotter's \
            own figure.</p>
            <button id="apply" aria-describedby="change-note">Change</button>
            <p class="quiet" id="changed" role="status"></p>
            </form>
            </details>
            """
    }

    private func field(_ figure: Figure) -> String {
        let value = job?.options[figure.option] ?? ""
        let own = profile.map { brief(figure.own($0)) } ?? ""
        return """
            <div><label for="\(figure.option)">\(figure.label)</label>\
            <input class="figure" id="\(figure.option)" name="\(figure.option)" data-member="\(figure.member)" \
            data-own="\(own)" placeholder="\(own)" value="\(escapedMarkup(value))" inputmode="decimal" \
            autocomplete="off"></div>
            """
    }
}
