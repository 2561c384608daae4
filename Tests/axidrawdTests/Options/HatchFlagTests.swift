internal import Motion
internal import Testing

@testable internal import axidrawd

/// `--hatch`, `--hatch-shade` and `--occlude`, as flags and as fields.
struct HatchFlagTests {
    @Test(arguments: [
        ("1", Hatch(spacing: 1)), ("0.5,30", Hatch(spacing: 0.5, degrees: 30)),
        ("0.1in,-45,cross", Hatch(spacing: 2.54, degrees: -45, pattern: .cross)),
        ("1,contour", Hatch(spacing: 1, pattern: .contour)),
        ("2,0,alternate", Hatch(spacing: 2, degrees: 0, pattern: .alternate)),
    ]) func isRead(text: String, expected: Hatch) throws {
        let value = try FlagKind.hatch.value(of: text, flag: "--hatch")
        #expect(value == .hatch(expected))
        #expect(try FlagKind.hatch.value(of: value.fieldText, flag: "hatch") == value)
    }

    @Test(arguments: [
        "", "0", "-1", "nan", "inf", "0.001", "1e9", "1,", "1,,cross", "1,45,dots", "1,400", "1,45,cross,2", "cross",
        "1;45",
        "1,nan",
    ]) func isRefused(text: String) {
        #expect(throws: UsageError.self) { try FlagKind.hatch.value(of: text, flag: "--hatch") }
    }

    @Test func itsPartsAreOptionsOfTheirOwn() throws {
        func hatch(_ fields: [(String, String)]) throws -> Hatch? {
            try OptionFields.request(fields.map { (name: $0.0, value: $0.1) }, over: .standard).options.hatch
        }
        #expect(
            try hatch([("hatch", "1"), ("hatch-angle", "30"), ("hatch-pattern", "cross")])
                == Hatch(spacing: 1, degrees: 30, pattern: .cross))
        #expect(try hatch([("hatch", "2,10,cross"), ("hatch-pattern", "parallel")]) == Hatch(spacing: 2, degrees: 10))
        for alone in [("hatch-angle", "30"), ("hatch-pattern", "cross")] {
            let problem = #expect(throws: OptionError.self) { try hatch([alone]) }
            #expect(problem?.sentence.hasPrefix("\(alone.0) needs hatch,") == true)
        }
    }

    @Test func shadeNeedsAHatch() throws {
        let problem = #expect(throws: OptionError.self) {
            try OptionFields.request([("hatch-shade", "true")], over: .standard)
        }
        #expect(problem?.sentence.hasPrefix("hatch-shade needs hatch,") == true, "as the fields are called")
        let request = try OptionFields.request(
            [("hatch-shade", "true"), ("hatch", "1,0"), ("occlude", "true"), ("pen-width", "0.5")], over: .standard)
        #expect(request.options.hatch?.isShaded == true)
        #expect(request.options.hidesLines && request.options.penWidth == 0.5)
    }
}
