internal import Dispatch
internal import Glibc
internal import Synchronization

/// A serial device as a transport: raw, exclusive, never blocking.
///
/// The path is looked up at every opening, so that a board is found again under another name.
public final class SerialPort: Transport {
    private struct State {
        var device: DescriptorWatch?
        var timer: (any DispatchSourceTimer)?
        var queue: DispatchQueue?
        var events: (@Sendable (TransportEvent) -> Void)?
        var pending: [UInt8] = []
    }

    private static let longestRead = 4096
    private static let nanosecondsPerTick: UInt64 = 40_000

    private let name: String
    private let path: @Sendable () -> String?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: what the board is called in errors.
    ///   - path: where it is now; nil when it is not there.
    public init(name: String, path: @escaping @Sendable () -> String?) {
        self.name = name
        self.path = path
    }

    public convenience init(path: String) {
        self.init(name: path) { path }
    }

    deinit { close() }

    public var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / Self.nanosecondsPerTick) }

    /// Opens, or opens again after a loss.
    public func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void)
        throws(LinkError)
    {
        let queue = executor.queue
        guard let path = path() else {
            keep(queue, events)
            throw .absent(name: name)
        }
        keep(queue, events)
        let device: DescriptorWatch
        do {
            device = try DescriptorWatch(Self.openRaw(path))
        } catch {
            throw .openFailed(path: path, code: error.code)
        }
        state.withLock { state in
            state.device = device
            state.pending.removeAll()
        }
        device.start(on: queue) { [weak self, weak device] readiness in
            guard let device else { return }
            self?.serve(device, readiness)
        }
    }

    /// Sends bytes in order, keeping what is not taken at once.
    public func write(_ bytes: [UInt8]) {
        let failed: (DescriptorWatch, SystemError)? = state.withLock { state in
            guard let device = state.device else { return nil }
            state.pending.append(contentsOf: bytes)
            return drain(&state).map { (device, $0) }
        }
        if let (device, error) = failed { lose(device, error) }
    }

    /// Asks for one `woke`; a later call replaces an earlier one, nil withdraws it.
    public func wake(at tick: Int64?) {
        state.withLock { state in
            guard let tick else {
                state.timer?.schedule(deadline: .distantFuture)
                return
            }
            if state.timer == nil, let queue = state.queue {
                let timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
                timer.setEventHandler { @Sendable [weak self] in self?.woke() }
                timer.activate()
                state.timer = timer
            }
            let nanoseconds = UInt64(max(0, tick)) * Self.nanosecondsPerTick
            state.timer?.schedule(
                deadline: DispatchTime(uptimeNanoseconds: nanoseconds), leeway: .nanoseconds(0))
        }
    }

    /// Ends the link: nothing is received or lost any more, but who asks to be woken is.
    public func close() {
        state.withLock { state in
            shut(&state)
            state.timer?.cancel()
            state.timer = nil
        }
    }

    // MARK: The device

    /// Opens without becoming its terminal's owner, alone and raw.
    private static func openRaw(_ path: String) throws(SystemError) -> OwnedDescriptor {
        let descriptor = try OwnedDescriptor(opening: path, flags: O_RDWR | O_NOCTTY | O_NONBLOCK)
        // Two of us never share a port; root is not kept out by TIOCEXCL.
        if flock(descriptor.raw, LOCK_EX | LOCK_NB) != 0 { throw SystemError(call: "flock", code: EBUSY) }
        // Keeps programs out that know nothing of locks. It fails on what is no true tty, without harm.
        _ = ioctl(descriptor.raw, UInt(TIOCEXCL))
        var settings = termios()
        guard unsafe tcgetattr(descriptor.raw, &settings) == 0 else {
            throw SystemError(call: "tcgetattr", code: errno)
        }
        unsafe cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        settings.c_cflag &= ~tcflag_t(CRTSCTS)
        unsafe cfsetspeed(&settings, speed_t(B115200))
        guard unsafe tcsetattr(descriptor.raw, TCSANOW, &settings) == 0 else {
            throw SystemError(call: "tcsetattr", code: errno)
        }
        tcflush(descriptor.raw, TCIOFLUSH)
        return descriptor
    }

    private func keep(_ queue: DispatchQueue, _ events: @escaping @Sendable (TransportEvent) -> Void) {
        state.withLock { state in
            shut(&state)
            state.queue = queue
            state.events = events
        }
    }

    private func shut(_ state: inout State) {
        // The descriptor closes when its watch has seen that it is over; the port is free for the next opening now.
        if let device = state.device {
            _ = ioctl(device.descriptor.raw, UInt(TIOCNXCL))
            _ = flock(device.descriptor.raw, LOCK_UN)
        }
        state.device?.cancel()
        state.device = nil
        state.pending.removeAll()
    }

    private func serve(_ device: DescriptorWatch, _ readiness: DescriptorWatch.Readiness) {
        if readiness.hasRoom { write([]) }
        guard readiness.hasBytes || readiness.isHungUp else { return }
        do {
            guard let bytes = try device.descriptor.read(atMost: Self.longestRead) else {
                if readiness.isHungUp { lose(device, SystemError(call: "poll", code: EIO)) }
                return
            }
            if bytes.isEmpty { return lose(device, SystemError(call: "read", code: 0)) }
            let events = state.withLock { state in state.device === device ? state.events : nil }
            events?(.received(bytes))
        } catch {
            lose(device, error)
        }
    }

    private func woke() {
        let events = state.withLock { $0.events }
        events?(.woke)
    }

    /// Writes what is pending as far as the device takes it; the rest goes when it has room.
    private func drain(_ state: inout State) -> SystemError? {
        guard let device = state.device else { return nil }
        do {
            let count = try device.descriptor.write(state.pending[...])
            state.pending.removeFirst(count)
        } catch {
            return error
        }
        device.wantsRoom(!state.pending.isEmpty)
        return nil
    }

    /// Reports the loss after the caller has returned: it may be in the middle of a write.
    private func lose(_ device: DescriptorWatch, _ error: SystemError) {
        state.withLock { state in
            guard state.device === device else { return }
            shut(&state)
            guard let queue = state.queue, let events = state.events else { return }
            queue.async { @Sendable in events(.lost(.lost(call: error.call, code: error.code))) }
        }
    }
}
