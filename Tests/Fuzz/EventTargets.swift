@testable internal import HTTP
@testable internal import Text

extension FuzzTarget {
    /// Where a reader of events goes on: whatever it says it has seen, it gets all that came after, once and in order, or a
    /// snapshot; and the same events whether they are sent at once or piece by piece.
    ///
    /// The first byte says how many events there are, the second how large they are, the third where the request is cut.
    static let events = FuzzTarget(name: "events") { bytes in
        guard bytes.count >= 3 else { return }
        let hub = EventHub(epoch: "e", capacity: 16)
        let count = Int(bytes[0])
        let data = JSONValue.string(String(repeating: "x", count: Int(bytes[1]) * 8))
        for number in 0..<count { hub.publish(number % 3 == 0 ? "job" : "state", data) }
        let sent = Array(bytes[3...])
        let whole = lastSeen(sent, cut: .max)
        hold(whole == lastSeen(sent, cut: 1), "byte by byte another event was seen")
        hold(whole == lastSeen(sent, cut: 2 + Int(bytes[2]) % 61), "cut, another event was seen")
        guard let whole else { return }
        let after = hub.number(ofId: whole)
        if let after {
            hold(whole == "e-\(after)", "\(whole) is no id of ours")
            hold(after >= 0 && after <= count && count - after <= 16, "\(after) cannot be gone on from")
        }
        let all = replay(hub, after: after, backlog: 1 << 20)
        hold(all.numbers == Array((after ?? count)..<count).map { $0 + 1 }, "after \(whole) came \(all.numbers)")
        hold(all.hasSnapshot == (after == nil), "snapshot and going on exclude each other")
        let slowly = replay(hub, after: after, backlog: 1 + Int(bytes[2]))
        hold(slowly.numbers == all.numbers && slowly.bytes == all.bytes, "piece by piece other events came")
    }

    /// The value of Last-Event-ID as the request has it; nil if the request is refused or has none.
    private static func lastSeen(_ value: [UInt8], cut: Int) -> String? {
        let request =
            Array("GET /v1/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: ".utf8) + value + Array("\r\n\r\n".utf8)
        var parser = RequestParser(limits: HTTPLimits())
        var start = 0
        while start < request.count {
            let piece = Array(request[start..<min(request.count, start + min(cut, request.count))])
            start += piece.count
            var position = 0
            let event: RequestParser.Event?
            do { event = try parser.read(piece, at: &position) } catch { return nil }
            guard let event else { continue }
            guard case .head(let head) = event else { return nil }
            return head.value("last-event-id")
        }
        return nil
    }

    /// All that a reader is sent, and what a browser would make of it.
    private static func replay(
        _ hub: EventHub, after: Int?, backlog: Int
    ) -> (bytes: [UInt8], numbers: [Int], hasSnapshot: Bool) {
        var limits = HTTPLimits()
        limits.eventBacklog = backlog
        var reader = EventReader(EventRequest(hub: hub, topics: [], after: after, snapshot: { .null }), now: 0)
        var bytes = reader.opening
        var steps = 0
        reading: while true {
            steps += 1
            hold(steps < 1000, "a reader never gets to the end")
            switch reader.step(unsent: 0, limits: limits, now: 0) {
            case .send(let more): bytes += more
            case .wait: break reading
            case .close: fail("a reader within the ring is closed")
            }
        }
        var numbers: [Int] = []
        var hasSnapshot = false
        for block in String(decoding: bytes, as: UTF8.self).split(separator: "\n\n") where !block.hasPrefix("retry") {
            let lines = block.split(separator: "\n")
            hold(lines.count == 3 && lines[0].hasPrefix("id: e-"), "an event is not of three lines")
            if lines[1] == "event: snapshot" {
                hasSnapshot = true
            } else {
                numbers.append(Int(lines[0].dropFirst(6)) ?? -1)
            }
        }
        return (bytes, numbers, hasSnapshot)
    }
}
