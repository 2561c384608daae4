// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import Synchronization

    @testable internal import axidrawd

    /// Says which call to a disk fails, from any thread.
    final class DiskFault: Sendable {
        private struct State {
            var calls = 0
            var target: Int?
            var failure = FailingDisk.Failure.noSpace
            var isLasting = false
            var hasFailed = false
            var syncs = 0
        }

        private let state = Mutex(State())

        /// How many durable operations there were since it was armed the last time.
        var syncs: Int { state.withLock { $0.syncs } }

        /// Lets one call fail: the `step`-th from now, if it can fail so; with `isLasting` all that follow it, too.
        func arm(_ failure: FailingDisk.Failure, step: Int, isLasting: Bool = false) {
            state.withLock { $0 = State(calls: 0, target: step, failure: failure, isLasting: isLasting) }
        }

        /// Ends it, and says whether the call has failed and whether there were fewer calls than that.
        func disarm() -> (hasFailed: Bool, isAtEnd: Bool) {
            state.withLock { state in
                defer { state.target = nil }
                return (state.hasFailed, state.calls < state.target ?? 0)
            }
        }

        fileprivate func step(_ call: String) throws(SpoolError) {
            let error = state.withLock { state -> SpoolError? in
                if call == "fsync" || call == "fdatasync" { state.syncs += 1 }
                guard let target = state.target else { return nil }
                state.calls += 1
                guard state.isLasting ? state.calls >= target : state.calls == target,
                    let error = state.failure.error(of: call)
                else { return nil }
                state.hasFailed = true
                return error
            }
            if let error { throw error }
        }
    }

    /// A real disk of which single calls fail.
    final class FailingStorage: SpoolStorage {
        private let disk: any SpoolStorage
        private let fault: DiskFault

        init(_ disk: any SpoolStorage, _ fault: DiskFault) {
            self.disk = disk
            self.fault = fault
        }

        func makeDirectory(_ path: String) throws(SpoolError) {
            try fault.step("mkdir")
            try disk.makeDirectory(path)
        }

        func create(_ path: String) throws(SpoolError) -> any SpoolFile {
            try fault.step("create")
            return FailingFile(file: try disk.create(path), fault: fault)
        }

        func open(_ path: String) throws(SpoolError) -> any SpoolFile {
            try fault.step("open")
            return FailingFile(file: try disk.open(path), fault: fault)
        }

        func syncDirectory(_ path: String) throws(SpoolError) {
            try fault.step("fsync")
            try disk.syncDirectory(path)
        }

        func rename(_ path: String, to other: String) throws(SpoolError) {
            try fault.step("rename")
            try disk.rename(path, to: other)
        }

        func list(_ path: String) throws(SpoolError) -> [String] {
            try fault.step("list")
            return try disk.list(path)
        }

        func read(_ path: String, limit: Int) throws(SpoolError) -> [UInt8] {
            try fault.step("read")
            return try disk.read(path, limit: limit)
        }

        func removeFile(_ path: String) throws(SpoolError) {
            try fault.step("unlink")
            try disk.removeFile(path)
        }

        func removeDirectory(_ path: String) throws(SpoolError) {
            try fault.step("rmdir")
            try disk.removeDirectory(path)
        }

        func freeBytes() throws(SpoolError) -> Int64 {
            try fault.step("statvfs")
            return try disk.freeBytes()
        }
    }

    private final class FailingFile: SpoolFile {
        private let file: any SpoolFile
        private let fault: DiskFault

        init(file: any SpoolFile, fault: DiskFault) {
            self.file = file
            self.fault = fault
        }

        func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
            do throws(SpoolError) { try fault.step("write") } catch {
                // Full after the first half.
                try file.write(Array(bytes[..<(bytes.count / 2)]), at: offset)
                throw error
            }
            try file.write(bytes, at: offset)
        }

        func reserve(_ size: Int) throws(SpoolError) {
            try fault.step("fallocate")
            try file.reserve(size)
        }

        func sync() throws(SpoolError) {
            try fault.step("fdatasync")
            try file.sync()
        }

        func close() throws(SpoolError) {
            try file.close()
            try fault.step("close")
        }
    }
#endif
