/// The journal file: appends that are durable when they return, in space taken beforehand.
struct JobJournal {
    static let path = "journal"
    private static let nextPath = "journal.next"
    /// Space for the records that one open job may still need: start, pauses, end.
    static let bytesPerOpenJob = 4096
    private static let reserveStep = 256 * 1024
    /// Larger files are not ours.
    static let largestFile = 256 << 20

    private var file: any SpoolFile
    private(set) var end: Int
    private var reserved: Int
    /// Where the name has yet to be made durable before the next record is.
    private var unsyncedName: (any SpoolStorage)?

    init(file: any SpoolFile, end: Int) {
        self.file = file
        self.end = end
        reserved = end
    }

    /// Appends all entries as one write and one sync.
    mutating func append(_ entries: [JournalEntry]) throws(SpoolError) {
        var bytes: [UInt8] = []
        for entry in entries {
            guard let payload = try? entry.encoded(), payload.count <= Journal.longestPayload else {
                throw .inputOutput(call: "encode", path: Self.path, code: 0)
            }
            bytes.append(contentsOf: Journal.record(payload))
        }
        if let unsyncedName {
            try unsyncedName.syncDirectory("")
            self.unsyncedName = nil
        }
        try file.write(bytes, at: end)
        try file.sync()
        end += bytes.count
    }

    /// Takes space so that `openJobs` jobs can be brought to their end without new space.
    mutating func reserve(openJobs: Int, storage: any SpoolStorage) throws(SpoolError) {
        let wanted = end + openJobs * Self.bytesPerOpenJob
        guard wanted > reserved else { return }
        let size = (wanted / Self.reserveStep + 1) * Self.reserveStep
        try file.reserve(size)
        try file.sync()
        reserved = size
    }

    /// Makes a journal that holds exactly `entries`, in place of any there is.
    static func replace(with entries: [JournalEntry], storage: any SpoolStorage) throws(SpoolError) -> JobJournal {
        if try storage.list("").contains(nextPath) { try storage.removeFile(nextPath) }
        var journal = JobJournal(file: try storage.create(nextPath), end: 0)
        try journal.file.reserve(reserveStep)
        journal.reserved = reserveStep
        try journal.append(entries)
        try storage.rename(nextPath, to: path)
        do throws(SpoolError) { try storage.syncDirectory("") } catch {
            guard !error.isFailedSync else { throw error }
            // Nothing was tried yet, say for want of descriptors: the next record waits for it.
            journal.unsyncedName = storage
        }
        return journal
    }
}
