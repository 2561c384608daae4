internal import Testing

@testable internal import axidrawd

struct ProgressLineTests {
    @Test func redrawsAtMostFiveTimesASecond() {
        var line = ProgressLine(redraws: true)
        var shown = 0
        for i in 0...1000 where line.text(stage: "order", fraction: Double(i) / 2000, now: Double(i) / 1000) != nil {
            shown += 1
        }
        #expect(shown == 6 || shown == 5)
        #expect(line.end() != nil)
    }

    @Test func writesALinePerTenthElsewhere() {
        var line = ProgressLine(redraws: false)
        var text = ""
        for i in 0...1000 { text += line.text(stage: "order", fraction: Double(i) / 1000, now: 0) ?? "" }
        #expect(text.split(separator: "\n").count == 10)
        #expect(text.hasSuffix("order 100 %\n"))
        #expect(line.end() == nil)
    }

    @Test func survivesFractionsThatAreNone() {
        var line = ProgressLine(redraws: true)
        #expect(line.text(stage: "x", fraction: .nan, now: 1)?.contains("0 %") == true)
        #expect(line.text(stage: "x", fraction: 7, now: 2)?.contains("100 %") == true)
    }

    @Test func coloursOnlyCapableTerminals() {
        func console(_ colour: String?, _ environment: [String: String], _ isTerminal: Bool) -> Console {
            Console(colour: colour, isQuiet: false, environment: environment, isTerminal: isTerminal)
        }
        #expect(console(nil, ["TERM": "xterm"], true).usesColour)
        #expect(!console(nil, ["TERM": "xterm", "NO_COLOR": "1"], true).usesColour)
        #expect(console(nil, ["TERM": "xterm", "NO_COLOR": ""], true).usesColour)
        #expect(!console(nil, ["TERM": "dumb"], true).usesColour)
        #expect(!console(nil, ["TERM": "xterm"], false).usesColour)
        #expect(console("always", ["NO_COLOR": "1"], false).usesColour)
        #expect(!console("never", ["TERM": "xterm"], true).usesColour)
        #expect(!console(nil, ["TERM": "dumb"], true).redraws)
    }
}
