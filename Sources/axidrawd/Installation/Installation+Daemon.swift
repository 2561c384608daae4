internal import EBB
internal import Foundation

extension Installation {
    /// The installation of a daemon, its memory in the folder that the options name.
    init(_ options: DaemonOptions, _ workshop: Workshop) throws(SystemError) {
        do throws(SpoolError) {
            var storage: SpoolDirectory?
            if let folder = options.installationFolder {
                // What cannot be made is found out by opening it.
                try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                storage = try SpoolDirectory(path: folder)
            }
            try self.init(plan: options.installation, queue: WorkshopQueue(workshop: workshop), storage: storage)
        } catch {
            throw SystemError(call: "open the installation's memory: \(error)", code: error.code)
        }
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
