internal import Testing

@testable internal import Text

struct NumberTextTests {
    @Test(arguments: [
        ("1", 1.0), ("-1", -1), ("+1", 1), ("0.5", 0.5), (".5", 0.5), ("1e3", 1000), ("1.5E-2", 0.015), ("007", 7),
        ("1234567890123456", 1_234_567_890_123_456),
    ])
    func readsDecimalNumbers(_ text: String, _ value: Double) {
        #expect(NumberText.number(text) == value)
    }

    @Test(arguments: [
        "", " ", " 1", "1 ", "nan", "NaN", "inf", "-inf", "infinity", "0x10", "0x1p3", "1,5", "1_000", "1e", "e3", "-",
        "+", ".", "5.", "1.e3", "--1", "1e1.5", "１", "1\u{0}",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(NumberText.number(text) == nil)
    }

    @Test(arguments: [("10", 10.0), ("10mm", 10), ("2.5cm", 25), ("-1in", -25.4), ("1e1mm", 10)])
    func readsLengths(_ text: String, _ value: Double) {
        #expect(NumberText.length(text) == value)
    }

    @Test(arguments: ["mm", "1 mm", "1MM", "1m", "1mmm", "1px", "incm"])
    func refusesOtherUnits(_ text: String) {
        #expect(NumberText.length(text) == nil)
    }

    @Test func tellsNegativeNumbersFromFlags() {
        for text in ["-1", "-.5", "-5,10", "-0"] { #expect(NumberText.looksNegative(text), "\(text)") }
        for text in ["-o", "--1", "-", "-.", "-e5", "1"] { #expect(!NumberText.looksNegative(text), "\(text)") }
    }
}
