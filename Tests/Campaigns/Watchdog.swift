internal import Foundation

/// Ends the program if a run does not end: in simulated time nothing else would notice.
struct Watchdog: Sendable {
    private let task: Task<Void, Never>

    init(seconds: Int, _ text: String) {
        task = Task {
            do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
            complain(text)
            exit(1)
        }
    }

    func end() { task.cancel() }
}
