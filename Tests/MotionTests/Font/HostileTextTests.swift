internal import Testing

@testable internal import Motion

/// Text that would cost too much is refused within the drawing's budget; odd text is drawn.
struct HostileTextTests {
    private static func refusal(_ body: String, _ budget: DrawingBudget) -> SVG.ParseError.Reason? {
        do {
            _ = try TextDrawing.flat(body, budget: budget)
            return nil
        } catch Pipeline.Failure.unreadable(let error) { return error.reason } catch { return nil }
    }

    @Test func manyCharactersStayInTheBudgetOfBytes() {
        let body = "<text>" + String(repeating: "I", count: 50_000) + "</text>"
        let reason = Self.refusal(body, DrawingBudget(bytes: 4 << 20, steps: 100_000_000))
        guard case .memory = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
    }

    @Test func manyCharactersStayInTheBudgetOfSteps() {
        let body = "<text>" + String(repeating: "I", count: 50_000) + "</text>"
        #expect(Self.refusal(body, DrawingBudget(bytes: 1 << 30, steps: 500_000)) == .work("the text"))
    }

    @Test func copiesOfTextCountEachTime() {
        var body = "<g id='a'><text>" + String(repeating: "I", count: 1000) + "</text></g>"
        for (inner, outer) in zip("abcdef", "bcdefg") {
            body += "<g id='\(outer)'>" + String(repeating: "<use href='#\(inner)'/>", count: 10) + "</g>"
        }
        #expect(Self.refusal(body, DrawingBudget(bytes: 1 << 30, steps: 5_000_000)) != nil)
    }

    @Test func deepElementsWithListsStayInTheBudget() {
        let open = String(repeating: "<tspan rotate='1' textLength='9'>", count: 3000)
        let close = String(repeating: "</tspan>", count: 3000)
        let body = "<text>" + open + String(repeating: "I", count: 5000) + close + "</text>"
        #expect(Self.refusal(body, DrawingBudget(bytes: 1 << 30, steps: 3_000_000)) == .work("the text"))
    }

    @Test(arguments: [
        "<text/>", "<text>   </text>", "<text><tspan/></text>", "<text font-size='0'>I</text>",
        "<text font-size='-1'>I</text>",
        "<text x='1e308 1e308' dx='1e308 1e308'>II</text>", "<text textLength='1e300'>II</text>",
        "<text rotate='1e308'>I</text>", "<text><text>I</text></text>", "<tspan>I</tspan>",
        "<text><textPath href='#nothing'>I</textPath></text>", "<text id='t'><textPath href='#t'>I</textPath></text>",
        "<text><textPath href='#p'>I</textPath></text><path id='p' d=''/>", "<text>\u{301}\u{301}</text>",
        "<text><textPath href='#p'>I</textPath></text><path id='p' stroke='none' fill='none' d='M1 1ZM2 2Z'/>",
        "<text letter-spacing='1e300'>II</text>", "<text>\u{FFFD}\u{10FFFD}</text>",
    ]) func oddTextEndsWell(_ body: String) throws {
        do {
            let flat = try TextDrawing.flat(body)
            #expect(flat.polylines.points.allSatisfy { $0.isFinite })
        } catch Pipeline.Failure.unreadable(let error) {
            #expect("\(error)".contains("100 m"), "\(error)")
        }
    }
}
