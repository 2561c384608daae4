internal import EBB
internal import Motion
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// What planning may hold at once is known to each of its stages: large drawings of everyday kinds fit into the memory of
/// a small machine, and what does not fit is refused before memory is taken.
struct PlanMemoryTests {
    /// Of a service with 512 MiB.
    private static let allowed = MemoryAllowance(settingMebibytes: nil, limit: 512 << 20).bytes

    private static func plan(_ drawing: [UInt8], bytes: Int, copies: Int = 1) -> Pipeline.Failure? {
        do throws(Pipeline.Failure) {
            var request: PlotRequest
            do { request = try Fixture.request([]) } catch { return .unplannable(.nothingToDraw) }
            request.options.copies = copies
            _ = try PreparedPlot(
                drawing: drawing, request: request, budget: DrawingBudget(bytes: bytes, steps: 1 << 40),
                execution: .serial)
            return nil
        } catch { return error }
    }

    private static func isOfMemory(_ failure: Pipeline.Failure?) -> Bool {
        switch failure {
        case .unplannable(.memory(let needed, let allowed)): needed > allowed
        case .unreadable(let fault): if case .memory = fault.reason { true } else { false }
        case .unplannable, nil: false
        }
    }

    /// A part of the drawing within that part of the memory.
    @Test(arguments: LargeDrawing.allCases) func everydayLargeDrawingsAreTaken(kind: LargeDrawing) {
        let failure = Self.plan(kind.bytes(share: 0.004, seed: 1), bytes: Self.allowed / 250)
        #expect(failure == nil, "\(kind): \(failure.map { "\($0)" } ?? "")")
    }

    @Test(arguments: LargeDrawing.allCases) func whatNeedsMoreIsRefused(kind: LargeDrawing) {
        let drawing = kind.bytes(share: 0.002, seed: 2)
        #expect(Self.isOfMemory(Self.plan(drawing, bytes: Self.allowed / 25_000)), "\(kind)")
    }

    /// A small drawing that becomes a large plot.
    @Test func copiesCountToo() {
        let drawing = LargeDrawing.strokes.bytes(share: 0.0004, seed: 3)
        #expect(Self.plan(drawing, bytes: 1 << 19) == nil)
        let failure = Self.plan(drawing, bytes: 1 << 19, copies: 100)
        guard case .unplannable(.memory)? = failure else {
            Issue.record("\(failure.map { "\($0)" } ?? "taken")")
            return
        }
    }
}
