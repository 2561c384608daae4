internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// The fleet as this daemon is part of it. Whatever happens here, nothing that plots waits for it.
final class Cluster: Sendable {
    /// What it sees of the daemon.
    struct Sight: Sendable {
        var devices: @Sendable () -> [DeviceRecord]
        /// Whether the daemon takes work. May take its time.
        var isReady: @Sendable () async -> Bool
        /// Tells people.
        var tell: @Sendable (JSONValue) -> Void
        var roles = Set(DaemonRole.allCases)
        /// Shares the cycle of products with others; nil ends that.
        var share: @Sendable ((any ProductCycle)?) -> Void = { _ in }
        /// Others have taken products of the cycle.
        var moved: @Sendable (_ entry: ConsulClient.Entry?) -> Void = { _ in }
        /// What is published of plotters has changed.
        var shown: @Sendable ([String: PublishedDesign]) -> Void = { _ in }
        /// Plotters of other daemons are known from now on.
        var meet: @Sendable (any PlottersElsewhere) -> Void = { _ in }
    }

    /// What goes on; replaced as a whole when the configuration changes.
    private struct State {
        var plan = ClusterPlan()
        var endpoints: [ListenEndpoint] = []
        var hasBegun = false
        var link: Linked?
        /// What was drawn last at plotters, as it is published.
        var current: [String: String] = [:]
        var ready = (isSo: false, at: Int64(-10_000))
    }

    /// What speaks with one Consul.
    private struct Linked {
        var link: ConsulLink
        var watches: [any ConsulWatching]

        func begin() {
            link.begin()
            for watch in watches { watch.begin() }
        }

        func close(milliseconds: Int64) {
            for watch in watches { watch.end() }
            link.close(milliseconds: milliseconds)
        }
    }

    private let state = Mutex(State())
    private let sight: Sight
    private let log: Log

    /// How long it holds that the daemon is ready, ms.
    private static let readinessHolds: Int64 = 2_000

    init(_ sight: Sight, log: Log) {
        self.sight = sight
        self.log = log
    }

    // MARK: Life

    /// Begins, once it is known where the daemon listens; returns at once.
    func begin(_ plan: ClusterPlan, endpoints: [ListenEndpoint]) {
        state.withLock { state in
            state.endpoints = endpoints
            state.hasBegun = true
        }
        configure(plan)
    }

    /// Takes a changed configuration; returns at once.
    func configure(_ plan: ClusterPlan) {
        let (old, new) = state.withLock { state -> (Linked?, Linked?) in
            guard state.hasBegun, state.plan != plan else { return (nil, nil) }
            let (before, old) = (state.plan.consul, state.plan.keyFile)
            state.plan = plan
            guard before != plan.consul || old != plan.keyFile else { return (nil, nil) }
            let parting = state.link
            state.link = plan.consul.map { linked($0, keyFile: plan.keyFile, endpoints: state.endpoints) }
            return (parting, state.link)
        }
        if old != nil || new != nil { share(plan.consul, new?.link) }
        guard let old else {
            new?.begin()
            return
        }
        // One after the other, so that what the old one takes out is not what the new one has put in.
        let thread = Thread {
            old.close(milliseconds: Self.partingMilliseconds)
            new?.begin()
        }
        thread.stackSize = 1 << 19
        thread.start()
    }

    private static let partingMilliseconds: Int64 = 3_000

    /// Takes the daemon's services out; bounded by three seconds.
    func close() async {
        guard let link = state.withLock({ $0.link }) else { return }
        await withCheckedContinuation { done in
            let thread = Thread {
                link.close(milliseconds: Self.partingMilliseconds)
                done.resume()
            }
            thread.stackSize = 1 << 19
            thread.start()
        }
    }

    private func share(_ plan: ConsulPlan?, _ link: ConsulLink?) {
        guard let plan, let link, plan.sharesCycle else { return sight.share(nil) }
        sight.share(SharedCycle(plan, isUsable: { link.standing.trouble == nil }, log: log))
    }

    private func linked(_ plan: ConsulPlan, keyFile: String?, endpoints: [ListenEndpoint]) -> Linked {
        let machine = Socket.machineName
        let own = ConsulSelf(
            plan, place: ClusterPlace(plan, endpoints: endpoints, machine: machine), machine: machine,
            roles: sight.roles)
        let link = link(plan, own)
        let client = ConsulClient(plan)
        let address = plan.prefix + "axidraw_address"
        var watches: [any ConsulWatching] = []
        if sight.roles.contains(.plotter) {
            // A key that we have written and that is gone, or a count that begins anew: the keys have been lost.
            watches.append(
                ConsulWatch { waiting throws(ClusterFailure) in
                    try client.entry(address, waiting: waiting)
                } hears: { entry, isReset in
                    if link.standing.keys[address] != nil, isReset || entry == nil { link.republish() }
                })
        }
        if plan.sharesCycle {
            let moved = sight.moved
            let key = plan.prefix + "current_product"
            // Every press of a fleet changes it, and what is known of it is only shown: whoever takes a product asks anew.
            watches.append(
                ConsulWatch(longestBusyPause: 5_000) { waiting throws(ClusterFailure) in
                    try client.entry(key, waiting: waiting)
                } hears: { entry, _ in
                    moved(entry)
                })
        }
        if sight.roles.contains(.preview) {
            let (shown, prefix) = (sight.shown, plan.prefix)
            watches.append(
                ConsulWatch { waiting throws(ClusterFailure) in
                    let found = try client.entries(prefix + "axidraw_", waiting: waiting)
                    return .init(value: PublishedDesign.all(found.value, prefix: prefix), index: found.index)
                } hears: { designs, _ in
                    shown(designs)
                })
        }
        let key = ClusterToken(path: keyFile, credential: ClusterPlan.credential)
        let directory = FleetDirectory(plan, ownId: own.id, tell: sight.tell) { () throws(ClusterFailure) in
            try key.read()
        }
        watches.append(directory.watch())
        sight.meet(directory)
        return Linked(link: link, watches: watches)
    }

    private func link(_ plan: ConsulPlan, _ own: ConsulSelf) -> ConsulLink {
        let ways = ConsulLink.Ways(
            wish: { [weak self] in self?.wish(own) ?? ConsulWish() },
            lastKeys: { [weak self] in self.map { own.lastKeys($0.sight.devices()) } ?? [] }, tell: sight.tell,
            isWell: { [weak self] in self?.nudge() })
        return ConsulLink(plan, ways: ways, log: log)
    }

    // MARK: What is told

    /// Takes in an event; returns at once.
    func hear(_ event: String, _ data: JSONValue) {
        guard ["state", "device", "queue", "installation"].contains(event) else { return }
        let link = state.withLock { state -> ConsulLink? in
            if event == "installation", case .string(let plotter)? = data["device"],
                case .string(let product)? = data["current"]?["product"],
                case .integer(let seed)? = data["current"]?["seed"]
            {
                // As the original wrote it.
                state.current[plotter] =
                    JSONValue.object([("product", .string(product)), ("ts", .integer(seed))]).text
            }
            return state.link?.link
        }
        link?.wake()
    }

    private func wish(_ own: ConsulSelf) -> ConsulWish {
        own.wish(
            devices: sight.devices(), isReady: isReady(), current: state.withLock { $0.current })
    }

    /// Asked on the link's thread, which may wait a little: who does not answer takes no work.
    private func isReady() -> Bool {
        let now = HTTPServer.now
        let known = state.withLock { $0.ready }
        if known.isSo, now - known.at < Self.readinessHolds { return true }
        let box = TimedBox<Bool>()
        let ask = sight.isReady
        Task { box.put(await ask()) }
        let isSo = box.take(until: now + 2_000) ?? false
        state.withLock { $0.ready = (isSo, HTTPServer.now) }
        return isSo
    }

    /// Consul answers again: what waits out a pause asks at once.
    private func nudge() {
        for watch in state.withLock({ $0.link?.watches }) ?? [] { watch.nudge() }
    }

    /// Something may have changed that no event tells.
    func wake() { state.withLock { $0.link }?.link.wake() }

    // MARK: Looking

    var plan: ClusterPlan { state.withLock { $0.plan } }

    /// How the link to Consul stands; nil where there is none.
    var consul: (plan: ConsulPlan, standing: ConsulLink.Standing)? {
        state.withLock { $0.link?.link }.map { ($0.plan, $0.standing) }
    }

    /// In a word: `none`, `linked`, `linking`, `trouble`.
    var word: String {
        guard let standing = consul?.standing else { return "none" }
        return standing.isLinked ? "linked" : standing.trouble == nil ? "linking" : "trouble"
    }
}
