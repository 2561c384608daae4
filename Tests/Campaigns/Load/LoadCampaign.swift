internal import Foundation

let loadCampaign = Campaign(
    name: "load",
    help: "thousands of connections, slow clients, and a plot among all that a server can be asked at once"
) { arguments in
    let descriptors = LoadSocket.raiseDescriptorLimit()
    print(loadConditions(arguments, descriptors))
    var report = CampaignReport()
    report.onFailure = { complain($0) }
    let isWanted = { (row: LoadRow) in arguments.row.map { $0 == row.name } ?? true }
    // Those that mostly wait do so beside the others, each with a daemon of its own.
    let waiting = loadRows.filter { $0.mostlyWaits && isWanted($0) }
    let working = loadRows.filter { !$0.mostlyWaits && isWanted($0) }
    let verdicts = await withTaskGroup(of: (String, CampaignReport.Verdict).self) { group in
        for row in waiting { group.addTask { (row.name, await row.verdict(arguments)) } }
        var verdicts: [(String, CampaignReport.Verdict)] = []
        for row in working { verdicts.append((row.name, await row.verdict(arguments))) }
        for await verdict in group { verdicts.append(verdict) }
        return verdicts
    }
    for (name, verdict) in verdicts { report.add(verdict, row: name, seed: arguments.seed) }
    return report
}

/// One thing that a server has to stand.
struct LoadRow: Sendable {
    var name: String
    var mostlyWaits: Bool
    /// Runs on a thread of its own; gives what was measured, or throws what is wrong.
    var run: @Sendable (CampaignArguments) throws -> String

    func verdict(_ arguments: CampaignArguments) async -> CampaignReport.Verdict {
        await withCheckedContinuation { done in
            let thread = Thread {
                do { done.resume(returning: .held(try run(arguments))) } catch {
                    done.resume(returning: .broken("\(error)"))
                }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }
}

let loadRows = [restRow, slowRow, idleRow, fullRow, busyRow, stopRow, uploadsRow, memoryRow]

/// What the figures depend on: the build and what else the machine does.
private func loadConditions(_ arguments: CampaignArguments, _ descriptors: Int) -> String {
    #if DEBUG
        let build = "debug"
    #else
        let build = "release"
    #endif
    let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
    return "\(build) build, load average \(load.split(separator: " ").prefix(3).joined(separator: " ")), "
        + "\(ProcessInfo.processInfo.activeProcessorCount) processors, \(descriptors) descriptors"
        + (arguments.isQuick ? "; quick: times are told, not judged" : "")
}

/// Throws unless it holds.
func demand(_ holds: Bool, _ words: @autoclosure () -> String) throws {
    if !holds { throw LoadTrouble(text: words()) }
}
