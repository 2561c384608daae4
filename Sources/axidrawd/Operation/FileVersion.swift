internal import Text

/// The version that a file of ours says it has. All begin with 1; one without the member is as old.
enum FileVersion {
    /// What this program writes and reads.
    static let current = JSONValue.integer(1)

    /// Why a file that a newer program wrote is not used, both versions named; nil where it is of a version that is read.
    ///
    /// It is told before anything else in the file is looked at, since a newer one may hold what this program cannot judge, and
    /// the file is left as it is: written anew it would lose that.
    static func refusal(of document: JSONValue) -> String? {
        guard let version = document["version"], version != current else { return nil }
        let found = String(decoding: version.bytes.prefix(32), as: UTF8.self)
        return "its format is version \(quoted(found)); this program reads 1; nothing was touched"
    }
}
