internal import Foundation
internal import Glibc
internal import Synchronization

/// Nobody asks for anything: little memory, hardly a processor.
let restRow = LoadRow(name: "rest", mostlyWaits: true) { arguments in
    let daemon = try LoadedDaemon(speed: "realtime")
    // What the start leaves to do is done by then.
    usleep(2_000_000)
    let seconds = arguments.isQuick ? 20.0 : 60
    let (begun, before) = (loadClock(), daemon.processorSeconds)
    usleep(UInt32(seconds * 1e6))
    let share = (daemon.processorSeconds - before) / (loadClock() - begun) * 100
    let megabytes = Double(daemon.residentBytes) / 1e6
    try demand(share <= 0.5, "\(share) % of a processor at rest")
    let own = Double(daemon.anonymousBytes) / 1e6
    try demand(own <= 10, "\(own) MB of its own at rest")
    // What is mapped of program and libraries depends on the build, and is shared.
    if !arguments.isQuick { try demand(megabytes <= 40, "\(megabytes) MB at rest") }
    return String(
        format: "%.1f MB, of which %.1f its own, and %.2f %% of a processor over %.0f s", megabytes, own, share, seconds
    )
}

/// Ten thousand connections with both caps raised, each of which has had an answer.
let idleRow = LoadRow(name: "idle", mostlyWaits: false) { arguments in
    let count = 10_000
    let daemon = try LoadedDaemon(limits: "\"connections\": 12000, \"connectionsPerAddress\": 12000")
    let greeting = Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
    func open(_ count: Int) throws -> [LoadSocket] {
        try (0..<count).map { index in
            let link = try LoadSocket(port: daemon.port)
            link.send(greeting)
            try demand(link.answer()?.status == 200, "connection \(index) gets no answer")
            return link
        }
    }
    // The first ones pay for what is made once.
    let first = try open(100)
    defer { withExtendedLifetime(first) {} }
    let before = daemon.residentBytes
    let begun = loadClock()
    let links = try open(count)
    // An optimised build would let go of them, and so close them, after their last use.
    defer { withExtendedLifetime(links) {} }
    let seconds = loadClock() - begun
    let each = Double(daemon.residentBytes - before) / Double(count)
    let asked = loadClock()
    try demand(links[count / 2].ask("GET", "/v1/devices")?.status == 200, "one of them is not served")
    let milliseconds = (loadClock() - asked) * 1000
    try demand(try daemon.metric("axidrawd_http_connections") == Double(count + first.count + 1), "some were closed")
    try demand(each <= 8192, "\(each) bytes a connection")
    let held = daemon.processorSeconds
    usleep(3_000_000)
    let share = (daemon.processorSeconds - held) / 3 * 100
    return String(
        format: "%d connections of %.1f kB each; opened in %.1f s; one served in %.1f ms; %.1f %% of a processor",
        count, each / 1024, seconds, milliseconds, share)
}

/// More than may be there with the limits as they are: those within them are served as if nothing were.
let fullRow = LoadRow(name: "full", mostlyWaits: false) { arguments in
    let daemon = try LoadedDaemon()
    // And the places that are kept for who comes from this machine.
    let places = 1024 + 32
    var links = try (0..<places).map { _ in try LoadSocket(port: daemon.port) }
    // An unasked connection is in only when the loop has taken it.
    for link in links { try demand(link.ask("GET", "/healthz")?.status == 200, "one within the limit is refused") }
    let pressed = FloodedPort(port: daemon.port)
    var times = LoadTimes()
    var generator = SystemRandomNumberGenerator()
    let end = loadClock() + (arguments.isQuick ? 3 : 20)
    while loadClock() < end {
        let begun = loadClock()
        let link = links[Int.random(in: 0..<places, using: &generator)]
        try demand(link.ask("GET", "/v1/devices/plot1")?.status == 200, "one within the limit is not served")
        times.add(loadClock() - begun)
        usleep(1000)
    }
    let flood = pressed.end()
    try demand(flood.wrong == [], "over the limit: \(flood.wrong.prefix(3).joined(separator: ", "))")
    try demand(flood.refused > 20, "only \(flood.refused) were refused")
    links.removeLast(24 + 32)
    usleep(1_500_000)
    try demand(try daemon.ask("GET", "/healthz").status == 200, "there is room, but nobody is let in")
    if !arguments.isQuick { try demand(times.quantile(0.99) <= 0.005, "within the limit \(times.text)") }
    return "\(flood.refused) refused with 503 and \(flood.cut) cut, \(times.count) within the limit \(times.text)"
}

/// A thread that opens connections one after the other where none is free.
private final class FloodedPort: Sendable {
    struct Outcome {
        var refused = 0
        /// Closed without a word: beyond those that hear why.
        var cut = 0
        var wrong: [String] = []
        var isOver = false
    }

    private let outcome = Mutex(Outcome())
    private let done = DispatchSemaphore(value: 0)

    init(port: Int) {
        let thread = Thread { [self] in
            while !outcome.withLock({ $0.isOver }) { press(port) }
            done.signal()
        }
        thread.start()
    }

    private func press(_ port: Int) {
        usleep(2000)
        let link = try? LoadSocket(port: port)
        link?.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        guard let answer = link?.answer() else { return outcome.withLock { $0.cut += 1 } }
        let waits = answer.field("retry-after").flatMap { Int($0) } ?? 0
        outcome.withLock { outcome in
            if answer.status == 503, waits > 0 {
                outcome.refused += 1
            } else {
                outcome.wrong.append("\(answer.status), Retry-After \(waits)")
            }
        }
    }

    func end() -> Outcome {
        outcome.withLock { $0.isOver = true }
        done.wait()
        return outcome.withLock { $0 }
    }
}
