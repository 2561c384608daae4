internal import TestSupport
internal import Testing

@testable internal import Motion

/// What a drawing may cost is handed in as a value; beyond it the drawing is refused with its place, and never half drawn.
struct BudgetTests {
    private static func reason(
        _ document: String, bytes: Int = 512 << 20, steps: Int = 400_000_000
    ) -> SVG.ParseError? {
        do throws(Pipeline.Failure) {
            _ = try Pipeline.flatDrawing(
                of: Array(document.utf8), options: PlotOptions(), tolerance: 0.01,
                budget: DrawingBudget(bytes: bytes, steps: steps))
            return nil
        } catch {
            guard case .unreadable(let fault) = error else { return nil }
            return fault
        }
    }

    private static func isOfMemory(_ fault: SVG.ParseError?) -> Bool {
        if case .memory? = fault?.reason { true } else { false }
    }

    private static func isOfWork(_ fault: SVG.ParseError?) -> Bool {
        if case .work? = fault?.reason { true } else { false }
    }

    @Test func memoryIsRefusedWithPlaceAndRemedy() throws {
        let circles = String(repeating: "<circle cx='5' cy='5' r='3'/>\n", count: 20_000)
        let document = Reading.root + "\n" + circles + "</svg>"
        #expect(Self.reason(document, bytes: 32 << 20) == nil)
        let fault = try #require(Self.reason(document, bytes: 2 << 20))
        #expect(Self.isOfMemory(fault), "\(fault)")
        #expect("\(fault)".contains("raise the memory budget"))
    }

    /// Chords multiply: a few kilobytes of huge curves are millions of points.
    @Test func curvesThatGrowAreRefused() throws {
        let curve = "C9e4 0 0 9e4 9e4 9e4C0 9e4 9e4 0 0 0"
        let document = Reading.root + "<path d='M0 0" + String(repeating: curve, count: 500) + "'/></svg>"
        let fault = Self.reason(document, bytes: 8 << 20)
        #expect(Self.isOfMemory(fault), "\(String(describing: fault))")
    }

    /// Two children a level, each cut by the level below: 2³⁰ shapes from four kilobytes.
    @Test func nestedClipsAreBounded() throws {
        var body = "<clipPath id='c0'><circle cx='50' cy='50' r='40'/></clipPath>"
        for k in 1...30 {
            body += "<clipPath id='c\(k)'>"
            for side in 0...1 { body += "<rect x='\(side)' width='90' height='90' clip-path='url(#c\(k - 1))'/>" }
            body += "</clipPath>"
        }
        let document = Reading.root + body + "<path d='M0 0L100 100' clip-path='url(#c30)'/></svg>"
        let fault = Self.reason(document, steps: 1_000_000)
        #expect(Self.isOfWork(fault), "\(String(describing: fault))")
    }

    /// Twelve children a level, each in a place of its own: 12⁷ outlines to be built and held, whatever the budget.
    @Test func clipsOfSmallFilesHaveAShareOfTheirOwn() throws {
        var body = "<clipPath id='c0'><circle cx='50' cy='50' r='40'/></clipPath>"
        for k in 1...7 {
            body += "<clipPath id='c\(k)'>"
            for place in 0..<12 {
                body += "<circle cx='50' cy='50' r='45' transform='translate(\(place * k))'"
                body += " clip-path='url(#c\(k - 1))'/>"
            }
            body += "</clipPath>"
        }
        let document = Reading.root + body + "<path d='M0 0L100 100' clip-path='url(#c7)'/></svg>"
        let fault = Self.reason(document, bytes: 4 << 30, steps: .max)
        #expect(Self.isOfWork(fault), "\(String(describing: fault))")
    }

    /// Most circles meet few of the others: they are found by place, not one by one.
    @Test func manyClippedByManyIsCheap() throws {
        var (clips, shapes) = ("", "")
        for k in 0..<400 {
            let place = "cx='\(k % 20 * 3)' cy='\(k / 20 * 3)' r='1'"
            clips += "<circle \(place)/>"
            shapes += "<circle \(place)/>"
        }
        let document =
            Reading.root + "<clipPath id='c'>\(clips)</clipPath><g transform='translate(1 0)' clip-path='url(#c)'>"
            + shapes + "</g></svg>"
        #expect(Self.reason(document, steps: 10_000_000) == nil)
    }

    @Test func longValuesCountWhereSelectorsLookIntoThem() throws {
        let rules = (0..<500).map { "[d*='x\($0)']{stroke:red}" }.joined()
        let path = "<path d='M0 0" + String(repeating: "L1 1", count: 10_000) + "'/>"
        let document = Reading.root + "<style>\(rules)</style>" + path + "</svg>"
        #expect(Self.isOfWork(Self.reason(document, steps: 1_000_000)))
    }

    @Test func whoLeavesIsNotReadFor() throws {
        let lines = String(repeating: "<path d='M0 0L1 1'/>", count: 40_000)
        var execution = PlanExecution.serial
        execution.isCancelled = { true }
        var isCancelled = false
        do {
            _ = try Pipeline.flatDrawing(
                of: Array((Reading.root + lines + "</svg>").utf8), options: PlotOptions(), tolerance: 0.01,
                execution: execution)
        } catch Pipeline.Failure.unplannable(.cancelled) {
            isCancelled = true
        }
        #expect(isCancelled)
    }
}
