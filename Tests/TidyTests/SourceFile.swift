internal import Foundation
internal import TestSupport

/// A Swift file of the package as the tidy rules see it.
struct SourceFile {
    /// Below the package, such as `Sources/Motion/Geometry/Point.swift`.
    let path: String
    /// As written.
    let lines: [String]
    /// The same lines without comments and without the text of string literals.
    let code: [String]

    /// Folders of the path: `Sources`, target, folder in the target, …
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
    var target: String { folders.count > 1 ? folders[1] : "" }

    init(path: String, text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
        var stripper = CodeStripper()
        code = lines.map { stripper.strip($0) }
        words = Self.words(of: code)
    }

    /// Every Swift file below Sources, read once.
    static let sources = read(below: "Sources")
    /// Every Swift file below Tests, read once.
    static let tests = read(below: "Tests")

    /// All Swift files below a folder of the package, by path.
    private static func read(below folder: String) -> [SourceFile] {
        let root = packageDirectory.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return [] }
        var files: [SourceFile] = []
        for case let file as URL in walk where file.pathExtension == "swift" {
            let path = folder + file.path.dropFirst(root.path.count)
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            files.append(SourceFile(path: path, text: text))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Modules that the file imports.
    var imports: [String] {
        code.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let k = words.firstIndex(of: "import"), k + 1 < words.count, k <= 2 else { return nil }
            return words[k + 1]
        }
    }

    /// Whole words of the code.
    let words: Set<String>

    private static func words(of code: [String]) -> Set<String> {
        var words: Set<String> = []
        for line in code {
            for word in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
                words.insert(String(word))
            }
        }
        return words
    }

    /// Whole words of the code that no dot precedes: what a file names from outside, but for members.
    var freeWords: Set<String> {
        var words: Set<String> = []
        for line in code {
            var before: Character = " "
            var word = ""
            for character in line + " " {
                if character.isLetter || character.isNumber || character == "_" {
                    word.append(character)
                } else {
                    if !word.isEmpty, before != "." { words.insert(word) }
                    word = ""
                    before = character
                }
            }
        }
        return words
    }

    /// Types declared at any level, so that a file's own `Failure` is not taken for another's.
    var ownTypes: Set<String> {
        var found: Set<String> = []
        for line in code {
            let words = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).map(String.init)
            for (k, word) in words.enumerated() where Self.typeKeywords.contains(word) && k + 1 < words.count {
                found.insert(words[k + 1])
            }
        }
        return found
    }

    /// Types declared at the outermost level.
    var declaredTypes: [String] {
        code.compactMap { line in
            guard !line.hasPrefix(" "), !line.hasPrefix("extension"), !line.hasPrefix("private") else { return nil }
            let words = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).map(String.init)
            guard let k = words.firstIndex(where: Self.typeKeywords.contains), k + 1 < words.count else { return nil }
            return words[k + 1]
        }
    }

    private static let typeKeywords: Set<String> = ["struct", "enum", "class", "actor", "protocol", "typealias"]

    /// First line (1-based) and length of every function, initialiser and accessor block, braces counted.
    var functionLengths: [(line: Int, length: Int)] {
        var result: [(line: Int, length: Int)] = []
        var open: [(line: Int, depth: Int)] = []
        var depth = 0
        var pending: Int?
        for (i, line) in code.enumerated() {
            let words = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
            if words.contains("func") || words.contains("init") && line.contains("init(") && !line.contains(".init(") {
                pending = pending ?? i
            }
            for character in line {
                if character == "{" {
                    if let start = pending, open.last?.depth != depth {
                        open.append((start, depth))
                        pending = nil
                    }
                    depth += 1
                } else if character == "}" {
                    depth -= 1
                    if let last = open.last, last.depth == depth {
                        open.removeLast()
                        result.append((last.line + 1, i - last.line + 1))
                    }
                }
            }
        }
        return result
    }
}

/// Removes comments and the text of string literals, line by line.
private struct CodeStripper {
    private var isInLongString = false
    private var isInComment = false

    mutating func strip(_ line: String) -> String {
        var result = ""
        var rest = Substring(line)
        var isInString = false
        while let character = rest.first {
            if isInComment {
                isInComment = !rest.hasPrefix("*/")
                rest = rest.dropFirst(isInComment ? 1 : 2)
            } else if isInLongString {
                isInLongString = !rest.hasPrefix("\"\"\"")
                rest = rest.dropFirst(isInLongString ? 1 : 3)
            } else if isInString {
                isInString = character != "\""
                rest = rest.dropFirst(character == "\\" ? 2 : 1)
            } else if rest.hasPrefix("\"\"\"") {
                isInLongString = true
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("//") {
                return result
            } else if rest.hasPrefix("/*") {
                isInComment = true
                rest = rest.dropFirst(2)
            } else {
                isInString = character == "\""
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
