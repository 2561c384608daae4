/// Why the installation does not do what it was asked; nothing of it has happened then.
enum InstallationError: Error, Equatable, Sendable {
    /// The plotter or its queue refuses.
    case queue(JobError)
    /// A press that would move the machine, where presses only ask for drawings.
    case onlyDraws(plotter: String, PlotterState)
    /// So many presses wait already.
    case full(places: Int, plotter: String)
    case unknownProduct(String)
    /// A press that could not be written down does not count.
    case notStored(SpoolError)

    static func unknownPlotter(_ name: String) -> InstallationError { .queue(.unknownDevice(name)) }
}

extension InstallationError {
    /// What a person is told.
    var sentence: String {
        switch self {
        case .queue(let error): error.sentence
        case .onlyDraws(let plotter, _):
            "A long press would release the motors of \(plotter); presses of this installation only ask for drawings. "
                + "Use the plotter's own page, or \"press\": \"machine\" in the installation file."
        case .full(let places, let plotter):
            "\(places) presses wait at \(plotter) already; try again after the next drawing."
        case .unknownProduct(let name): "There is no product \(name)."
        case .notStored(let error): "The press cannot be stored (\(error)); it does not count."
        }
    }

    /// The state that forbids it, where one does.
    var state: String? {
        switch self {
        case .queue(let error): error.conflict?.state
        case .onlyDraws(_, let state): state.publicName
        case .full, .unknownProduct, .notStored: nil
        }
    }

    /// The plotter's state forbids it, and nothing has changed.
    var isConflict: Bool { if case .queue(let error) = self { error.conflict != nil } else { false } }

    /// May be asked again as it is: somebody else was faster, or there is no room at present.
    var isPassing: Bool {
        switch self {
        case .queue(let error): error.isPassing
        case .full, .notStored: true
        case .onlyDraws, .unknownProduct: false
        }
    }
}
