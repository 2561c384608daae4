internal import CUdev
public import Dispatch
internal import Synchronization

/// A board comes or goes.
public enum PlugEvent: Hashable, Sendable {
    case attached(BoardAddress)
    case detached(BoardAddress)
}

/// Finds EiBotBoards through libudev and follows them.
///
/// Monitors the "udev" group, that is after the rules have run, and enumerates after having subscribed: nothing is
/// missed in between. All calls into libudev are made on one queue.
public final class UdevMonitor: Sendable {
    /// Owns the library's objects until the source that watches them is gone. Kept as numbers, which may cross threads;
    /// every use is under the state's lock.
    private final class Handles: Sendable {
        private let contextBits: Int
        private let monitorBits: Int

        init() throws(SystemError) {
            guard let context = unsafe udev_new() else { throw SystemError(call: "udev_new", code: 12) }
            guard let monitor = unsafe udev_monitor_new_from_netlink(context, "udev") else {
                unsafe _ = udev_unref(context)
                throw SystemError(call: "udev_monitor_new_from_netlink", code: 1)
            }
            contextBits = Int(bitPattern: context)
            monitorBits = Int(bitPattern: monitor)
        }

        deinit {
            unsafe _ = udev_monitor_unref(OpaquePointer(bitPattern: monitorBits))
            unsafe _ = udev_unref(OpaquePointer(bitPattern: contextBits))
        }

        var context: OpaquePointer? { unsafe OpaquePointer(bitPattern: contextBits) }
        var monitor: OpaquePointer? { unsafe OpaquePointer(bitPattern: monitorBits) }
    }

    private struct State {
        var handles: Handles?
        var source: (any DispatchSourceRead)?
        /// By system path of the tty.
        var boards: [String: BoardAddress] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    deinit { stop() }

    /// The boards of this moment.
    public static func boards() throws(SystemError) -> [BoardAddress] {
        guard let context = unsafe udev_new() else { throw SystemError(call: "udev_new", code: 12) }
        defer { unsafe _ = udev_unref(context) }
        return unsafe enumerated(context).map(\.board)
    }

    /// Reports every board that is there and then every change, on `queue`.
    public func start(on queue: DispatchQueue, report: @escaping @Sendable (PlugEvent) -> Void) throws(SystemError) {
        let handles = try Handles()
        unsafe udev_monitor_filter_add_match_subsystem_devtype(handles.monitor, "tty", nil)
        guard unsafe udev_monitor_enable_receiving(handles.monitor) >= 0 else {
            throw SystemError(call: "udev_monitor_enable_receiving", code: 1)
        }
        state.withLock { state in
            let source = DispatchSource.makeReadSource(
                fileDescriptor: unsafe udev_monitor_get_fd(handles.monitor), queue: queue)
            source.setEventHandler { @Sendable [weak self] in self?.receive(report) }
            source.setCancelHandler { @Sendable in _ = handles }
            source.activate()
            state.handles = handles
            state.source = source
        }
        queue.async { @Sendable [weak self] in self?.enumerate(report) }
    }

    /// Ends reporting.
    public func stop() {
        state.withLock { state in
            state.source?.cancel()
            state.source = nil
            state.handles = nil
            state.boards = [:]
        }
    }

    private func enumerate(_ report: (PlugEvent) -> Void) {
        let events = state.withLock { state in
            guard let context = unsafe state.handles?.context else { return [PlugEvent]() }
            var events: [PlugEvent] = []
            for (place, board) in unsafe Self.enumerated(context) {
                events += Self.change(&state.boards, at: place, to: board)
            }
            return events
        }
        for event in events { report(event) }
    }

    private func receive(_ report: (PlugEvent) -> Void) {
        while true {
            let events: [PlugEvent]? = state.withLock { state in
                guard let monitor = unsafe state.handles?.monitor,
                    let device = unsafe udev_monitor_receive_device(monitor)
                else { return nil }
                defer { unsafe _ = udev_device_unref(device) }
                guard let place = unsafe Self.text(udev_device_get_syspath(device)) else { return [] }
                let isGone = unsafe Self.text(udev_device_get_action(device)) == "remove"
                let board = isGone ? nil : unsafe Self.board(device)
                return Self.change(&state.boards, at: place, to: board)
            }
            guard let events else { return }
            for event in events { report(event) }
        }
    }

    /// A board that answers under another name or path is a departure and an arrival.
    private static func change(_ boards: inout [String: BoardAddress], at place: String, to board: BoardAddress?)
        -> [PlugEvent]
    {
        let before = boards[place]
        guard before != board else { return [] }
        boards[place] = board
        return (before.map { [.detached($0)] } ?? []) + (board.map { [.attached($0)] } ?? [])
    }

    private static func enumerated(_ context: OpaquePointer) -> [(place: String, board: BoardAddress)] {
        guard let list = unsafe udev_enumerate_new(context) else { return [] }
        defer { unsafe _ = udev_enumerate_unref(list) }
        unsafe udev_enumerate_add_match_subsystem(list, "tty")
        unsafe udev_enumerate_scan_devices(list)
        var found: [(String, BoardAddress)] = []
        var entry = unsafe udev_enumerate_get_list_entry(list)
        while let here = unsafe entry {
            if let place = unsafe text(udev_list_entry_get_name(here)),
                let device = unsafe udev_device_new_from_syspath(context, place)
            {
                if let board = unsafe board(device) { found.append((place, board)) }
                unsafe _ = udev_device_unref(device)
            }
            unsafe entry = udev_list_entry_get_next(here)
        }
        return found
    }

    private static func board(_ device: OpaquePointer) -> BoardAddress? {
        guard let path = unsafe text(udev_device_get_devnode(device)),
            let usb = unsafe udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device")
        else { return nil }
        return unsafe BoardAddress(
            path: path, socket: text(udev_device_get_sysname(usb)) ?? "",
            vendor: text(udev_device_get_sysattr_value(usb, "idVendor")),
            product: text(udev_device_get_sysattr_value(usb, "idProduct")),
            productText: text(udev_device_get_sysattr_value(usb, "product")),
            serial: text(udev_device_get_sysattr_value(usb, "serial")))
    }

    private static func text(_ bytes: UnsafePointer<CChar>?) -> String? {
        guard let bytes = unsafe bytes else { return nil }
        return unsafe String(cString: bytes)
    }
}
