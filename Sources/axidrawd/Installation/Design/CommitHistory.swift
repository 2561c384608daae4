internal import Foundation

/// The commits of a repository, oldest first: what the history design is drawn from.
struct CommitHistory: Codable, Equatable, Sendable {
    struct Commit: Codable, Equatable, Sendable {
        /// Places of the parents in `commits`, each before this one; the first is the line the commit continues.
        var parents: [Int]
        /// Seconds since 1970.
        var time: Int64
    }

    var name: String
    var commits: [Commit]

    /// Enough for any repository worth drawing; more is thinned by `design history`.
    static let mostCommits = 20_000

    /// Reads what `design history` exports.
    static func read(_ bytes: [UInt8]) throws(DesignError) -> CommitHistory {
        let history: CommitHistory
        do {
            history = try JSONDecoder().decode(CommitHistory.self, from: Data(bytes))
        } catch {
            throw .badHistory(
                reason: "it is not JSON of the form {\"name\":…,\"commits\":[{\"parents\":[…],\"time\":…},…]}")
        }
        guard !history.commits.isEmpty else { throw .badHistory(reason: "it has no commits") }
        guard history.commits.count <= mostCommits else {
            throw .badHistory(reason: "it has \(history.commits.count) commits, more than \(mostCommits)")
        }
        for (place, commit) in history.commits.enumerated() {
            guard commit.parents.allSatisfy({ $0 >= 0 && $0 < place }) else {
                throw .badHistory(reason: "commit \(place) names a parent that does not come before it")
            }
            guard commit.parents.count <= 64 else { throw .badHistory(reason: "commit \(place) has over 64 parents") }
        }
        return history
    }

    /// The form that `read` takes.
    func encoded() throws -> [UInt8] { try Array(JSONEncoder.spool.encode(self)) + [0x0A] }

    /// Makes a history of the lines of `git log --reverse --topo-order --format=%H %ct %P`.
    ///
    /// Parents outside the log (a shallow clone) are left out; of more than `mostCommits` the newest stay.
    init(name: String, log: String) throws(DesignError) {
        var places: [Substring: Int] = [:]
        var commits: [Commit] = []
        for line in log.split(separator: "\n").suffix(Self.mostCommits) {
            let fields = line.split(separator: " ")
            guard fields.count >= 2, let time = Int64(fields[1]) else {
                throw .badHistory(reason: "git printed a line that is no commit: \(line.prefix(80))")
            }
            commits.append(Commit(parents: fields.dropFirst(2).prefix(64).compactMap { places[$0] }, time: time))
            places[fields[0]] = commits.count - 1
        }
        guard !commits.isEmpty else { throw .badHistory(reason: "the repository has no commits") }
        self.init(name: name, commits: commits)
    }

    init(name: String, commits: [Commit]) {
        self.name = name
        self.commits = commits
    }

    /// Drawn when none is given.
    static let sample = invented(name: "axidrawd", seed: 2019)

    /// An invented history: lines of work that leave the trunk or each other and are merged after a while, in bursts of
    /// hours and pauses of days.
    static func invented(name: String, seed: UInt64) -> CommitHistory {
        /// A line of work under way.
        struct Line {
            var tip: Int
            /// Where in the list of lines it goes back to.
            var home: Int
            var left: Int
        }
        var random = DesignRandom(seed: seed)
        var time: Int64 = 1_500_000_000
        var commits = [Commit(parents: [], time: time)]
        var lines = [Line(tip: 0, home: 0, left: .max)]
        while commits.count < 420 {
            let place = commits.count
            time += Int64(random.below(8) == 0 ? 40_000 + random.below(900_000) : 300 + random.below(20_000))
            let line = random.below(3) == 0 ? 0 : random.below(lines.count)
            if line > 0, lines[line].left <= 0, !lines.contains(where: { $0.home == line }) {
                let home = lines[line].home
                commits.append(Commit(parents: [lines[home].tip, lines[line].tip], time: time))
                lines[home].tip = place
                lines.remove(at: line)
                for other in lines.indices where lines[other].home > line { lines[other].home -= 1 }
            } else if lines.count < 10, random.below(6) == 0 {
                commits.append(Commit(parents: [lines[line].tip], time: time))
                lines.append(Line(tip: place, home: line, left: 1 + random.below(4) * random.below(4)))
            } else {
                commits.append(Commit(parents: [lines[line].tip], time: time))
                lines[line].tip = place
                lines[line].left -= 1
            }
        }
        return CommitHistory(name: name, commits: commits)
    }
}
