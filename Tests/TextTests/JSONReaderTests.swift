internal import TestSupport
internal import Testing

@testable import Text

/// Where things stand in a text that people have written.
struct JSONReaderTests {
    @Test func everyMemberHasItsLine() throws {
        let text =
            "{\n  // said\n  \"a\": [\n\n{\"b\": 1,\n \"c\": {}}, 7,\n{\"b\":\n2}],\n\n\"d\": \"x\\ny\", \"e\": null\n}\n"
        let (value, lines) = try JSONReader.readWithLines(Array(text.utf8))
        #expect(lines == ["/a": 3, "/a/0/b": 5, "/a/0/c": 6, "/a/2/b": 7, "/d": 10, "/e": 10])
        #expect(value["d"] == .string("x\ny"))
    }

    /// Against counting from the beginning for each member.
    @Test func linesAreAsIfCountedForEach() throws {
        var chance = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            var text = "{"
            var expected: [String: Int] = [:]
            for number in 0..<Int.random(in: 1...20, using: &chance) {
                text += (number == 0 ? "" : ",") + String(repeating: "\n", count: Int.random(in: 0...3, using: &chance))
                expected["/m\(number)"] = text.utf8.count { $0 == 0x0A } + 1
                text += "\"m\(number)\":" + String(repeating: "\n", count: Int.random(in: 0...2, using: &chance)) + "1"
            }
            let found = try JSONReader.readWithLines(Array((text + "}").utf8)).lines
            #expect(found == expected, "seed 7: \(text)")
        }
    }
}
