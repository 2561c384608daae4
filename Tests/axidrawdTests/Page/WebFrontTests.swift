internal import Foundation
internal import Picture
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

    @Test func sendsFilesCompressedToWhoTakesThat() async throws {
        let server = try TestDaemon()
        let plain = try await server.ask("GET", "/page.css")
        #expect(!plain.head.contains("Content-Encoding") && plain.head.contains("Vary: Accept-Encoding\r\n"))
        #expect(!(try await server.ask("GET", "/page.css", "Accept-Encoding: gzip;q=0\r\n").head.contains("gzip")))
        let packed = try await server.ask("HEAD", "/page.css", "Accept-Encoding: br, gzip\r\n").head
        #expect(packed.contains("Content-Encoding: gzip\r\n"))
        for name in ["page.js", "icon.svg"] {
            let bytes = try #require(EmbeddedFiles.all[name])
            let member = gzipped(bytes)
            #expect(member.count < bytes.count + 24)
            #expect(try Self.gunzipped(member) == bytes)
        }
        #expect(try Self.gunzipped(gzipped([])) == [])
    }

    /// As the system's own tool reads it.
    private static func gunzipped(_ member: [UInt8]) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(member).write(to: path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](output)
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
