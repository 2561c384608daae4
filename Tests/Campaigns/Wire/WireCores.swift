internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import Simulator
internal import Synchronization
internal import TestSupport

/// Every core is busy with other programs while a plot is drawn in real time on a real pseudo-terminal: it ends, and the
/// image is the same. How often the board ran dry is told, not judged: that is for the system's scheduler to say.
let coresRow = WireRow(name: "cores", isOnce: true) { plot, _, _ in
    var options = PlotOptions()
    options.jerk = plot.jerk
    let plot = try await WirePlot(
        drawing: Array(busyDrawing.utf8), firmware: plot.firmware, motion: plot.motion, options: options)
    let board = try ServedBoard(BoardConfiguration(firmware: plot.firmware))
    let driver = Driver(transport: SerialPort(path: try board.path()))
    let busy = try BusyCores()
    defer { busy.end() }
    _ = try await driver.connect()
    let stood = Mutex<[PauseReason]>([])
    let begun = DispatchTime.now().uptimeNanoseconds
    let requests = RunRequests()
    let end = await driver.run(RunStart(plot.program), requests: requests) { event in
        if case .stood(let reason) = event {
            stood.withLock { $0.append(reason) }
            requests.resume()
        }
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9
    await driver.close()
    guard end == .done else { return .broken("ended \(end)") }
    if let reason = stood.withLock({ $0.first }) { return .broken("stood: \(reason)") }
    guard let final = board.end() else { return .broken("the board did not end") }
    guard WirePlot.path(of: final.trace.vertices) == plot.path else { return .broken("another image") }
    let starved = final.incidents.count { $0.kind == .starved }
    return .held(String(format: "same image after %.1f s with %d programs, %d underruns", seconds, busy.count, starved))
}

/// Some seconds of short commands, pen up and down.
private var busyDrawing: String {
    var text = "<svg xmlns='http://www.w3.org/2000/svg' width='60mm' height='60mm' viewBox='0 0 60 60' "
    text += "fill='none' stroke='black'>"
    for radius in 2...5 { text += "<circle cx='\(radius * 2 + 4)' cy='14' r='\(radius)'/>" }
    return text + "</svg>"
}

/// Programs at normal priority that take all the processors there are.
private final class BusyCores: Sendable {
    private let processes: [Process]

    var count: Int { processes.count }

    init() throws {
        processes = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "while :; do :; done"]
            process.standardInput = FileHandle.nullDevice
            try process.run()
            Warden.shared.watch(process)
            return process
        }
    }

    func end() {
        for process in processes {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            Warden.shared.forget(process)
        }
    }
}
