internal import Glibc

/// A reader of foreign bytes that must never trap, hang or grow, and what else must hold of it.
struct FuzzTarget: Sendable {
    var name: String
    /// Traps when something that must hold does not.
    var run: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] = [
        .xml, .pathData, .css, .svg, .board2, .board3, .conversation, .faultScript, .http, .chunked, .multipart, .json,
        .query, .events, .strokes,
    ]

    /// The one that AXIDRAWD_FUZZ names.
    static let chosen: FuzzTarget = {
        let name = unsafe getenv("AXIDRAWD_FUZZ").map { unsafe String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            fail("AXIDRAWD_FUZZ must be one of: " + all.map(\.name).joined(separator: ", "))
        }
        return target
    }()
}

/// Ends the run as a fault, saying what did not hold.
func fail(_ text: String) -> Never {
    print(text)
    fflush(nil)
    abort()
}

/// Ends the run as a fault unless `claim` holds.
func hold(_ claim: Bool, _ text: @autoclosure () -> String) {
    if !claim { fail(text()) }
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
