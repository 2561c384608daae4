internal import Text

/// How full the spool is.
struct FillLevel: Equatable, Sendable {
    /// Bytes of drawings, and what they may take; nil = what the disk has.
    var drawings: Int
    var quota: Int?
    /// Bytes free on the disk, and what is kept free of it.
    var free: Int64
    var reserve: Int64

    /// Bytes that drawings may take in all.
    var room: Int64 {
        let disk = Int64(drawings) + max(0, free - reserve)
        return quota.map { min(Int64($0), disk) } ?? disk
    }

    /// People are told from here on: 90 % of the quota, or four times the reserve left on the disk.
    var isHigh: Bool {
        if let quota, drawings >= quota / 10 * 9 { return true }
        return free / 4 < reserve
    }

    /// It counts as mended from here on, so that it is not told again and again.
    var isLow: Bool {
        if let quota, drawings >= quota / 10 * 8 { return false }
        return free / 5 >= reserve
    }

    /// For people.
    var sentence: String {
        if let quota, drawings >= quota / 10 * 9 {
            return
                "Drawings take \(drawings >> 20) of the \(quota >> 20) MiB that they may; finished ones make room for new ones, "
                + "and when all wait no more are taken. Cancel some, or raise limits.spoolMebibytes."
        }
        return
            "The disk of the queue has \(free >> 20) MiB left; below \(reserve >> 20) MiB no drawing is taken. Make room."
    }
}

extension JobStore {
    /// Nil when the disk does not say.
    var fillLevel: FillLevel? {
        guard let free = try? storage.freeBytes() else { return nil }
        return FillLevel(drawings: drawingBytes, quota: quotaBytes, free: free, reserve: limits.freeBytes)
    }
}
