internal import HTTP

extension Problem {
    init(_ error: InstallationError) {
        let detail = error.sentence
        switch error {
        case .queue(let error): self.init(error)
        case .onlyDraws:
            self.init(409, "press-draws", "Presses ask for drawings here", detail)
            state = error.state
        case .full:
            self.init(429, "queue-full", "The queue is full", detail)
            retryAfterSeconds = 60
        case .unknownProduct: self.init(422, "unknown-product", "No such product", detail)
        case .notStored(.noSpace): self.init(507, "disk-full", "Disk full", detail)
        case .notStored: self = .busy(detail, retryAfterSeconds: 10)
        }
    }
}
