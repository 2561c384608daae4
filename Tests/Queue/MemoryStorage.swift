// Looks inside the program, which only a debug build allows.
#if DEBUG
    @testable internal import axidrawd

    /// A disk in memory that remembers what was made durable, so that a power cut can be tried between any two operations,
    /// and that fails any chosen operation.
    final class MemoryStorage: SpoolStorage {
        /// A file or, with `entries`, a folder.
        final class Node {
            var bytes: [UInt8] = []
            var entries: [String: Node]?

            init(isFolder: Bool = false) { entries = isFolder ? [:] : nil }
        }

        /// One change that a sync has yet to make durable. A name leads to the thing itself, as on a real disk: what becomes
        /// of the name it had before does not matter to it.
        enum Change {
            case link(in: Node, name: String, node: Node)
            case unlink(in: Node, name: String)
            case rename(from: Node, name: String, to: Node, newName: String, node: Node)
            case write(node: Node, offset: Int, bytes: [UInt8])

            func isMadeDurable(bySyncOf folder: Node) -> Bool {
                switch self {
                case .link(let parent, _, _), .unlink(let parent, _): parent === folder
                // One change of both folders: it is on disk as a whole when one of them is.
                case .rename(let from, _, let to, _, _): from === folder || to === folder
                case .write(let node, _, _): node === folder
                }
            }
        }

        /// Everything that happened, in order; from `durableAt` changes on it cannot be lost.
        struct Logged {
            var change: Change
            var durableAt: Int?
        }

        let root = Node(isFolder: true)
        private(set) var log: [Logged] = []
        private var firstVolatile = 0
        /// Counts every call that may fail.
        private(set) var calls = 0
        /// Which call fails and how; nil = none.
        var failure: ((_ call: Int, _ name: String) -> SpoolError?)?
        var free: Int64 = 1 << 40
        private(set) var syncs = 0

        /// Every file by its path.
        var files: [String: Node] {
            var found: [String: Node] = [:]
            var pending = [("", root)]
            while let (path, node) = pending.popLast() {
                for (name, inner) in node.entries ?? [:] {
                    let below = path.isEmpty ? name : "\(path)/\(name)"
                    if inner.entries == nil { found[below] = inner } else { pending.append((below, inner)) }
                }
            }
            return found
        }

        func node(_ path: String) -> Node? {
            var node: Node? = root
            for part in path.split(separator: "/") { node = node?.entries?[String(part)] }
            return node
        }

        private func parent(_ path: String) throws(SpoolError) -> (Node, String) {
            let parts = path.split(separator: "/")
            guard let name = parts.last, let parent = node(parts.dropLast().joined(separator: "/")),
                parent.entries != nil
            else { throw .notFound(path: path) }
            return (parent, String(name))
        }

        private func step(_ name: String) throws(SpoolError) {
            calls += 1
            if let error = failure?(calls, name) { throw error }
        }

        private func add(_ change: Change) {
            log.append(Logged(change: change, durableAt: nil))
            Self.apply(change)
        }

        private static func apply(_ change: Change) {
            switch change {
            case .link(let parent, let name, let node): parent.entries?[name] = node
            case .unlink(let parent, let name): parent.entries?[name] = nil
            case .rename(let from, let name, let to, let newName, let node):
                if from.entries?[name] === node { from.entries?[name] = nil }
                to.entries?[newName] = node
            case .write(let node, let offset, let bytes):
                let missing = offset + bytes.count - node.bytes.count
                if missing > 0 { node.bytes.append(contentsOf: repeatElement(0, count: missing)) }
                node.bytes.replaceSubrange(offset..<offset + bytes.count, with: bytes)
            }
        }

        private func markDurable(bySyncOf node: Node) {
            syncs += 1
            for place in firstVolatile..<log.count
            where log[place].durableAt == nil && log[place].change.isMadeDurable(bySyncOf: node) {
                log[place].durableAt = log.count
            }
            while firstVolatile < log.count, log[firstVolatile].durableAt != nil { firstVolatile += 1 }
        }

        /// The disk after a power cut when `length` changes had been made: everything durable by then, and of the rest those
        /// that `keeps` picks.
        func afterPowerCut(length: Int, keeps: (Int) -> Bool) -> MemoryStorage {
            let disk = MemoryStorage()
            var nodes: [ObjectIdentifier: Node] = [ObjectIdentifier(root): disk.root]
            func copy(_ node: Node) -> Node {
                let made = nodes[ObjectIdentifier(node)] ?? Node(isFolder: node.entries != nil)
                nodes[ObjectIdentifier(node)] = made
                return made
            }
            for (place, logged) in log.prefix(length).enumerated() {
                guard logged.durableAt.map({ $0 <= length }) == true || keeps(place) else { continue }
                switch logged.change {
                case .link(let parent, let name, let node):
                    Self.apply(.link(in: copy(parent), name: name, node: copy(node)))
                case .unlink(let parent, let name): Self.apply(.unlink(in: copy(parent), name: name))
                case .rename(let from, let name, let to, let newName, let node):
                    Self.apply(
                        .rename(from: copy(from), name: name, to: copy(to), newName: newName, node: copy(node)))
                case .write(let node, let offset, let bytes):
                    Self.apply(.write(node: copy(node), offset: offset, bytes: bytes))
                }
            }
            return disk
        }

        /// Places in the log that a power cut after `length` changes may lose.
        func losable(length: Int) -> [Int] {
            log.prefix(length).indices.filter { log[$0].durableAt.map { $0 > length } ?? true }
        }

        // MARK: - SpoolStorage

        func makeDirectory(_ path: String) throws(SpoolError) {
            try step("mkdir")
            try add(path, Node(isFolder: true))
        }

        func create(_ path: String) throws(SpoolError) -> any SpoolFile {
            try step("create")
            let node = Node()
            try add(path, node)
            return MemoryFile(storage: self, node: node)
        }

        private func add(_ path: String, _ node: Node) throws(SpoolError) {
            let (parent, name) = try parent(path)
            guard parent.entries?[name] == nil else { throw .alreadyExists(path: path) }
            add(.link(in: parent, name: name, node: node))
        }

        func open(_ path: String) throws(SpoolError) -> any SpoolFile {
            try step("open")
            guard let node = node(path), node.entries == nil else { throw .notFound(path: path) }
            return MemoryFile(storage: self, node: node)
        }

        func syncDirectory(_ path: String) throws(SpoolError) {
            try step("fsync")
            guard let node = node(path), node.entries != nil else { throw .notFound(path: path) }
            markDurable(bySyncOf: node)
        }

        func rename(_ path: String, to other: String) throws(SpoolError) {
            try step("rename")
            guard let node = node(path) else { throw .notFound(path: path) }
            let (from, name) = try parent(path)
            let (to, newName) = try parent(other)
            add(.rename(from: from, name: name, to: to, newName: newName, node: node))
        }

        func list(_ path: String) throws(SpoolError) -> [String] {
            try step("list")
            guard let entries = node(path)?.entries else { throw .notFound(path: path) }
            return entries.keys.sorted()
        }

        func read(_ path: String, limit: Int) throws(SpoolError) -> [UInt8] {
            try step("read")
            guard let node = node(path), node.entries == nil else { throw .notFound(path: path) }
            guard node.bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
            return node.bytes
        }

        func removeFile(_ path: String) throws(SpoolError) {
            try step("unlink")
            guard let found = node(path), found.entries == nil else { throw .notFound(path: path) }
            let (parent, name) = try parent(path)
            add(.unlink(in: parent, name: name))
        }

        func removeDirectory(_ path: String) throws(SpoolError) {
            try step("rmdir")
            guard let entries = node(path)?.entries else { throw .notFound(path: path) }
            guard entries.isEmpty else { throw .alreadyExists(path: path) }
            let (parent, name) = try parent(path)
            add(.unlink(in: parent, name: name))
        }

        func freeBytes() throws(SpoolError) -> Int64 {
            try step("statvfs")
            return free
        }

        private final class MemoryFile: SpoolFile {
            let storage: MemoryStorage
            let node: Node

            init(storage: MemoryStorage, node: Node) {
                self.storage = storage
                self.node = node
            }

            func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
                // Two halves, as a disk may keep one sector and lose the next, or be full after one.
                let half = bytes.count / 2
                if half > 0 { storage.add(.write(node: node, offset: offset, bytes: Array(bytes[..<half]))) }
                try storage.step("write")
                storage.add(.write(node: node, offset: offset + half, bytes: Array(bytes[half...])))
            }

            func reserve(_ size: Int) throws(SpoolError) {
                // Space is counted, not filled: zeros to the end would only slow the tests.
                try storage.step("fallocate")
            }

            func sync() throws(SpoolError) {
                try storage.step("fdatasync")
                storage.markDurable(bySyncOf: node)
            }

            func close() throws(SpoolError) { try storage.step("close") }
        }
    }
#endif
