internal import TestSupport
internal import Testing

@testable internal import Motion

/// What is drawn very far away is left out and told; the rest is drawn as if it were not there.
struct ReachTests {
    private static let frame = "<rect x='10' y='10' width='80' height='80'/>"

    /// A whole drawing beside one that reaches too far in some way: the page is the same, the frame is there, the rest is told.
    @Test(arguments: [
        "<line x1='5' y1='50' x2='900000000' y2='50'/>", "<line x1='1e9' y1='5' x2='1e9' y2='9'/>",
        "<path d='M5 50L1e12 50L1e12 1e12z'/>", "<circle cx='1e9' cy='5' r='4'/>", "<circle r='1e9'/>",
        "<path d='M5 50C1e9 50 1e9 60 5 60'/>", "<path d='M5 50A1e8 1e8 0 1 1 6 50'/>",
        "<path d='M1e30 5z' stroke-linecap='round'/>", "<g transform='scale(1e12)'><line x1='1' x2='2'/></g>",
        "<g transform='scale(1e200)'><g transform='scale(1e200)'><line x1='1' x2='2'/></g></g>",
        "<path d='M1e300 5H5V1e300'/>", "<path d='M5 5L1e305 1e305L-1e305 1e305z'/>",
        "<rect x='-1e9' y='-1e9' width='2e9' height='2e9'/>", "<polyline points='5,50 1e20,50 5,60'/>",
        "<line x1='200000mm' y1='0' x2='200000mm' y2='5'/>",
    ])
    func theRestIsDrawn(_ stray: String) throws {
        let flat = try Reading.flat(Reading.root + "\n" + stray + Self.frame + "\n</svg>")
        #expect(isNear(flat.page.width, 100 * 25.4 / 96) && isNear(flat.page.height, 100 * 25.4 / 96))
        let last = flat.polylines.count - 1
        #expect(flat.polylines[last].count == 5 && flat.isClosed[last])
        for p in flat.polylines.points {
            #expect(p.x.magnitude <= 100_001 && p.y.magnitude <= 100_001, "\(p)")
        }
        let told = flat.diagnostics.filter { $0.code == "out-of-reach" }
        let isDroppedBefore = stray.contains("1e200")
        #expect(told.count == (isDroppedBefore ? 0 : 1) && told.allSatisfy { $0.count == 1 && $0.line == 2 })
    }

    @Test func whatIsWithinIsKeptToTheCut() throws {
        #expect(try Reading.lines("<line x1='5' y1='50' x2='1e9' y2='50'/>") == "5,50 377952.76,50")
        #expect(try Reading.lines("<path d='M5 5L9 5L9 1e9L5 1e9z'/>").hasPrefix("5,5 9,5 9,377952.76"))
        let both = try Reading.lines("<line x1='-1e9' y1='50' x2='1e9' y2='50'/>")
        #expect(both == "-377952.76,50 377952.76,50")
        // A curve that leaves and comes back: two ends on the page.
        let curve = try Reading.flat(Reading.root + "<path d='M5 50C1e9 50 1e9 60 5 60'/></svg>")
        #expect(curve.polylines.count == 2)
        // A fill stays an area that covers what it covered.
        let area = try Reading.lines(
            "<path d='M50 50L1e9 50L1e9 1e9L50 1e9z' fill='red' stroke='none'/>")
        #expect(area.split(separator: " ").count == 5 && area.contains("377952.76,377952.76"), "\(area)")
    }

    @Test func aPageFromTheDrawingIsThatOfTheRest() throws {
        let plain = try Reading.flat(Reading.head + "stroke='black' fill='none'><path d='M5 5H50V60'/></svg>")
        for stray in ["<line x1='5' x2='1e9'/>", "<path d='M1e9 5H2e9'/>"] {
            let flat = try Reading.flat(
                Reading.head + "stroke='black' fill='none'><path d='M5 5H50V60'/>" + stray + "</svg>")
            #expect(flat.page == plain.page)
        }
        let one = try Reading.flat(Reading.head + "stroke='black' fill='none'><path d='M5 5H50V60M1e9 5H2e9'/></svg>")
        #expect(one.page == plain.page && one.polylines.count == 1)
    }

    @Test func manyStraysAreOneDiagnosticWithACount() throws {
        let strays = String(repeating: "<line x1='1e9' x2='2e9'/>\n", count: 300)
        let flat = try Reading.flat(Reading.root + Self.frame + "\n" + strays + "</svg>")
        #expect(flat.polylines.count == 1)
        let told = flat.diagnostics.filter { $0.code == "out-of-reach" }
        #expect(told.map(\.count) == [300] && told.map(\.line) == [2])
        // All of it far away is no drawing.
        let fault = try #require(Reading.fault(Array((Reading.root + "\n" + strays + "</svg>").utf8)))
        #expect(fault.line == 2 && "\(fault)".contains("100 m"))
    }

    /// Paths of random ends near and far, curves too: never a trap, never beyond, and on the page as it was.
    @Test func randomPathsAreCutNotBroken() throws {
        let seed: UInt64 = 18
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var text = ""
            for _ in 0..<8 {
                let size = pow10(random.below(30))
                func number() -> String { "\((random.unit() * 2 - 1) * size) " }
                switch random.below(5) {
                case 0: text += "M" + number() + number()
                case 1: text += "L" + number() + number()
                case 2: text += "C" + (0..<6).map { _ in number() }.joined()
                case 3: text += "A" + "\(size) \(size) 0 1 1 " + number() + number()
                default: text += "z"
                }
            }
            let style = round % 2 == 0 ? "" : " fill='red' stroke='none'"
            let flat = try Reading.flat(
                Reading.root + "<path d='M1 1 " + text + "'\(style)/>" + Self.frame + "</svg>")
            #expect(flat.polylines.count >= 1, "seed \(seed), \(text)")
            for p in flat.polylines.points {
                #expect(p.x.magnitude <= 100_001 && p.y.magnitude <= 100_001, "seed \(seed), \(text)")
            }
        }
    }

    private func pow10(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { value, _ in value * 10 } }

    private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }
}
