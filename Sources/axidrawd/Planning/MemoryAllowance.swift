internal import Foundation
internal import Glibc
internal import HTTP
internal import Motion

/// How much memory drawings may take in this process: by a setting, else by what its cgroup or the machine allows.
struct MemoryAllowance: Equatable, Sendable {
    /// Bytes of one big drawing at work, with everything that is made of it.
    let bytes: Int

    /// Of this process and the program's own needs: connections, pictures, plans that wait for their turn.
    private static let ownBytes = 192 << 20
    /// More is never needed: files have at most 256 MB.
    private static let most = 4 << 30
    private static let least = 16 << 20
    /// What a setting may be, MiB: less is not enough for any drawing, more has no machine.
    static let settable = 16...1_048_576

    /// The variable that chooses it for any verb.
    static let variable = "AXIDRAWD_MEMORY"
    static let expected = "a whole number of MiB from \(settable.lowerBound) to \(settable.upperBound)"

    var mebibytes: Int { bytes >> 20 }

    /// - Parameters:
    ///   - settingMebibytes: what a person has chosen; nil = by the limit of the process.
    ///   - limit: bytes that the process may have in all; nil = unknown.
    init(settingMebibytes: Int?, limit: Int? = MemoryAllowance.limit()) {
        if let settingMebibytes {
            bytes = settingMebibytes << 20
        } else if let limit {
            // Half of a small machine, nearly all of a large one.
            bytes = min(Self.most, max(Self.least, max(limit / 2, limit - Self.ownBytes)))
        } else {
            bytes = Self.most
        }
    }

    // MARK: What a drawing may take

    /// About ten seconds of style matching, cutting and clipping: who hands in a drawing waits for it.
    private static let daemonSteps = 1_000_000_000

    /// Of a daemon, where many may want something at a time.
    func budget(_ share: DrawingShare) -> DrawingBudget {
        switch share {
        case .small: DrawingBudget(bytes: max(Self.least, bytes / 8), steps: Self.daemonSteps / 64)
        case .whole: DrawingBudget(bytes: bytes, steps: Self.daemonSteps)
        case .rest(let held): DrawingBudget(bytes: max(Self.least, bytes - held), steps: Self.daemonSteps)
        }
    }

    /// Of a verb in the foreground.
    var budget: DrawingBudget { DrawingBudget(bytes: bytes, steps: DrawingBudget.standard.steps) }

    // MARK: What the process may have

    /// The least of what its cgroup, those above it, and the machine allow, in bytes; nil if nothing tells.
    ///
    /// - Parameters:
    ///   - root: where the files of the system are, for tests.
    ///   - physical: bytes of the machine.
    static func limit(root: String = "", physical: Int? = MemoryAllowance.physicalBytes) -> Int? {
        let groups = (try? String(contentsOfFile: root + "/proc/self/cgroup", encoding: .utf8)) ?? ""
        var found: [Int] = physical.map { [$0] } ?? []
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0", parts[1].isEmpty {
                // Version 2; in a mixed hierarchy it stands below `unified` and has no memory.
                found += limits(root + "/sys/fs/cgroup", String(parts[2]), ["memory.max", "memory.high"])
            } else if parts[1].split(separator: ",").contains("memory") {
                found += limits(root + "/sys/fs/cgroup/memory", String(parts[2]), ["memory.limit_in_bytes"])
            }
        }
        return found.min()
    }

    /// What the files of a group and of those above it say. A container sees its own group as the top one.
    private static func limits(_ mount: String, _ group: String, _ files: [String]) -> [Int] {
        var found: [Int] = []
        var path = group.split(separator: "/").map(String.init)
        guard path.count < 64, !path.contains("..") else { return [] }
        while true {
            for file in files {
                let place = ([mount] + path + [file]).joined(separator: "/")
                guard let text = try? String(contentsOfFile: place, encoding: .utf8),
                    // "max" is no number and no limit; version 1 writes a huge one.
                    let bytes = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes > 0
                else { continue }
                found.append(bytes)
            }
            guard !path.isEmpty else { return found }
            path.removeLast()
        }
    }

    /// What the machine has, bytes.
    static var physicalBytes: Int? {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        guard pages > 0, size > 0 else { return nil }
        let (bytes, isOver) = pages.multipliedReportingOverflow(by: size)
        return isOver ? nil : bytes
    }
}
