// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import HTTP
    internal import TestSupport

    @testable internal import axidrawd

    /// One call to the disk fails while a store does something: every call of it in turn, in every way.
    enum FailingDisk {
        typealias Fault = QueueRun.Fault

        /// How a call fails.
        enum Failure: String, CaseIterable, Sendable {
            case noSpace, inputOutput, noDescriptors, failedSync

            private static let syncs: Set<String> = ["fsync", "fdatasync", "close"]

            /// The error of a call; nil where that call cannot fail so.
            func error(of call: String) -> SpoolError? {
                switch self {
                case .noSpace:
                    ["mkdir", "create", "write", "fallocate", "rename"].contains(call) ? .noSpace(path: "x") : nil
                case .inputOutput:
                    Self.syncs.contains(call) ? nil : .inputOutput(call: call, path: "x", code: 5)
                case .noDescriptors:
                    ["open", "create", "list", "read", "fsync"].contains(call)
                        ? .inputOutput(call: "open", path: "x", code: 24) : nil
                case .failedSync:
                    Self.syncs.contains(call) ? .inputOutput(call: call, path: "x", code: 5) : nil
                }
            }

            /// What a client is told.
            var status: Int { self == .noSpace ? 507 : 503 }
        }

        /// What the store is doing.
        enum Operation: String, CaseIterable, Sendable {
            case submit, cancel, reorder, hold, start, progress, finish, archive, settings
        }

        /// Lets the first call fail, then the second, and so on until the operation makes no more.
        ///
        /// - Returns: how many calls failed and the first rule that did not hold.
        static func check(
            _ operation: Operation, _ failure: Failure, mistake: QueueMistake? = nil
        ) -> (failures: Int, fault: Fault?) {
            var failures = 0
            for step in 1...1_000 {
                do {
                    var bench = try Bench(mistake)
                    switch try bench.run(operation, failure, step) {
                    case .passed: continue
                    case .failed: failures += 1
                    case .atEnd: return (failures, nil)
                    }
                } catch {
                    return (failures, Fault(description: "\(operation), \(failure) at call \(step): \(error)"))
                }
            }
            return (failures, Fault(description: "\(operation) makes no end of calls"))
        }

        private enum Outcome { case passed, failed, atEnd }
    }

    extension FailingDisk {
        /// A store with one job being drawn, two that wait and three that are over.
        private struct Bench {
            private static let new = "<svg id='new'/>"
            private static let limits: JobStore.Limits = {
                // One leaves for the history and the journal is written anew whenever there is an occasion.
                var limits = JobStore.Limits(finishedJobs: 2)
                limits.journalBytes = 100
                return limits
            }()

            private let disk = MemoryStorage()
            private let store: JobStore
            private var generator = SeededGenerator(seed: 1)
            private var over: [JobIdentifier] = []
            private var drawn: JobIdentifier
            private var first: JobIdentifier
            private var second: JobIdentifier

            init(_ mistake: QueueMistake?) throws {
                let storage: any SpoolStorage = mistake.map { [disk] in MistakenStorage(disk, $0) } ?? disk
                let store = try JobStore(storage: storage, limits: Self.limits, nowMilliseconds: 1)
                var generator = generator
                var made: [JobIdentifier] = []
                for k in 0..<6 { made.append(try Self.submit("<svg id='\(k)'/>", store, &generator)) }
                over = Array(made[..<3])
                for id in over { try store.move(id, to: .cancelled, nowMilliseconds: 3) }
                (drawn, first, second) = (made[3], made[4], made[5])
                try store.begin(drawn)
                try store.move(drawn, to: .plotting, nowMilliseconds: 4)
                self.store = store
                self.generator = generator
            }

            private static func submit(
                _ text: String, _ store: JobStore, _ generator: inout SeededGenerator
            ) throws(JobStore.Refusal) -> JobIdentifier {
                let bytes = Array(text.utf8)
                let submission = JobStore.Submission(
                    device: QueueRun.device, drawing: bytes, drawingSHA256: digest(bytes))
                return try store.submit(submission, nowMilliseconds: 2, using: &generator).id
            }

            private mutating func perform(_ operation: Operation) throws(JobStore.Refusal) {
                switch operation {
                case .submit: _ = try Self.submit(Self.new, store, &generator)
                case .cancel: try store.move(first, to: .cancelled, nowMilliseconds: 5)
                case .reorder: try store.move(second, before: first)
                case .hold: try store.move(first, to: .held("person"), nowMilliseconds: 5)
                case .start:
                    try store.begin(first, with: JobProgress(), nowMilliseconds: 5)
                case .progress:
                    store.progressSyncedAt = 0
                    try store.note(JobProgress(), of: drawn)
                case .finish: try store.move(drawn, to: .done, nowMilliseconds: 6)
                case .archive: try store.tidy()
                case .settings: try store.change(settingsOf: QueueRun.device) { $0.autoAdvance = true }
                }
            }

            mutating func run(_ operation: Operation, _ failure: Failure, _ step: Int) throws -> Outcome {
                let target = disk.calls + step
                let hasFailed = Flag()
                disk.failure = { call, name in
                    guard call == target, let error = failure.error(of: name) else { return nil }
                    hasFailed.isSet = true
                    return error
                }
                var refusal: JobStore.Refusal?
                do throws(JobStore.Refusal) { try perform(operation) } catch { refusal = error }
                let isAtEnd = disk.calls < target
                disk.failure = nil
                guard hasFailed.isSet else {
                    if let refusal { throw Fault(description: "refused for no reason: \(refusal)") }
                    return isAtEnd ? .atEnd : .passed
                }
                if let refusal, Problem(JobError.spool(refusal)).status != failure.status {
                    throw Fault(description: "answers \(Problem(JobError.spool(refusal)).status)")
                }
                if failure == .failedSync {
                    try checkUnsure(operation, isAcknowledged: refusal == nil)
                } else {
                    try checkRecovery(operation, isRepeated: refusal != nil)
                }
                return .failed
            }

            private final class Flag {
                var isSet = false
            }

            /// Nobody knows what is on disk: nothing is acknowledged, and a restart finds all that was before.
            private mutating func checkUnsure(_ operation: Operation, isAcknowledged: Bool) throws {
                for other in [Operation.submit, .cancel, .finish, .settings] {
                    do throws(JobStore.Refusal) { try perform(other) } catch {
                        guard error == .spool(.unsure) else { throw Fault(description: "\(other): \(error)") }
                        continue
                    }
                    throw Fault(description: "\(other) is acknowledged after a failed sync")
                }
                for keepsAll in [false, true] {
                    let found = try reopened(keepsAll: keepsAll)
                    var states = before
                    let after = states.merging(changes(by: operation)) { $1 }
                    if isAcknowledged { states = after }
                    for (id, state) in states {
                        let seen = found.records[id]?.state
                        let isKept =
                            seen == nil
                            ? state.isFinal && found.history.contains(id)
                            : seen == crashed(state) || seen == crashed(after[id] ?? state)
                        guard isKept else {
                            throw Fault(description: "\(id) was \(state), is \(String(describing: seen))")
                        }
                    }
                    let copies = try count(of: Self.new, in: found)
                    guard copies <= 1, copies == 1 || operation != .submit || !isAcknowledged else {
                        throw Fault(description: "the new job is there \(copies) times")
                    }
                }
            }

            /// What failed passes: it is asked for again, the plot goes on, and a restart finds everything once.
            private mutating func checkRecovery(_ operation: Operation, isRepeated: Bool) throws {
                if isRepeated, operation == .start {
                    let seen = try reopened(keepsAll: true).records[first]?.state
                    guard seen == .queued else {
                        throw Fault(description: "a refused start leaves \(String(describing: seen))")
                    }
                }
                if isRepeated { try perform(operation) }
                if operation != .finish { try perform(.finish) }
                let states = before.merging(changes(by: operation)) { $1 }.merging([drawn: .done]) { $1 }
                for keepsAll in [false, true] {
                    let found = try reopened(keepsAll: keepsAll)
                    for (id, state) in states {
                        let seen = found.records[id]?.state
                        let isKept =
                            seen == nil ? state.isFinal && found.history.contains(id) : seen == crashed(state)
                        guard isKept else {
                            throw Fault(description: "\(id) was \(state), is \(String(describing: seen))")
                        }
                    }
                    let copies = try count(of: Self.new, in: found)
                    guard copies == (operation == .submit ? 1 : 0) else {
                        throw Fault(description: "the new job is there \(copies) times")
                    }
                    let order = found.queue(of: QueueRun.device).map(\.id).filter { [first, second].contains($0) }
                    let wanted =
                        operation == .cancel ? [second] : operation == .reorder ? [second, first] : [first, second]
                    guard order == wanted else { throw Fault(description: "the order is \(order)") }
                }
            }

            private var before: [JobIdentifier: JobState] {
                var states: [JobIdentifier: JobState] = [drawn: .plotting, first: .queued, second: .queued]
                for id in over { states[id] = .cancelled }
                return states
            }

            private func changes(by operation: Operation) -> [JobIdentifier: JobState] {
                switch operation {
                case .cancel: [first: .cancelled]
                case .hold: [first: .held("person")]
                case .start: [first: .plotting]
                case .finish: [drawn: .done]
                case .submit, .reorder, .progress, .archive, .settings: [:]
                }
            }

            private func crashed(_ state: JobState) -> JobState { state.isStarted ? .interrupted : state }

            /// The spool after the power was cut now, with all that was not durable or nothing of it.
            private func reopened(keepsAll: Bool) throws -> JobStore {
                let cut = disk.afterPowerCut(length: disk.log.count) { _ in keepsAll }
                let store = try JobStore(storage: cut, limits: Self.limits, nowMilliseconds: 7)
                guard store.findings.isEmpty else { throw Fault(description: "\(store.findings)") }
                return store
            }

            private func count(of drawing: String, in store: JobStore) throws -> Int {
                try store.records.keys.count { try store.drawing(of: $0, digest: digest) == Array(drawing.utf8) }
            }
        }
    }
#endif
