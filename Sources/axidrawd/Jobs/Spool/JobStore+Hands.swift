internal import Foundation

/// Which jobs are being planned just now, and how often the daemon has ended in the middle of that.
///
/// On disk, so that a drawing that kills the daemon is not tried at each of its starts.
struct HandList: Codable, Equatable, Sendable {
    var version = 1
    var inHand: Set<String> = []
    /// Ends of the daemon with the job in hand.
    var crashes: [String: Int] = [:]

    static let fileName = "hands.json"
    /// A job that was in hand at so many ends is not touched again without a person's word.
    static let most = 2

    /// Why it is held, for people.
    static let reason =
        "the daemon has ended twice while it was planning this drawing; resume tries it once more, cancel gives it up"

    /// Jobs that are left alone until a person says go.
    var suspects: Set<String> { Set(crashes.filter { $0.value >= Self.most }.keys) }

    /// Counts an end of the daemon.
    mutating func countCrash() {
        for id in inHand { crashes[id, default: 0] += 1 }
        inHand = []
    }
}

extension JobStore {
    /// What the last run of the daemon had in hand; what cannot be read counts as nothing.
    static func readHands(_ storage: any SpoolStorage) -> HandList {
        guard let bytes = try? storage.read(HandList.fileName, limit: 1 << 20),
            let list = try? JSONDecoder().decode(HandList.self, from: Data(bytes)), list.version == 1
        else { return HandList() }
        return list
    }

    /// Looks at what the last run had in hand when it ended: what was there twice is held.
    func judgeHands(nowMilliseconds: Int64) throws(Refusal) {
        let before = Self.readHands(storage)
        hands = before
        hands.countCrash()
        let open = Set(records.values.filter { !$0.state.isFinal }.map(\.id.text))
        hands.crashes = hands.crashes.filter { open.contains($0.key) }
        for id in hands.suspects.sorted().compactMap({ JobIdentifier($0) }) {
            let isNew = before.crashes[id.text, default: 0] < HandList.most
            if isNew { findings.append("job \(id): \(HandList.reason)") }
            guard records[id]?.state == .queued else { continue }
            try move(id, to: .held(HandList.reason), nowMilliseconds: nowMilliseconds)
        }
        if hands != before { try writeHands() }
    }

    /// Durable when it returns: from now on an end of the daemon counts against the job.
    func takeInHand(_ id: String) throws(Refusal) {
        guard hands.inHand.insert(id).inserted else { return }
        try writeHands()
    }

    /// The job is no longer in hand; one whose plan is whole has nothing against it any more.
    func letGo(_ id: String, isPlanned: Bool) throws(Refusal) {
        let before = hands
        hands.inHand.remove(id)
        if isPlanned { hands.crashes[id] = nil }
        if hands != before { try writeHands() }
    }

    /// A person says go: once more, and held again if the daemon ends again.
    func trust(_ id: String) throws(Refusal) {
        guard let count = hands.crashes[id], count >= HandList.most else { return }
        hands.crashes[id] = HandList.most - 1
        try writeHands()
    }

    private func writeHands() throws(Refusal) {
        guard let bytes = try? JSONEncoder.spool.encode(hands) else { return }
        try spool { () throws(SpoolError) in try storage.replace(HandList.fileName, with: Array(bytes)) }
    }
}
