internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import axidrawd

/// The files of the web front: those in the binary are those of the tree, and a folder may stand in for them.
struct WebFrontTests {
    private static let folder = packageDirectory.appendingPathComponent("Sources/axidrawd/Page/Assets")

    /// A folder of its own below the temporary ones, gone afterwards.
    private func temporaryFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/web-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func holdsEveryFileOfTheFolder() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { !$0.hasPrefix(".") }
        #expect(names.count > 8)
        #expect(Set(names) == Set(EmbeddedFiles.all.keys), "Sources/CAssets/assets.c names each file")
        for name in names {
            let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name))
            #expect(EmbeddedFiles.all[name] == [UInt8](bytes), "\(name)")
        }
    }

    @Test func everyTemplateIsOne() throws {
        for (name, bytes) in EmbeddedFiles.all where name.hasSuffix(".html") {
            #expect(throws: Never.self, "\(name)") { _ = try Template(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    @Test func servesTheFolderInsteadOfTheBinary() throws {
        try temporaryFolder { path in
            let web = WebFront(folder: path)
            #expect(web.bytes("page.css") == EmbeddedFiles.all["page.css"], "what the folder lacks")
            try write("body{}", path + "/page.css")
            #expect(web.bytes("page.css") == Array("body{}".utf8), "read anew")
            try write("1", path + "/view.js")
            try write("x", path + "/.hidden.js")
            try write("x", path + "/notes.md")
            let patterns = web.routes.map(\.pattern)
            #expect(patterns.contains("/view.js") && patterns.contains("/page.js"))
            #expect(!patterns.contains { $0.contains("hidden") || $0.contains("notes") || $0.contains(".html") })
        }
    }

    @Test func saysWhatIsWrongWithATemplateInTheFolder() throws {
        try temporaryFolder { path in
            try write("<p>\n{{nmae}}", path + "/login.html")
            let response = WebFront(folder: path).page("login.html", [:])
            #expect(response.status == 500)
            #expect(String(decoding: response.body, as: UTF8.self) == "login.html, line 2: there is no text nmae\n")
        }
    }
}
