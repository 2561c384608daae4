internal import TestSupport
internal import Testing

@testable import HTTP
@testable import axidrawd

struct MultipartTests {
    private func read(_ text: String, boundary: String = "b") -> Result<[Multipart.Part], Problem> {
        Result { () throws(Problem) in
            try Multipart(Array(text.utf8), contentType: "multipart/form-data; boundary=\(boundary)").parts
        }
    }

    private func part(_ name: String, _ body: String, filename: String? = nil) -> String {
        let label = filename.map { "; filename=\"\($0)\"" } ?? ""
        return "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(label)\r\n\r\n\(body)\r\n"
    }

    @Test func readsParts() throws {
        let parts = try read(
            "before\r\n" + part("a", "x\r\ny", filename: "q%22.svg") + part("b", "") + "--b--\r\nafter"
        ).get()
        #expect(parts.map(\.name) == ["a", "b"])
        #expect(parts[0].text == "x\r\ny")
        #expect(parts[0].filename == "q\".svg")
        #expect(parts[1].body == [])
    }

    @Test func leavesWhatOnlyLooksLikeADelimiterToTheData() throws {
        for data in ["\r\n--", "\r\n--bx", "\r\n--b-", "--bx", "\r\n-", "\r\r\n--", "\n--b--\n", "\r\n--b\rx"] {
            #expect(try read(part("a", data) + "--b--").get().first?.text == data, "\(data.debugDescription)")
        }
    }

    @Test func readsAPartThatEndsWithItsHead() throws {
        let text = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--"
        #expect(try read(text).get().first?.body == [])
    }

    @Test func allowsBlanksAfterABoundary() throws {
        let text = "--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--"
        #expect(try read(text).get().first?.text == "1")
    }

    @Test(arguments: [
        "", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "--b\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename*=utf-8''x\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n 1\r\n--b--",
        "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--",
        "--b\r\nX: " + String(repeating: "y", count: 5000) + "\r\n\r\n1\r\n--b--",
    ]) func refuses(_ text: String) {
        guard case .failure(let problem) = read(text) else {
            Issue.record("accepted")
            return
        }
        #expect(problem.status == 400)
    }

    @Test func boundsTheNumberOfParts() {
        let many = String(repeating: part("a", "1"), count: 9)
        #expect((try? read(many + "--b--").get()) == nil)
        #expect((try? read(String(repeating: part("a", "1"), count: 8) + "--b--").get())?.count == 8)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"), ("multipart/form-data; boundary=\"a b c\"", "a b c"),
        ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
        ("multipart/form-data; charset=x; boundary=\"q\\\"\"", nil),
        ("multipart/form-data; boundary=" + String(repeating: "a", count: 71), nil),
    ]) func findsTheBoundary(_ field: String, _ boundary: String?) {
        #expect(Multipart.boundary(field) == boundary)
    }

    /// Bodies of random pieces of delimiters come back whole.
    @Test func keepsAnyBody() throws {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        let pieces = ["\r", "\n", "-", "--", "b", "\r\n--b", "x", "\r\n"]
        for round in 0..<2000 {
            let data = (0..<Int.random(in: 0..<12, using: &random))
                .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            // A true delimiter line inside the data would end it: such data cannot be sent with this boundary.
            let line = "\r\n" + data
            if line.contains("\r\n--b\r\n") || line.contains("\r\n--b--") || line.hasSuffix("\r\n--b") { continue }
            let found = try? read(part("a", data) + "--b--").get()
            if found?.first?.text != data { Issue.record("seed \(seed), round \(round): \(data.debugDescription)") }
        }
    }
}
