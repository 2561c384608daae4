internal import Foundation
internal import Glibc

/// Clients that are slow in every way end at their deadlines; one that is slow but keeps the pace is served.
let slowRow = LoadRow(name: "slow", mostlyWaits: true) { arguments in
    let daemon = try LoadedDaemon()
    let large = try largeJob(daemon)
    var clients: [SlowClient] = []
    for kind in SlowClient.Kind.allCases where !arguments.isQuick || kind != .idle {
        for _ in 0..<kind.count { clients.append(try SlowClient(kind, port: daemon.port, large: large)) }
    }
    let end = loadClock() + (arguments.isQuick ? 55 : 120)
    while loadClock() < end, clients.contains(where: { $0.ended == nil }) {
        for client in clients where client.ended == nil { client.look() }
        usleep(50_000)
    }
    var told: [String] = []
    for kind in SlowClient.Kind.allCases {
        let own = clients.filter { $0.kind == kind }
        for client in own { try client.check() }
        let seconds = own.compactMap(\.ended)
        guard let first = seconds.min(), let last = seconds.max() else { continue }
        told.append(String(format: "%d %@ %.1f–%.1f s", own.count, kind.rawValue, first, last))
    }
    try demand(try daemon.ask("GET", "/healthz").status == 200, "the daemon does not answer any more")
    return told.joined(separator: ", ")
}

/// A job whose drawing is larger than what the system keeps for a connection.
private func largeJob(_ daemon: LoadedDaemon) throws -> String {
    let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"40mm\" viewBox=\"0 0 60 40\">"
        + "<path d=\"M5 5H55\" stroke=\"black\"/><!--" + String(repeating: " ", count: 4 << 20) + "--></svg>"
    let answer = try daemon.ask(
        "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: Array(drawing.utf8))
    guard answer.status == 201, let id = answer.object["id"] as? String else {
        throw LoadTrouble(text: "a drawing of 4 MiB is refused with \(answer.status)")
    }
    return id
}

/// One client that takes its time.
private final class SlowClient {
    enum Kind: String, CaseIterable {
        /// A byte of the head each second.
        case head = "heads"
        /// A body at 100 bytes/s.
        case body = "bodies"
        /// Asks for much and takes nothing.
        case reader = "readers"
        /// Says nothing after its first answer.
        case idle = "idle"
        /// A body at 2 KiB/s, which is fast enough.
        case patient = "patient"

        var count: Int {
            switch self {
            case .head, .body: 100
            case .reader: 2
            case .idle: 50
            case .patient: 1
            }
        }

        /// When it has to be over, s after its begin.
        var window: ClosedRange<Double> {
            switch self {
            case .head, .body: 9.5...13
            case .reader: 29...36
            case .idle: 74...79
            case .patient: 14...20
            }
        }
    }

    let kind: Kind
    /// Seconds after which the daemon ended it.
    private(set) var ended: Double?
    private let link: LoadSocket
    private var begun: Double
    private var next: Double
    private var left: Int
    private var said: [UInt8] = []
    /// Of a reader: the answer has begun, and nothing more of it is taken.
    private var isFull = false

    private static let patientBytes = 30 * 1024

    init(_ kind: Kind, port: Int, large: String) throws {
        self.kind = kind
        link = try LoadSocket(port: port, receiveBuffer: kind == .reader ? 4096 : nil)
        left = .max
        switch kind {
        case .head: link.send("GET /healthz HTTP/1.1\r\nX-Slow: ")
        case .body: link.send(Self.upload(1 << 20))
        case .reader: link.send("GET /v1/jobs/\(large)/drawing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        case .idle: link.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        case .patient:
            link.send(Self.upload(Self.patientBytes))
            left = Self.patientBytes
        }
        begun = loadClock()
        next = begun + 1
    }

    private static func upload(_ length: Int) -> String {
        "POST /v1/devices/plot1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/svg+xml\r\n"
            + "Content-Length: \(length)\r\n\r\n"
    }

    /// Sends what is due and sees whether it is over.
    func look() {
        let now = loadClock()
        guard kind != .reader else { return lookAsReader(now) }
        switch link.look() {
        case .bytes(let bytes):
            said += bytes
            if kind == .patient { ended = now - begun }
        case .ended: ended = now - begun
        case .nothing: break
        }
        guard ended == nil, now >= next, left > 0 else { return }
        next += 1
        switch kind {
        case .head: link.send("x")
        case .body: link.send([UInt8](repeating: 0x20, count: 100))
        case .patient:
            let count = min(left, 2048)
            left -= count
            link.send([UInt8](repeating: 0x20, count: count))
        case .reader, .idle: break
        }
    }

    private func lookAsReader(_ now: Double) {
        if isFull {
            if link.isBroken { ended = now - begun }
        } else if case .bytes = link.look() {
            isFull = true
            begun = now
        }
    }

    /// Throws unless it ended as it has to.
    func check() throws {
        guard let ended else { throw LoadTrouble(text: "\(kind.rawValue): never ended") }
        try demand(kind.window.contains(ended), "\(kind.rawValue): ended after \(ended) s, not \(kind.window)")
        let head = String(decoding: said.prefix(16), as: UTF8.self)
        switch kind {
        case .head, .body: try demand(head.hasPrefix("HTTP/1.1 408"), "\(kind.rawValue): told \(head)")
        case .idle: try demand(head.hasPrefix("HTTP/1.1 200"), "\(kind.rawValue): told \(head)")
        // Blanks are no drawing, but all of them were read.
        case .patient: try demand(head.hasPrefix("HTTP/1.1 422"), "\(kind.rawValue): told \(head)")
        case .reader: break
        }
    }
}
