internal import Motion

/// Why nothing can be made of a drawing.
enum PlanningError: Error, Equatable, Sendable {
    case unreadable(SVG.ParseError)
    case unplannable(PlanError)

    /// The drawing needs more memory or work than it was allowed.
    var isOverBudget: Bool {
        switch self {
        case .unreadable(let error):
            switch error.reason {
            case .memory, .work: true
            case .empty, .encoding, .malformed, .unusable, .limit, .compressed, .cancelled: false
            }
        case .unplannable(.memory): true
        case .unplannable: false
        }
    }

    /// For people.
    var sentence: String {
        switch self {
        case .unreadable(let error):
            switch error.reason {
            case .memory: "\(error): limits.memoryMebibytes of the settings."
            case .work: "\(error)."
            case .empty, .encoding, .malformed, .unusable, .limit, .compressed, .cancelled:
                "The drawing cannot be read: \(error)."
            }
        case .unplannable(let error): PlotPlanning.sentence(error)
        }
    }
}
