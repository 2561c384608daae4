internal import Foundation

/// From the sending of a stop to `ES` on the board's wire, with a full queue, among 200 event streams and 50 requests a
/// second. The clock begins before the request is sent, so the way to the server counts, too.
let stopRow = LoadRow(name: "stop", mostlyWaits: false) { arguments in
    let board = try TimedBoard(.v303)
    let daemon = try LoadedDaemon(device: board.link)
    try waitFor("a plotter that stands ready") { try state(daemon) == "raised" }
    var waiting = 0
    while try submit(daemon) { waiting += 1 }
    let crowd = try Crowd(daemon, segments: 1, megabytes: 0)
    var times = LoadTimes()
    do {
        for _ in 0..<(arguments.isQuick ? 5 : 200) { times.add(try stopOnce(board, daemon)) }
    } catch {
        _ = crowd.end()
        throw error
    }
    let outcome = crowd.end()
    try outcome.demandAllWell()
    if !arguments.isQuick { try demand(times.quantile(0.99) <= 0.020, "\(times.text) over \(times.count) stops") }
    return "\(times.count) stops \(times.text); \(waiting) jobs waiting, 200 event streams, "
        + "of which \(outcome.returns) came back"
}

/// Draws, stops at some moment, and gives the seconds that it took.
private func stopOnce(_ board: TimedBoard, _ daemon: LoadedDaemon) throws -> Double {
    let queue = try daemon.ask("GET", "/v1/devices/plot1").object["queue"] as? [String] ?? []
    guard let id = queue.first else { throw LoadTrouble(text: "the queue is empty") }
    try demand(try daemon.ask("POST", "/v1/jobs/\(id)/resume").status == 200, "\(id) does not start")
    try waitFor("a plot under way") { try state(daemon) == "plotting" }
    usleep(UInt32.random(in: 100_000...300_000))
    let begun = loadClock()
    try demand(try daemon.ask("POST", "/v1/devices/plot1/stop").status == 200, "the stop is refused")
    try waitFor("ES on the wire") { board.lastStop > begun }
    let seconds = board.lastStop - begun
    try waitFor("rest") { try state(daemon) == "raised" }
    _ = try submit(daemon)
    return seconds
}

func state(_ daemon: LoadedDaemon) throws -> String {
    try daemon.ask("GET", "/v1/devices/plot1").object["state"] as? String ?? ""
}

/// Hands in a long drawing that is held; false when the queue is full.
private func submit(_ daemon: LoadedDaemon) throws -> Bool {
    let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300mm\" height=\"218mm\" viewBox=\"0 0 300 218\">"
        + "<path d=\"M20 20h200v4h-200v4h200v4h-200\" fill=\"none\" stroke=\"black\"/></svg>"
    let answer = try daemon.ask(
        "POST", "/v1/devices/plot1/jobs?orientation=landscape&hold=true", "Content-Type: image/svg+xml\r\n",
        body: Array(drawing.utf8))
    guard answer.status == 201 || answer.status == 429 else {
        throw LoadTrouble(text: "a job is answered with \(answer.status)")
    }
    return answer.status == 201
}

func waitFor(_ what: String, _ isSo: () throws -> Bool) throws {
    let end = loadClock() + 60
    while !(try isSo()) {
        try demand(loadClock() < end, "it does not come to \(what)")
        usleep(2_000)
    }
}
