/// Pictures of what was drawn: kept as long as the job or its history entry is, and while there is room. None of them is
/// promised to anybody: one that is lost or damaged is made again, or is no longer there.
extension JobStore {
    static let pictureFolder = "pictures"
    private static let largestPicture = 16 << 20

    /// Size and checksum stand in the name, so that nothing has to be synced for one to be trusted.
    private struct PictureName {
        var id: JobIdentifier
        var bytes: Int
        var checksum: UInt32
        var ending: String

        init(_ id: JobIdentifier, _ picture: [UInt8], _ ending: String) {
            self.id = id
            bytes = picture.count
            checksum = Journal.checksum(picture[...])
            self.ending = ending
        }

        init?(_ text: String) {
            let parts = text.split(separator: ".")
            guard parts.count == 4, let id = JobIdentifier(parts[0]), let bytes = Int(parts[1]), bytes >= 0,
                let checksum = UInt32(parts[2], radix: 16)
            else { return nil }
            (self.id, self.bytes, self.checksum, self.ending) = (id, bytes, checksum, String(parts[3]))
        }

        var path: String { "\(JobStore.pictureFolder)/\(id).\(bytes).\(String(checksum, radix: 16)).\(ending)" }
    }

    private func pictures() -> [PictureName] {
        ((try? storage.list(Self.pictureFolder)) ?? []).compactMap(PictureName.init).sorted { $0.id < $1.id }
    }

    /// A picture that was kept; nil if there is none, or if it is not as it was written.
    func picture(of id: JobIdentifier, _ ending: String) -> [UInt8]? {
        guard let name = pictures().first(where: { $0.id == id && $0.ending == ending }),
            let bytes = try? storage.read(name.path, limit: Self.largestPicture)
        else { return nil }
        if bytes.count == name.bytes, Journal.checksum(bytes[...]) == name.checksum { return bytes }
        try? storage.removeFile(name.path)
        return nil
    }

    /// Keeps a picture of a job, in place of those that nobody can ask for any more, and of the oldest.
    func keep(picture: [UInt8], of id: JobIdentifier, _ ending: String) {
        guard picture.count <= Self.largestPicture, picture.count <= limits.pictureBytes, !isUnsure,
            let free = try? storage.freeBytes(), free >= limits.freeBytes + Int64(picture.count)
        else { return }
        var total = picture.count
        for name in pictures().reversed() {
            total += name.bytes
            let isOld = name.id == id && name.ending == ending
            let isKnown = records[name.id] != nil || history.contains(name.id)
            guard isOld || !isKnown || total > limits.pictureBytes else { continue }
            total -= name.bytes
            try? storage.removeFile(name.path)
        }
        let next = "tmp/\(id).\(ending)"
        do throws(SpoolError) {
            if try storage.list("tmp").contains("\(id).\(ending)") { try storage.removeFile(next) }
            let file = try storage.create(next)
            try file.write(picture, at: 0)
            try file.close()
            try storage.rename(next, to: PictureName(id, picture, ending).path)
        } catch {
            try? storage.removeFile(next)
        }
    }
}
