internal import EBB
internal import Motion
internal import Synchronization

/// A program and what it was made for.
struct MadePlan: Sendable {
    var program: Program
    var firmware: FirmwareVersion
    var firstStroke: Int
    /// The plot options that it follows.
    var options: [String: String]
    /// For those who ask for a stroke by its place; nil where they are too many to keep.
    var strokes: PlannedStrokes?
}

/// Plans and pictures that are kept because somebody will want them soon; what is not here is made again.
final class PlanShelf: Sendable {
    /// Pictures are kept up to so many bytes, the newest always.
    static let pictureBytes = 64 << 20

    private struct Kept {
        var plans: [JobID: MadePlan] = [:]
        var pictures: [JobID: [UInt8]] = [:]
        /// Oldest first.
        var pictureOrder: [JobID] = []
    }

    private let kept = Mutex(Kept())

    func plan(of id: JobID) -> MadePlan? { kept.withLock { $0.plans[id] } }

    func put(_ plan: MadePlan, of id: JobID) { kept.withLock { $0.plans[id] = plan } }

    /// Lets go of all plans but those of `jobs`.
    func keepPlans(of jobs: Set<JobID>) {
        kept.withLock { kept in kept.plans = kept.plans.filter { jobs.contains($0.key) } }
    }

    func dropPlan(of id: JobID) { kept.withLock { $0.plans[id] = nil } }

    /// Jobs whose plans are here.
    var planned: [JobID] { kept.withLock { Array($0.plans.keys) } }

    /// Bytes of the programs of other jobs: of the one that is drawn, and of those that wait with their plan.
    func programBytes(besides id: JobID) -> Int {
        kept.withLock { kept in
            kept.plans.reduce(0) { $0 + ($1.key == id ? 0 : $1.value.program.bytes) }
        }
    }

    func picture(of id: JobID) -> [UInt8]? { kept.withLock { $0.pictures[id] } }

    /// Keeps a picture, and drops the oldest ones beyond the bound.
    func put(picture: [UInt8], of id: JobID) {
        kept.withLock { kept in
            kept.pictures[id] = picture
            kept.pictureOrder.removeAll { $0 == id }
            kept.pictureOrder.append(id)
            var bytes = kept.pictures.values.reduce(0) { $0 + $1.count }
            while bytes > Self.pictureBytes, kept.pictureOrder.count > 1 {
                let oldest = kept.pictureOrder.removeFirst()
                bytes -= kept.pictures.removeValue(forKey: oldest)?.count ?? 0
            }
        }
    }

    /// Drops the picture of a job that is drawn otherwise now.
    func dropPicture(of id: JobID) {
        kept.withLock { kept in
            kept.pictures[id] = nil
            kept.pictureOrder.removeAll { $0 == id }
        }
    }

    /// Drops what belongs to jobs that nobody knows any more.
    func forget(_ gone: [JobID]) {
        kept.withLock { kept in
            for id in gone {
                kept.plans[id] = nil
                kept.pictures[id] = nil
            }
            kept.pictureOrder.removeAll { kept.pictures[$0] == nil }
        }
    }
}
