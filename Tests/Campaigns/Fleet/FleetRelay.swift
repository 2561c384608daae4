internal import Foundation
internal import Glibc
internal import HTTP
internal import Synchronization

/// Stands before a daemon as its address: passes bytes on, counts them, and cuts connections where it is told to.
final class FleetRelay: Sendable {
    /// What has passed.
    struct Counts: Sendable {
        var connections = 0
        var bytesUp = 0
        var bytesDown = 0
    }

    private struct State {
        var counts = Counts()
        var open: [Int: [CInt]] = [:]
        var born = 0
        /// The next connection ends after so many bytes of its answer.
        var cutAfter: Int?
        var port = 0
    }

    private let path: String
    private let state = Mutex(State())
    struct NoPort: Error {}

    /// - Parameter path: the socket of the daemon.
    init(path: String) throws {
        self.path = path
        try move()
    }

    deinit {
        state.withLock { $0.port = 0 }
        cut()
    }

    var port: Int { state.withLock { $0.port } }
    var counts: Counts { state.withLock { $0.counts } }

    /// From now on it is at another port, and no more at the old one.
    func move() throws {
        guard let raw = try Socket.listening(host: "127.0.0.1", port: 0).first, let new = Socket.localPort(of: raw)
        else { throw NoPort() }
        state.withLock { $0.port = new }
        let thread = Thread { [weak self] in
            let socket = Socket(owning: raw)
            while let relay = self, relay.port == new {
                _ = Socket.ready(raw, for: POLLIN, until: HTTPServer.now + 100)
                while case (let near, _)?? = try? socket.accept() { relay.take(near) }
            }
        }
        thread.stackSize = 1 << 18
        thread.start()
    }

    /// Cuts every connection that is open.
    func cut() {
        state.withLock { state in
            for raw in state.open.values.joined() { _ = shutdown(raw, Int32(SHUT_RDWR)) }
        }
    }

    /// The next answer ends after so many bytes, whatever it is.
    func cutNext(afterBytes count: Int) { state.withLock { $0.cutAfter = count } }

    private func take(_ near: CInt) {
        guard let far = try? Socket.connected(path: path, until: HTTPServer.now + 5_000) else {
            return Socket.close(near)
        }
        let (number, limit) = state.withLock { state -> (Int, Int?) in
            state.born += 1
            state.counts.connections += 1
            state.open[state.born] = [near, far]
            defer { state.cutAfter = nil }
            return (state.born, state.cutAfter)
        }
        let ends = Ends(2) { [weak self] in
            // Nobody cuts a number that is another's by then.
            self?.state.withLock { _ = $0.open.removeValue(forKey: number) }
            Socket.close(near)
            Socket.close(far)
        }
        pass(from: near, to: far, limit: nil, ends) { $0.bytesUp += $1 }
        pass(from: far, to: near, limit: limit, ends) { $0.bytesDown += $1 }
    }

    /// Runs something when the last of them has ended.
    private final class Ends: Sendable {
        private let left: Mutex<Int>
        private let last: @Sendable () -> Void

        init(_ count: Int, _ last: @escaping @Sendable () -> Void) {
            left = Mutex(count)
            self.last = last
        }

        func one() {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { last() }
        }
    }

    private func pass(
        from: CInt, to: CInt, limit: Int?, _ ends: Ends, count: @escaping @Sendable (inout Counts, Int) -> Void
    ) {
        let thread = Thread { [weak self] in
            var left = limit ?? Int.max
            while left > 0,
                let part = Socket.receive(from, atMost: min(16_384, left), until: HTTPServer.now + 120_000),
                !part.isEmpty, Socket.sendAll(to, part, until: HTTPServer.now + 60_000)
            {
                left -= part.count
                self?.state.withLock { count(&$0.counts, part.count) }
            }
            // Whatever ended it: the whole connection is over, as where a machine on the way dies.
            _ = shutdown(to, Int32(SHUT_RDWR))
            _ = shutdown(from, Int32(SHUT_RDWR))
            ends.one()
        }
        thread.stackSize = 1 << 18
        thread.start()
    }
}
