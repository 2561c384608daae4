internal import Dispatch
internal import EBB
internal import Glibc
internal import Synchronization
internal import Testing

/// The serial port on pseudo-terminals whose far ends are held by the tests.
@Suite struct SerialPortTests {
    /// The far end of a terminal, and where the near one is.
    private struct Line {
        let far: Int32
        let path: String

        init() throws {
            far = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            // TIOCSPTLCK and TIOCGPTN, whose macros are not imported (asm-generic/ioctls.h).
            var lock: Int32 = 0
            var number: UInt32 = 0
            try #require(
                unsafe far >= 0 && ioctl(far, 0x4004_5431, &lock) == 0 && ioctl(far, 0x8004_5430, &number) == 0)
            path = "/dev/pts/\(number)"
        }

        func put(_ text: String) {
            let bytes = [UInt8](text.utf8)
            #expect(unsafe write(far, bytes, bytes.count) == bytes.count)
        }
    }

    @Test(.timeLimit(.minutes(2))) func aFullLineInMidAnswerLosesNoAnswerAfterIt() throws {
        let line = try Line()
        defer { close(line.far) }
        let port = SerialPort(path: line.path)
        let executor = QueueExecutor(label: "port")
        let received = Mutex<[UInt8]>([])
        let more = DispatchSemaphore(value: 0)
        for round in 0..<20 {
            received.withLock { $0.removeAll() }
            try port.open(on: executor) { event in
                guard case .received(let bytes) = event else { return }
                let isFirst = received.withLock { received in
                    defer { received.append(contentsOf: bytes) }
                    return received.isEmpty
                }
                // More than the line takes, so that the rest waits for room while this event is still in hand.
                if isFirst { port.write([UInt8](repeating: 0x41, count: 200_000)) }
                more.signal()
            }
            line.put("first\r")
            #expect(more.wait(timeout: .now() + 60) == .success, "round \(round)")
            var left = 200_000
            var buffer = [UInt8](repeating: 0, count: 4096)
            while left > 0 { left -= max(0, unsafe read(line.far, &buffer, buffer.count)) }
            line.put("second\r")
            while received.withLock({ !$0.elementsEqual("first\rsecond\r".utf8) }) {
                try #require(more.wait(timeout: .now() + 60) == .success, "round \(round): no answer is heard any more")
            }
            port.close()
        }
    }

    /// Cables that are pulled while others are in use: each loss is told once, and the process lives.
    @Test(.timeLimit(.minutes(5))) func pulledCablesAreToldOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let executor = QueueExecutor(label: "port \(worker)")
                    for round in 0..<1_000 {
                        let line = try Line()
                        let port = SerialPort(path: line.path)
                        let (events, feed) = AsyncStream.makeStream(of: TransportEvent.self)
                        try port.open(on: executor) { feed.yield($0) }
                        line.put("!")
                        if round % 2 == 0 { port.write([UInt8](repeating: 0x41, count: 20_000)) }
                        close(line.far)
                        var losses = 0
                        for await event in events {
                            guard case .lost = event else { continue }
                            losses += 1
                            // What comes after it would be on the queue by now.
                            executor.async { feed.finish() }
                        }
                        #expect(losses == 1)
                        port.close()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
