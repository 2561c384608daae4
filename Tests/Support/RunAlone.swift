public import EBB
public import Simulator

extension Driver {
    /// Runs the program; nothing that was arranged happens after its end, whoever looks at the board when.
    public func runAlone(
        _ program: Program, on loopback: Loopback, requests: RunRequests = RunRequests(),
        report: @escaping @Sendable (RunEvent) -> Void
    ) async -> RunEnd {
        let end = await run(RunStart(program), requests: requests, report: report)
        loopback.endArrangements()
        return end
    }
}
