// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation

    @testable internal import axidrawd

    /// Something done wrong on purpose, to see that the checks notice.
    enum QueueMistake: String, CaseIterable, Sendable {
        case drawingNotSynced, jobFileNotSynced, folderNotSynced, jobsNotSynced, journalNotSynced, historyNotSynced
        /// Every sync is done, but only when the next one is asked for: acknowledged too early.
        case syncedTooLate
        case cancelForgotten, startForgotten, endForgotten, orderForgotten, archivedTwice
        case drawingSwapped
        case identifierReused
        /// A failed sync is taken for a good one.
        case failedSyncHidden
        /// A failed sync is taken for a full disk, which passes.
        case failedSyncForgiven
        /// The disk is full, and the write that was cut is taken for a whole one.
        case fullDiskHidden
        case damagedThingsDeleted

        /// Seen only when a call fails, or soonest then.
        var showsInFailures: Bool {
            switch self {
            case .failedSyncHidden, .failedSyncForgiven, .fullDiskHidden, .historyNotSynced, .archivedTwice: true
            default: false
            }
        }

        /// Seen only in a damaged spool.
        var showsInDamage: Bool { self == .damagedThingsDeleted }

        var words: String {
            rawValue.reduce("") { $0 + ($1.isUppercase ? " " + $1.lowercased() : String($1)) }
        }
    }

    /// A disk in memory that makes one mistake.
    final class MistakenStorage: SpoolStorage {
        let disk: MemoryStorage
        private let mistake: QueueMistake
        private var late: (() throws(SpoolError) -> Void)?

        init(_ disk: MemoryStorage, _ mistake: QueueMistake) {
            self.disk = disk
            self.mistake = mistake
        }

        func makeDirectory(_ path: String) throws(SpoolError) { try disk.makeDirectory(path) }

        func create(_ path: String) throws(SpoolError) -> any SpoolFile {
            MistakenFile(try disk.create(path), path, self)
        }

        func open(_ path: String) throws(SpoolError) -> any SpoolFile { MistakenFile(try disk.open(path), path, self) }

        func syncDirectory(_ path: String) throws(SpoolError) {
            switch mistake {
            case .folderNotSynced where path.hasPrefix("tmp/"), .jobsNotSynced where path == "jobs": return
            default: try synced { [disk] () throws(SpoolError) in try disk.syncDirectory(path) }
            }
        }

        func rename(_ path: String, to other: String) throws(SpoolError) {
            switch mistake {
            case .archivedTwice where path.hasPrefix("jobs/") && other.hasPrefix("tmp/"): return
            case .damagedThingsDeleted where other.hasPrefix("quarantine/"):
                for name in (try? disk.list(path)) ?? [] { try disk.removeFile("\(path)/\(name)") }
                if disk.node(path)?.entries != nil { try disk.removeDirectory(path) } else { try disk.removeFile(path) }
            default: try disk.rename(path, to: other)
            }
        }

        func list(_ path: String) throws(SpoolError) -> [String] { try disk.list(path) }
        func read(_ path: String, limit: Int) throws(SpoolError) -> [UInt8] { try disk.read(path, limit: limit) }
        func removeFile(_ path: String) throws(SpoolError) { try disk.removeFile(path) }
        func removeDirectory(_ path: String) throws(SpoolError) { try disk.removeDirectory(path) }
        func freeBytes() throws(SpoolError) -> Int64 { try disk.freeBytes() }

        fileprivate func synced(_ work: @escaping () throws(SpoolError) -> Void) throws(SpoolError) {
            switch mistake {
            case .syncedTooLate:
                let before = late
                late = work
                try before?()
            case .failedSyncHidden: try? work()
            case .failedSyncForgiven:
                do throws(SpoolError) { try work() } catch { throw .noSpace(path: "") }
            default: try work()
            }
        }

        fileprivate func isLeftOut(syncOf path: String) -> Bool {
            switch mistake {
            case .drawingNotSynced: path.hasSuffix("drawing.svg")
            case .jobFileNotSynced: path.hasSuffix("job.json")
            case .journalNotSynced: path.hasPrefix("journal")
            case .historyNotSynced: path.hasPrefix("history/")
            default: false
            }
        }

        /// What is written in the place of `bytes`.
        fileprivate func mistaken(_ bytes: [UInt8], _ path: String) -> [UInt8] {
            let text = path.hasPrefix("journal") ? String(decoding: bytes, as: UTF8.self) : ""
            let forgotten: String? =
                switch mistake {
                case .cancelForgotten: "\"state\":\"cancelled\""
                case .startForgotten: "\"state\":\"plotting\""
                case .endForgotten: "\"state\":\"done\""
                case .orderForgotten: "\"kind\":\"ranks\""
                default: nil
                }
            if let forgotten, text.contains(forgotten) { return [] }
            if mistake == .drawingSwapped, path.hasSuffix("drawing.svg") { return Array(bytes.reversed()) }
            return bytes
        }

        fileprivate var hidesFullDisk: Bool { mistake == .fullDiskHidden }
    }

    private final class MistakenFile: SpoolFile {
        private let file: any SpoolFile
        private let path: String
        private let storage: MistakenStorage

        init(_ file: any SpoolFile, _ path: String, _ storage: MistakenStorage) {
            self.file = file
            self.path = path
            self.storage = storage
        }

        func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
            let written = storage.mistaken(bytes, path)
            do throws(SpoolError) {
                if !written.isEmpty || bytes.isEmpty { try file.write(written, at: offset) }
            } catch {
                guard storage.hidesFullDisk, case .noSpace = error else { throw error }
            }
        }

        func reserve(_ size: Int) throws(SpoolError) { try file.reserve(size) }

        func sync() throws(SpoolError) {
            guard !storage.isLeftOut(syncOf: path) else { return }
            try storage.synced { [file] () throws(SpoolError) in try file.sync() }
        }

        func close() throws(SpoolError) { try file.close() }
    }
#endif
