internal import Text

/// What is owed to receivers on the disk: a journal in the folder `outbox`, framed as the spool's own, written anew when it
/// has grown.
///
/// Not safe for several threads; its owner's queue is the only one that uses it.
final class OutboxFile {
    private let storage: any SpoolStorage
    private var file: (any SpoolFile)?
    private var end = 0
    /// After a failed sync nothing more is believed to be kept.
    private(set) var isBroken = false

    private static let name = "journal"
    private static let partial = "journal.partial"
    /// A copy of the last file of which something could not be read, for people.
    static let damaged = "journal.damaged"
    /// Written anew beyond that, bytes; or when it has doubled, so that much that is owed is not written again each time.
    private static let longest = 4 << 20
    private var renewAt = longest
    private static let longestRead = 512 << 20

    init(_ storage: any SpoolStorage) { self.storage = storage }

    /// Everything that was written down; a torn end is left out, what is damaged skipped, and the file kept as `damaged`.
    ///
    /// - Returns: the records, and whether any were lost.
    func open() throws(SpoolError) -> (records: [OutboxRecord], isDamaged: Bool) {
        var bytes: [UInt8] = []
        do throws(SpoolError) { bytes = try storage.read(Self.name, limit: Self.longestRead) } catch {
            guard case .notFound = error else { throw error }
        }
        let contents = Journal.read(bytes)
        let records = contents.payloads.map { (try? JSONReader.read($0)).flatMap(OutboxRecord.init) }
        // It is never begun empty, so that nothing in it is no torn end.
        let isDamaged =
            contents.isDamaged || records.contains { $0 == nil } || records.isEmpty && !bytes.isEmpty
        if isDamaged { try put(Self.damaged, bytes) }
        return (records.compactMap { $0 }, isDamaged)
    }

    private func put(_ name: String, _ bytes: [UInt8]) throws(SpoolError) {
        do throws(SpoolError) { try storage.removeFile(name) } catch {
            guard case .notFound = error else { throw error }
        }
        try storage.createSynced(name, bytes)
    }

    /// Puts these records in the place of everything.
    func replace(_ records: [OutboxRecord]) throws(SpoolError) {
        let bytes = records.flatMap { Journal.record($0.json.bytes) }
        try put(Self.partial, bytes)
        try? file?.close()
        file = nil
        try storage.rename(Self.partial, to: Self.name)
        try storage.syncDirectory("")
        file = try storage.open(Self.name)
        end = bytes.count
        renewAt = max(Self.longest, 2 * end)
        isBroken = false
    }

    /// Adds records; they are on the disk when it returns.
    ///
    /// - Parameter all: everything as it stands, for when the file is written anew.
    func append(_ records: [OutboxRecord], all: () -> [OutboxRecord]) throws(SpoolError) {
        guard !records.isEmpty else { return }
        guard let file, !isBroken, end < renewAt else { return try replace(all()) }
        let bytes = records.flatMap { Journal.record($0.json.bytes) }
        do throws(SpoolError) {
            try file.write(bytes, at: end)
            try file.sync()
        } catch {
            isBroken = true
            throw error
        }
        end += bytes.count
    }
}
