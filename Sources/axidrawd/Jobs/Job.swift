internal import Foundation
internal import HTTP
internal import Text

/// What was submitted: written once as `job.json`, never changed.
struct Job: Codable, Equatable, Sendable {
    typealias Idempotency = IdempotencyMark

    var formatVersion = 1
    var id: String
    var device: String
    /// A label for people; never a path.
    var name: String?
    /// ms since 1970, UTC.
    var submittedAt: Int64
    /// Place in the queue at submission: lower is earlier. `JobRecord.rank` replaces it.
    var rank: Int64
    var drawingSHA256: String
    var drawingBytes: Int
    /// Flags of `plot` by their long names, as given.
    var options: [String: String]
    var copies: Int
    /// The rule of speeds where its options name none, so that what has begun goes on as it was planned; nil in jobs of
    /// programs that had but one, `junction`.
    var motion: String?
    /// What asked for it: `api`, `button`, `page`, …
    var source: String
    /// Submitted with `hold`: waits for a person.
    var isHeld: Bool
    /// What it waits for; nil = a person.
    var heldReason: String?
    var idempotency: Idempotency?

    /// Largest `job.json` that is read.
    static let largestFile = 256 * 1024

    /// The file's bytes: the object and a CRC-32 of its text, so that any change of a byte is found.
    func encoded() throws -> [UInt8] {
        let body = try Array(JSONEncoder.spool.encode(self))
        var check = CRC32()
        check.update(body)
        let sum = String(check.value, radix: 16)
        let padded = String(repeating: "0", count: 8 - sum.count) + sum
        return Array("\(Self.opening)\(padded)\(Self.middle)".utf8) + body + Array("}\n".utf8)
    }

    /// Reads `encoded()`; nil when a byte of it is not as it was written.
    init?(encoded bytes: [UInt8]) {
        let head = Self.opening.utf8.count + 8 + Self.middle.utf8.count
        guard bytes.count > head + 2, bytes.starts(with: Self.opening.utf8), bytes.suffix(2) == [0x7D, 0x0A],
            bytes[Self.opening.utf8.count + 8..<head].elementsEqual(Self.middle.utf8)
        else { return nil }
        let sum = String(decoding: bytes[Self.opening.utf8.count..<Self.opening.utf8.count + 8], as: UTF8.self)
        let body = bytes[head..<bytes.count - 2]
        var check = CRC32()
        check.update(body)
        guard UInt32(sum, radix: 16) == check.value, sum == sum.lowercased(),
            let job = try? JSONDecoder().decode(Job.self, from: Data(body)), job.formatVersion == 1
        else { return nil }
        self = job
    }

    init(
        id: JobIdentifier, device: String, name: String?, submittedAt: Int64, rank: Int64, drawingSHA256: String,
        drawingBytes: Int, options: [String: String], copies: Int, motion: String? = nil, source: String, isHeld: Bool,
        heldReason: String? = nil, idempotency: Idempotency?
    ) {
        self.id = id.text
        self.device = device
        self.name = name
        self.submittedAt = submittedAt
        self.rank = rank
        self.drawingSHA256 = drawingSHA256
        self.drawingBytes = drawingBytes
        self.options = options
        self.copies = copies
        self.motion = motion
        self.source = source
        self.isHeld = isHeld
        self.heldReason = heldReason
        self.idempotency = idempotency
    }

    private static let opening = "{\"check\":\""
    private static let middle = "\",\"job\":"
}

extension JSONEncoder {
    /// The same text for the same value, always.
    static var spool: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

/// What became of a job when it ended, for the history.
struct JobOutcome: Codable, Equatable, Sendable {
    var penDownMillimetres: Double?
    var penUpMillimetres: Double?
    var durationSeconds: Double?
    var strokes: Int?
    var firmware: String?
}

/// A job and where it stands now.
struct JobRecord: Equatable, Sendable {
    var job: Job
    var id: JobIdentifier
    var state: JobState
    /// Lower is earlier; unique within a device's queue.
    var rank: Int64
    /// Counts changes; the job's ETag.
    var revision = 1
    var startedAt: Int64?
    var endedAt: Int64?
    var outcome: JobOutcome?
    /// A person has cancelled it, and it is being brought to rest.
    var isCancelled = false
    /// Plot options in place of the submitted ones, once a person has changed them.
    var changedOptions: [String: String]?

    /// Plot options that hold.
    var options: [String: String] { changedOptions ?? job.options }
}
