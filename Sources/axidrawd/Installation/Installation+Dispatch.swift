internal import HTTP
internal import Text

/// Has a press drawn by a task that comes from elsewhere with the press's ticket.
protocol PressDispatch: Sendable {
    /// Whether it does so for this plotter.
    func dispatches(for plotter: String) -> Bool
    /// Asks for the task of a press; returns when it is promised. May be asked for the same press again.
    func dispatch(_ ticket: PressTicket) async throws(DispatchFailure)
}

/// Why no task is promised; one may still come.
struct DispatchFailure: Error, Equatable, Sendable {
    /// For people.
    var reason: String
    /// Whether it may help to ask again; else it is a mistake that a person must mend.
    var isPassing: Bool
}

/// Presses that are drawn by tasks of a scheduler.
///
/// A press has its place in the line and on the disk before anybody is asked, and the scheduler is never waited for beyond
/// a few seconds: whether a task comes decides only who makes the drawing. A task that comes late, or twice, or whose
/// promise was never heard of, brings the ticket of its press and finds what became of it.
extension Installation {
    /// A press whose turn it is waits so long for its task, from the moment it counts, ms.
    static let taskMilliseconds = 15_000
    /// Waits between tries, ms: bounded, as the press is drawn here meanwhile.
    static let dispatchWaits = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]

    /// Asks for the task of a press that has just been promised; returns at once.
    func dispatch(_ ticket: PressTicket) {
        guard let dispatcher, dispatcher.dispatches(for: ticket.plotter) else { return }
        awaitTask(of: ticket)
        Task { await dispatch(ticket, by: dispatcher) }
    }

    func awaitTask(of ticket: PressTicket) {
        guard dispatcher?.dispatches(for: ticket.plotter) ?? false else { return }
        awaited[ticket.id] = clock() + Self.taskMilliseconds
    }

    /// Whether the task of a press may still come in time.
    func isAwaitingTask(_ place: WaitingLine.Place?) -> Bool {
        guard case .press(let ticket)? = place?.holder, let until = awaited[ticket.id] else { return false }
        return clock() < until
    }

    private func dispatch(_ ticket: PressTicket, by dispatcher: any PressDispatch) async {
        for (number, wait) in ([0] + Self.dispatchWaits).enumerated() {
            if wait > 0 { await pause(wait + Int.random(in: 0...wait / 5)) }
            // It is being drawn, here or by a task that came all the same.
            guard isOpen(ticket) else { return }
            do throws(DispatchFailure) {
                try await dispatcher.dispatch(ticket)
                return
            } catch {
                awaited[ticket.id] = nil
                let isLast = !error.isPassing || number == Self.dispatchWaits.count
                if number == 0 || isLast { report(error, ticket) }
                callNext(ticket.plotter)
                if isLast { return }
            }
        }
    }

    private func isOpen(_ ticket: PressTicket) -> Bool {
        guard case .press? = lines[ticket.plotter]?.place(of: ticket.id)?.holder else { return false }
        return lines[ticket.plotter]?.turn?.place.ticket != ticket.id
    }

    private func report(_ failure: DispatchFailure, _ ticket: PressTicket) {
        let words = "No task was promised for the press of \(ticket.product): \(failure.reason). It is drawn here."
        queue.publish("incident", Self.incident("dispatch-failed", ticket.plotter, words))
    }
}
