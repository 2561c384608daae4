internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Text

struct JSONWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func setsCommasAndKeepsOrder() {
        let got = text { json in
            json.object { json in
                json.key("b")
                json.value(1)
                json.key("a")
                json.array { json in
                    json.value(true)
                    json.null()
                    json.object { _ in }
                    json.pair(1.5, -2, decimals: 3)
                }
                json.key("c")
                json.value("x")
            }
        }
        #expect(got == #"{"b":1,"a":[true,null,{},[1.5,-2]],"c":"x"}"#)
    }

    @Test func escapesText() {
        #expect(text { $0.value("\"\\\n\r\t\u{1}é\u{7f}") } == "\"\\\"\\\\\\n\\r\\t\\u0001é\\u007f\"")
        #expect(text { $0.value(nil as String?) } == "null")
    }

    @Test(arguments: [
        (0.0, 3, "0"), (-0.0, 3, "0"), (-0.0004, 3, "0"), (1, 0, "1"), (1.25, 3, "1.25"), (-1.2346, 3, "-1.235"),
        (999.9996, 3, "1000"), (0.001, 3, "0.001"), (123456.000001, 6, "123456.000001"), (1e300, 3, "1e+300"),
        (.nan, 3, "null"), (-.infinity, 3, "null"),
    ])
    func roundsToFixedDecimals(_ number: Double, _ decimals: Int, _ expected: String) {
        #expect(text { $0.value(number, decimals: decimals) } == expected)
    }

    @Test func shortestNumbersReadBackTheSame() {
        var generator = SeededGenerator(seed: 7)
        for number in [0, 1, -1, 0.1, 1e15, 1e16, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.5, .pi] {
            #expect(Double(text { $0.value(number) }) == number)
        }
        for _ in 0..<10_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            #expect(Double(text { $0.value(number) }) == number, "seed 7, \(number)")
        }
        #expect(text { $0.value(Double.nan) } == "null")
    }

    @Test func integersOfAnyWidth() {
        #expect(text { $0.value(Int64.min) } == "-9223372036854775808")
        #expect(text { $0.value(UInt64.max) } == "18446744073709551615")
        #expect(text { $0.value(UInt8(0)) } == "0")
    }

    @Test func foundationReadsIt() throws {
        let got = text { json in
            json.array { json in
                for i in 0..<100 { json.pair(Double(i) / 7, -Double(i) * 1.1, decimals: 4) }
            }
        }
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(got.utf8)) as? [[Double]])
        #expect(parsed.count == 100)
        #expect(abs(parsed[99][0] - 99.0 / 7) < 1e-4)
    }
}
