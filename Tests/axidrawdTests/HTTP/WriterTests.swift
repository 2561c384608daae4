internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

struct WriterTests {
    private let writer = ResponseWriter(date: "d", requestId: "r")

    @Test(arguments: ["a\r\nb", "a\nb", "a\0b", "a\u{7f}", "a\u{1}"])
    func cannotWriteControlCharacters(_ value: String) {
        let text = String(decoding: writer.bytes(Response(200).adding("X", value)), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 500 "))
        #expect(!text.contains("X:"))
        let named = String(decoding: writer.bytes(Response(200).adding(value, "x")), as: UTF8.self)
        #expect(named.hasPrefix("HTTP/1.1 500 "))
    }

    @Test func writesLengthsAndChunks() {
        let text = String(decoding: writer.bytes(Response(200, contentType: "a/b", [1, 2, 3])), as: UTF8.self)
        #expect(text.contains("Content-Length: 3\r\n") && text.hasSuffix("\r\n\r\n\u{1}\u{2}\u{3}"))
        #expect(ResponseWriter.chunk([65]) == Array("1\r\nA\r\n".utf8))
        let none = String(decoding: writer.bytes(Response(204)), as: UTF8.self)
        #expect(!none.contains("Content-Length"))
    }

    @Test func writesDatesAsTheStandardSays() {
        #expect(DateText.http(unixSeconds: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(DateText.http(unixSeconds: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(DateText.stamp(unixMilliseconds: 1_709_164_800_007) == "2024-02-29T00:00:00.007Z")
    }

    @Test func writesJSONThatReadsBack() {
        let value = JSONValue.object([("a\"b", .array([.number(0.5), .integer(-3), .null, .bool(true)]))])
        #expect(value.text == "{\"a\\\"b\":[0.5,-3,null,true]}")
        #expect(JSONValue.string("\u{1}\n\\é").text == "\"\\u0001\\n\\\\é\"")
        #expect(JSONValue.number(.nan).text == "null")
        #expect(JSONValue.number(1e300).text == "1e+300")
    }

    @Test func weighsAcceptFields() {
        #expect(AcceptField.weight(of: "text/html", "text/html;q=0.5, */*;q=0.1") == 0.5)
        #expect(AcceptField.weight(of: "text/html; charset=utf-8", "text/*") == 1)
        #expect(AcceptField.weight(of: "text/html", "application/json") == 0)
    }
}
