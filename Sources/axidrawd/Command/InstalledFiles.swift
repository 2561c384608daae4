internal import Foundation
internal import Text

/// The files of an installation by hand: where each goes, and which of those that are there are ours.
struct InstalledFiles {
    /// Why nothing was written, or not all removed.
    enum Failure: Error, Equatable {
        /// Files that are not ours, or were changed since.
        case foreign([String])
        case unreadable(path: String, reason: String)
        case unwritable(path: String, reason: String)
    }

    struct Item: Equatable {
        var path: String
        var bytes: [UInt8]
        var isProgram = false
    }

    let items: [Item]
    /// Says which files were written and what was in them.
    let recordPath: String

    /// For the whole machine, below `root` ("" = the machine itself).
    static func system(program: [UInt8], root: String) -> InstalledFiles {
        let share = "\(root)/usr/local/share"
        return InstalledFiles(
            items: [
                Item(path: "\(root)/usr/local/bin/axidrawd", bytes: program, isProgram: true),
                Item(
                    path: "\(root)/etc/systemd/system/axidrawd.service",
                    bytes: Array(
                        text("axidrawd.service").replacing("/usr/bin/axidrawd", with: "/usr/local/bin/axidrawd").utf8)),
                Item(path: "\(root)/etc/systemd/system/axidrawd.socket", bytes: Array(text("axidrawd.socket").utf8)),
                Item(path: "\(root)/etc/udev/rules.d/70-axidraw.rules", bytes: Array(text("70-axidraw.rules").utf8)),
            ] + documents(share, zsh: "\(share)/zsh/site-functions"),
            recordPath: "\(share)/axidrawd/installed.json")
    }

    /// For one person, below the home folder. The udev rule is the machine's: it cannot be among them.
    static func user(program: [UInt8], home: String) -> InstalledFiles {
        let share = "\(home)/.local/share"
        return InstalledFiles(
            items: [
                Item(path: "\(home)/.local/bin/axidrawd", bytes: program, isProgram: true),
                Item(
                    path: "\(home)/.config/systemd/user/axidrawd.service",
                    bytes: Array(text("axidrawd.user.service").utf8)),
            ] + documents(share, zsh: "\(share)/zsh/site-functions"),
            recordPath: "\(share)/axidrawd/installed.json")
    }

    private static func documents(_ share: String, zsh: String) -> [Item] {
        [
            Item(path: "\(share)/man/man1/axidrawd.1", bytes: Array(Verb.whole(as: "man").utf8)),
            Item(path: "\(share)/bash-completion/completions/axidrawd", bytes: Array(Verb.whole(as: "bash").utf8)),
            Item(path: "\(zsh)/_axidrawd", bytes: Array(Verb.whole(as: "zsh").utf8)),
            Item(path: "\(share)/fish/vendor_completions.d/axidrawd.fish", bytes: Array(Verb.whole(as: "fish").utf8)),
        ]
    }

    private static func text(_ name: String) -> String {
        String(decoding: EmbeddedFiles.deploy[name] ?? [], as: UTF8.self)
    }

    // MARK: Writing

    /// Writes every file, or none if one that is there is not of an earlier installation.
    ///
    /// - Parameter overwrites: takes the place of foreign ones, too.
    func install(overwrites: Bool) throws(Failure) {
        let record = try readRecord()
        let foreign = items.filter { item in
            guard let found = FileManager.default.contents(atPath: item.path) else { return false }
            return Array(found) != item.bytes && SHA256.hexadecimal(found) != record[item.path]
        }
        if !overwrites, !foreign.isEmpty { throw .foreign(foreign.map(\.path)) }
        // The record first: a file that is on disk and in no record could never be told from somebody else's.
        var digests = record
        for item in items { digests[item.path] = SHA256.hexadecimal(item.bytes) }
        try write(Self.document(digests), to: recordPath, mode: 0o644)
        for item in items { try write(item.bytes, to: item.path, mode: item.isProgram ? 0o755 : 0o644) }
    }

    /// Removes what was installed; what was changed since stays, and is named.
    ///
    /// - Returns: paths of the files that were removed.
    func uninstall() throws(Failure) -> [String] {
        let record = try readRecord()
        var changed: [String] = []
        var removed: [String] = []
        for (path, digest) in record.sorted(by: { $0.key < $1.key }) {
            guard let found = FileManager.default.contents(atPath: path) else { continue }
            guard SHA256.hexadecimal(found) == digest else {
                changed.append(path)
                continue
            }
            do { try FileManager.default.removeItem(atPath: path) } catch {
                throw .unwritable(path: path, reason: error.localizedDescription)
            }
            removed.append(path)
        }
        guard changed.isEmpty else {
            try write(Self.document(record.filter { changed.contains($0.key) }), to: recordPath, mode: 0o644)
            throw .foreign(changed)
        }
        let folder = URL(fileURLWithPath: recordPath).deletingLastPathComponent().path
        try? FileManager.default.removeItem(atPath: recordPath)
        // Only if nothing of anybody's is left in it.
        if (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty == true {
            try? FileManager.default.removeItem(atPath: folder)
        }
        return removed
    }

    /// Digests by path, as the last installation wrote them.
    private func readRecord() throws(Failure) -> [String: String] {
        guard let data = FileManager.default.contents(atPath: recordPath) else { return [:] }
        guard let document = try? JSONReader.read(Array(data)), document["version"] == .integer(1),
            case .object(let members)? = document["sha256"]
        else {
            throw .unreadable(
                path: recordPath, reason: "it is damaged or of another version of axidrawd, which can remove it")
        }
        var digests: [String: String] = [:]
        for case (let path, .string(let digest)) in members { digests[path] = digest }
        return digests
    }

    private static func document(_ digests: [String: String]) -> [UInt8] {
        let members = digests.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return JSONValue.object([("version", .integer(1)), ("sha256", .object(members))]).bytes + [ASCII.lineFeed]
    }

    /// Beside it and renamed over it: a program that runs from there goes on with what it has.
    private func write(_ bytes: [UInt8], to path: String, mode: Int) throws(Failure) {
        let place = URL(fileURLWithPath: path)
        let next = path + ".axidrawd-new"
        do {
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: next))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: next)
        } catch { throw .unwritable(path: path, reason: error.localizedDescription) }
        do throws(SpoolError) {
            let folder = try SpoolDirectory(path: place.deletingLastPathComponent().path)
            try folder.rename(URL(fileURLWithPath: next).lastPathComponent, to: place.lastPathComponent)
        } catch { throw .unwritable(path: path, reason: "\(error)") }
    }
}
