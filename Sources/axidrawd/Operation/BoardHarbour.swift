internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Synchronization

/// Real boards as they come and go: each becomes a plotter under a name that stays with it.
///
/// A board that goes in the middle of a plot keeps its job: its driver waits for it and asks it where it stands.
final class BoardHarbour: Sendable {
    private struct State {
        var names = BoardNames()
        /// Where each plotter's board is now.
        var paths: [String: String] = [:]
        var isRunning = false
        /// What plotters are being told of their boards.
        var turns: [String: Turn] = [:]
    }

    /// What a plotter has not been told yet.
    private struct Turn {
        var isNew = false
        var hasLeft = false
        var isThere = false
    }

    private static let namesFile = "boards"
    /// A port that udev does not show is looked for so often.
    private static let lookSeconds = 1.0
    private static let retrySeconds = 5.0

    private let workshop: Workshop
    private let profile: MachineProfile
    private let relay: NoticeRelay
    private let keeper: JobKeeper
    private let log: Log
    private let monitor = UdevMonitor()
    private let queue = DispatchQueue(label: "axidrawd.boards")
    private let state: Mutex<State>

    /// - Parameter profile: the machine that every board is taken for.
    init(workshop: Workshop, profile: MachineProfile, relay: NoticeRelay, keeper: JobKeeper, log: Log) {
        self.workshop = workshop
        self.profile = profile
        self.relay = relay
        self.keeper = keeper
        self.log = log
        var initial = State()
        initial.names = BoardNames(text: keeper.boardNames)
        state = Mutex(initial)
    }

    /// Follows udev, and drives the ports that were named besides.
    func start(ports: [String]) {
        state.withLock { $0.isRunning = true }
        do throws(EBB.SystemError) {
            try monitor.start(on: queue) { [weak self] event in self?.plugged(event) }
        } catch {
            log.write(.warning, "udev cannot be asked; only --device finds boards", [("reason", error.description)])
        }
        for port in ports { look(for: port) }
        retry()
    }

    func stop() {
        state.withLock { $0.isRunning = false }
        monitor.stop()
    }

    private func plugged(_ event: PlugEvent) {
        switch event {
        case .attached(let board): arrived(board)
        case .detached(let board): left(board)
        }
    }

    private func arrived(_ board: BoardAddress) {
        let (name, isNew) = state.withLock { state -> (String, Bool) in
            let before = state.names
            let name = state.names.name(of: board)
            state.paths[name] = board.path
            return (name, before != state.names)
        }
        if isNew { keepNames() }
        log.write(.info, "board seen", [("device", name), ("path", board.path)])
        let station = station(name)
        tell(station.plotter, isThere: true, name)
    }

    private func left(_ board: BoardAddress) {
        let name = state.withLock { state -> String in
            let name = state.names.name(of: board)
            if state.paths[name] == board.path { state.paths[name] = nil }
            return name
        }
        log.write(.info, "board gone", [("device", name), ("path", board.path)])
        guard let station = try? workshop.station(name) else { return }
        tell(station.plotter, isThere: false, name)
    }

    /// Tells a plotter of its board's comings and goings in their order: one after the other, however quick they are.
    private func tell(_ plotter: Plotter, isThere: Bool, _ name: String) {
        let isBeingTold = state.withLock { state in
            let before = state.turns[name]
            let hasLeft = !isThere || before?.hasLeft ?? false
            state.turns[name] = Turn(isNew: true, hasLeft: hasLeft, isThere: isThere)
            return before != nil
        }
        if isBeingTold { return }
        Task {
            while let turn = nextTurn(name) {
                if turn.hasLeft { await plotter.vanished() }
                if turn.isThere { await plotter.appeared() }
            }
        }
    }

    private func nextTurn(_ name: String) -> Turn? {
        state.withLock { state in
            guard let turn = state.turns[name], turn.isNew else {
                state.turns[name] = nil
                return nil
            }
            state.turns[name] = Turn()
            return turn
        }
    }

    /// The plotter of a name, made at first sight.
    private func station(_ name: String) -> Station {
        if let known = try? workshop.station(name) { return known }
        let port = SerialPort(name: name) { [weak self] in self?.state.withLock { $0.paths[name] } }
        let relay = relay
        let link = LinkFigures()
        let plotter = Plotter(
            name: name, transport: MeteredLink(port, figures: link),
            penPin: profile.servo.pin.map { UInt8(clamping: $0) },
            profile: profile
        ) { relay.pass($0, from: name) }
        let made = Station(
            plotter: plotter, profile: profile, board: nil, firmware: .v303, link: link, simulatedSpeed: nil)
        workshop.add(made)
        return made
    }

    private func keepNames() {
        let log = log
        keeper.later { [self] store throws(JobStore.Refusal) in
            let text = state.withLock { $0.names.text }
            try store.spool { () throws(SpoolError) in
                try store.storage.replace(Self.namesFile, with: Array(text.utf8))
            }
        } failed: { refusal in
            log.write(.error, "the names of boards cannot be kept", [("reason", refusal.description)])
        }
    }

    /// Tries boards again that could not be taken into service, every few seconds.
    private func retry() {
        guard state.withLock({ $0.isRunning }) else { return }
        let present = state.withLock { Set($0.paths.keys) }
        for station in workshop.stations where present.contains(station.name) {
            Task { await station.plotter.retry() }
        }
        queue.asyncAfter(deadline: .now() + Self.retrySeconds) { @Sendable [weak self] in self?.retry() }
    }

    /// Takes a port into service when it is there, and lets it go when it is not; again and again.
    private func look(for path: String) {
        guard state.withLock({ $0.isRunning }) else { return }
        let board = BoardAddress(path: path, name: "", socket: path)
        let isThere = FileManager.default.fileExists(atPath: path)
        let wasThere = state.withLock { state in state.paths.values.contains(path) }
        if isThere, !wasThere { arrived(board) }
        if !isThere, wasThere { left(board) }
        queue.asyncAfter(deadline: .now() + Self.lookSeconds) { @Sendable [weak self] in self?.look(for: path) }
    }
}

extension JobStore {
    /// The table of names of boards as it was kept.
    var boardNames: String {
        guard let bytes = try? storage.read("boards", limit: 1 << 20) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
