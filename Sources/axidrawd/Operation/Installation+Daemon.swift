internal import EBB
internal import Foundation
internal import HTTP
internal import Synchronization

extension Installation {
    /// The installation of a daemon, its memory in the folder that the options name.
    ///
    /// - Parameter nomad: as it is configured at the moment; nil = no press is dispatched.
    init(_ options: DaemonOptions, _ workshop: Workshop, _ nomad: Live<NomadPlan?>) throws(SystemError) {
        do throws(SpoolError) {
            var storage: SpoolDirectory?
            if let folder = options.installationFolder {
                // What cannot be made is found out by opening it.
                try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                storage = try SpoolDirectory(path: folder)
            }
            try self.init(
                plan: options.installation, queue: WorkshopQueue(workshop: workshop), storage: storage,
                dispatcher: NomadDispatch(plan: { nomad.value }))
        } catch {
            throw SystemError(call: "open the installation's memory: \(error)", code: error.code)
        }
    }
}

extension Installation {
    /// Durable when it returns, if there is a file.
    func store(_ memory: InstallationMemory) throws(SpoolError) {
        isStoring.withLock { $0 = true }
        defer { isStoring.withLock { $0 = false } }
        try file?.save(memory)
    }

    /// Returns once the installation has come round, or has been seen to wait for the disk.
    nonisolated func probe() async {
        let box = AnswerBox()
        executor.async { box.raise() }
        while !box.isRaised, !isStoring.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(20)) }
    }

    private final class AnswerBox: Sendable {
        private let value = Mutex(false)
        var isRaised: Bool { value.withLock { $0 } }
        func raise() { value.withLock { $0 = true } }
    }
}

extension SpoolError {
    /// The nearest error of the system.
    fileprivate var code: Int32 {
        switch self {
        case .noSpace: 28
        case .inputOutput(_, _, let code): code
        case .unsure, .version, .tooLarge: 5
        case .locked: 11
        case .alreadyExists: 17
        case .notFound: 2
        }
    }
}
