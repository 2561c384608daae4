internal import Testing

@testable internal import Motion

/// Broken and hostile documents: refused whole, with a place; bounded in time and memory.
struct RefusalTests {
    @Test(arguments: [
        ("", 1, 1), ("\n <a/>", 2, 2), ("<svg>", 1, 6), ("<svg></g>", 1, 6), ("<svg/>x", 1, 7),
        ("<svg a='1' a='2'/>", 1, 11),
        ("<svg a=1/>", 1, 8), ("<svg>\n<g>&none;</g></svg>", 2, 4), ("<svg><!-- -- --></svg>", 1, 11),
        ("<svg>]]></svg>", 1, 6), ("<svg>&#0;</svg>", 1, 6),
    ])
    func tellsLineAndColumn(_ text: String, _ line: Int, _ column: Int) throws {
        let fault = try #require(Reading.fault(Array(text.utf8)))
        #expect(fault.line == line, "\(fault)")
        // Some point at the construct, some at the character: never further than the construct is long.
        #expect(abs(fault.column - column) <= 8, "\(fault)")
    }

    @Test func boundsDepthEntitiesAndCopies() throws {
        // A small budget shows the same bounds as the large one, in a hundredth of the time.
        let budget = DrawingBudget(bytes: 32 << 20, steps: 10_000_000)
        let deep = String(repeating: "<g>", count: 20_000)
        #expect(Reading.fault(Array((Reading.root + deep).utf8)) != nil)
        let within = String(repeating: "<g>", count: 1_000) + "<line x2='1'/>" + String(repeating: "</g>", count: 1_000)
        #expect(try Reading.lines(within) == "0,0 1,0")
        var entities = "<!DOCTYPE svg [<!ENTITY a0 'xxxxxxxxxx'>"
        for i in 1...9 {
            entities += "<!ENTITY a\(i) '" + String(repeating: "&a\(i - 1);", count: 10) + "'>"
        }
        #expect(
            Reading.fault(Array((entities + "]>" + Reading.root + "<desc>&a9;</desc></svg>").utf8), budget: budget)
                != nil)
        var copies = "<g id='u0'><line x2='1'/></g>"
        for i in 1...9 {
            copies += "<g id='u\(i)'>" + String(repeating: "<use href='#u\(i - 1)'/>", count: 10) + "</g>"
        }
        #expect(
            Reading.fault(Array((Reading.root + "<defs>\(copies)</defs><use href='#u9'/></svg>").utf8), budget: budget)
                != nil)
    }

    @Test func readsOtherEncodings() throws {
        let text = Reading.root + "<line x2='5'/></svg>"
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(Reading.fault([0xFF, 0xFE] + wide) == nil)
        #expect(Reading.fault([0xEF, 0xBB, 0xBF] + text.utf8) == nil)
        let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8) + text.utf8.dropLast(6) + "<desc>".utf8
        #expect(Reading.fault(latin + [0xE9] + "</desc></svg>".utf8) == nil)
        let unknown = Array("<?xml version='1.0' encoding='EBCDIC'?>".utf8) + text.utf8.dropLast(6)
        #expect(Reading.fault(unknown + "</svg>".utf8) == nil, "all ASCII")
        #expect(Reading.fault(unknown + [0xE9] + "</svg>".utf8) != nil)
        #expect(Reading.fault(Array(text.utf8.dropLast(6)) + [0xFF] + "</svg>".utf8) != nil)
    }

    @Test func expandsEntitiesInAttributesAndText() throws {
        let declared = "<!DOCTYPE svg [<!ENTITY n '5'><!ENTITY g \"<line x2='&n;'/>\">]>"
        let flat = try Reading.flat(declared + Reading.root + "<line x2='&n;&#48;'/>&g;</svg>")
        #expect(flat.polylines.count == 2)
        #expect(abs(flat.polylines[0][1].x - 50 * 25.4 / 96) < 1e-9)
    }

    @Test func everyNumberThatLeavesIsFinite() throws {
        let body =
            "<path d='M0 0L1e200 1e200'/><g transform='scale(1e200)'><g transform='scale(1e200)'><line x2='1'/></g></g>"
        do {
            let flat = try Reading.flat(Reading.root + body + "</svg>")
            #expect(flat.polylines.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
        } catch Pipeline.Failure.unreadable(let error) {
            #expect(error.line == 1)
        }
    }
}
