internal import Testing

/// The grammar of path data, its corners and its faults.
struct PathDataTests {
    @Test(arguments: [
        ("M1 2 3 4", "1,2 3,4"), ("m1,2,2,2", "1,2 3,4"), ("M1 2L3 4 5 6l1 1-2-2", "1,2 3,4 5,6 6,7 4,5"),
        ("M0 0H5V6h-1v-1", "0,0 5,0 5,6 4,6 4,5"), ("M.5.5-1-1", "0.5,0.5 -1,-1"), ("M1e1 1E-1L+2-.5", "10,0.1 2,-0.5"),
        ("M0 0 5 0 5 5z", "0,0 5,0 5,5 0,0"), ("M1 1h4v4zl-1 0", "1,1 5,1 5,5 1,1 | 1,1 0,1"),
        ("M0 0h1M5 5", "0,0 1,0"), ("M0 0M1 1h1", "1,1 2,1"), ("", ""), ("L1 1", ""), ("z", ""), ("M1.L2 2", ""),
        ("M0 0\t\r\nL1,1", "0,0 1,1"), ("M0 0h1h", "0,0 1,0"), ("M0,,0h1", ""), ("M0 0h1,h1", "0,0 1,0"),
    ])
    func readsLines(_ data: String, _ expected: String) throws {
        #expect(try Reading.lines("<path d='\(data)'/>") == expected)
    }

    /// Everything before the faulty command is drawn, nothing from it on; whole groups of the same run stay.
    @Test(arguments: [
        ("M0 0L5 5 L6", "0,0 5,5"), ("M0 0L5 5 6 6 7", "0,0 5,5 6,6"), ("M0 0h1x2h3", "0,0 1,0"),
        ("M0 0h1L NaN 3 4 4", "0,0 1,0"), ("M0 0h1L1e400 3", "0,0 1,0"), ("M0 0h1C1 2 3 4 5", "0,0 1,0"),
        ("M0 0h1e", "0,0 1,0"), ("M0 0h1A5 5 0 2 1 3 3", "0,0 1,0"), ("M0 0h1A5 5 0 1 -1 3 3", "0,0 1,0"),
    ])
    func stopsAtAFault(_ data: String, _ expected: String) throws {
        #expect(try Reading.lines("<path d='\(data)'/>") == expected)
        let flat = try Reading.flat(Reading.root + "<path d='\(data)'/></svg>")
        #expect(flat.diagnostics.contains { $0.line == 1 }, "the fault is not told")
    }

    /// Curves that are straight, so that their points can be written down.
    @Test(arguments: [
        ("M0 0C0 0 9 0 9 0", "9,0"), ("M0 0Q5 0 9 0T20 0", "20,0"), ("M0 0S9 0 9 0", "9,0"),
        ("M0 0A0 5 0 0 1 9 0", "9,0"), ("M0 0A5 5 0 1 1 0 0h7", "7,0"), ("M0 0a5 5 0 0110 0", "10,0"),
        ("M0 0a5-5 0 01 10 0 5 5 0 00-10 0", "0,0"),
    ])
    func endsWhereTheDataSays(_ data: String, _ last: String) throws {
        #expect(try Reading.lines("<path d='\(data)'/>").split(separator: " ").last.map(String.init) == last)
    }

    /// After other commands the first control point of S and T is the current point.
    @Test func reflectsOnlyItsOwnKind() throws {
        func drawn(_ data: String) throws -> String { try Reading.lines("<path d='\(data)'/>") }
        #expect(try drawn("M0 0Q5 9 9 0S15 9 20 0") == drawn("M0 0Q5 9 9 0C9 0 15 9 20 0"))
        #expect(try drawn("M0 0C2 9 5 9 9 0T20 0") == drawn("M0 0C2 9 5 9 9 0Q9 0 20 0"))
        #expect(try drawn("M0 0C2 9 5 9 9 0S15 9 20 0") == drawn("M0 0C2 9 5 9 9 0C13 -9 15 9 20 0"))
        #expect(try drawn("M0 0Q5 9 9 0T20 0") == drawn("M0 0Q5 9 9 0Q13 -9 20 0"))
    }

    /// Radii that are too small grow until the arc reaches.
    @Test func growsRadii() throws {
        let (small, exact) = ("M0 0A1 1 0 0 1 20 0", "M0 0A10 10 0 0 1 20 0")
        #expect(try Reading.lines("<path d='\(small)'/>") == Reading.lines("<path d='\(exact)'/>"))
    }
}
