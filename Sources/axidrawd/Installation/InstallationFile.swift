internal import Text

/// The installation's memory on disk: one small file, replaced as a whole and synced before a press is answered.
struct InstallationFile {
    private static let name = "installation.json"
    private static let limit = 1 << 20
    private let storage: any SpoolStorage

    init(storage: any SpoolStorage) { self.storage = storage }

    /// What was stored, or an empty memory; a file that cannot be read is put aside and named in the finding.
    func load(now: Int) throws(SpoolError) -> (memory: InstallationMemory, finding: String?) {
        let bytes: [UInt8]
        do throws(SpoolError) { bytes = try storage.read(Self.name, limit: Self.limit) } catch {
            if case .notFound = error { return (InstallationMemory(), nil) }
            guard case .tooLarge = error else { throw error }
            return (InstallationMemory(), try putAside(now: now))
        }
        if let value = try? JSONReader.read(bytes), let memory = InstallationMemory(value) { return (memory, nil) }
        return (InstallationMemory(), try putAside(now: now))
    }

    private func putAside(now: Int) throws(SpoolError) -> String {
        let other = "installation.damaged-\(now).json"
        try storage.rename(Self.name, to: other)
        try storage.syncDirectory("")
        return "The installation's memory could not be read and is now \(other); the cycle begins anew."
    }

    /// Durable when this returns.
    func save(_ memory: InstallationMemory) throws(SpoolError) {
        try storage.replace(Self.name, with: memory.json.bytes + [0x0A])
    }
}
