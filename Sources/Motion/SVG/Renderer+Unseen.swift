extension SVG.Renderer {
    /// Why an element is left out without a word, as long as anything else is drawn.
    enum Unseen: Int, CaseIterable {
        case hidden, transparent, unpainted, filled, clipped, flat

        fileprivate var message: String {
            switch self {
            case .hidden: "hidden by display or visibility"
            case .transparent: "fully transparent"
            case .unpainted: "without a stroke or fill that paints"
            case .filled: "without a stroke, which --outline stroked leaves out"
            case .clipped: "clipped or masked away"
            case .flat: "made flat by a transform"
            }
        }
    }

    mutating func miss(_ reason: Unseen) {
        if !isMeasuring { unseen[reason.rawValue] += 1 }
    }

    /// What there is of a drawing that shows nothing; empty when the diagnostics say it.
    var unseenReasons: [String] {
        if isPageEmpty { return ["the page or its viewBox has no size, or the svg element is not displayed"] }
        let reasons = Unseen.allCases.filter { unseen[$0.rawValue] > 0 }.map { reason in
            let count = unseen[reason.rawValue]
            return "\(count) \(count == 1 ? "element is" : "elements are") \(reason.message)"
        }
        if !reasons.isEmpty || !log.isEmpty { return reasons }
        if !document.nodes.contains(where: { $0.tag.isShape }) { return ["the file has no shapes"] }
        return paths.isEmpty ? ["its shapes have no length, or stand where nothing is drawn, as in defs"] : []
    }
}
