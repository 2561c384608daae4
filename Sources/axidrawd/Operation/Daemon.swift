internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Simulator
internal import Synchronization
internal import Text

/// What a daemon is asked to be.
struct DaemonOptions: Sendable {
    typealias Endpoint = ListenEndpoint

    var listen: [Endpoint] = []
    /// The sockets come from systemd, which also keeps their files.
    var hasInheritedSockets = false
    /// What flags, environment, API and file say.
    var layers = ConfigurationLayers()
    /// Where settings of the API are kept.
    var settingsFile: SettingsFile?
    var keyFile: KeyFile?
    /// The spool; nil = a folder of its own below the temporary ones, for tests.
    var keeper: JobKeeper?
    /// Whether every plotter that appears has its line closed.
    var holdsAtStart = false
    /// Folder of the spool, for messages.
    var statePath = ""
    /// Ports to drive besides those that udev shows.
    var ports: [String] = []
    /// Virtual boards; 0 = drive real ones.
    var simulated = 0
    /// Their names, in order; those without one are plot1, plot2, …
    var simulatedNames: [String] = []
    /// What of the whole this daemon is.
    var roles = Set(DaemonRole.allCases)
    var speed = Loopback.Speed.realTime
    var profile = MachineProfile.standard
    var firmware = FirmwareVersion.v303
    var access = Access()
    var limits = HTTPLimits()
    /// What reading and planning drawings may take.
    let memory = Live(MemoryAllowance(settingMebibytes: nil))
    /// Products and buttons; without products the buttons move the pen.
    var installation = InstallationPlan()
    /// Folder of what the installation remembers; nil keeps it in memory.
    var installationFolder: String?
    /// A folder with the files of the web front, for work on them; nil = those in the binary.
    var webFolder: String?
}

/// The running whole: plotters, workshop, server. Made once, run once.
final class Daemon: Sendable {
    let options: DaemonOptions
    let log: Log
    let workshop: Workshop
    let installation: Installation
    let credentials: CredentialTable
    let settings: Settings
    private let server: HTTPServer
    private let boards: BoardHarbour
    private let phase = Phases()
    private let diskWatch: DiskWatch
    private let runningTime: RunningTime
    private let outbox: Outbox
    let cluster: Cluster
    /// Plotters of other daemons.
    let elsewhere: Live<any PlottersElsewhere>
    private let sleepGuard: SleepGuard
    private let keyWatch = Mutex<Task<Void, Never>?>(nil)
    private let hourly = Mutex<Task<Void, Never>?>(nil)
    /// Last uses of keys as they are on the disk.
    private let keptUses = Mutex<[String: Int]>([:])

    /// Whether the daemon takes work.
    private final class Phases: Sendable {
        private let ready = Mutex(false)
        var isReady: Bool { ready.withLock { $0 } }
        func set(_ value: Bool) { ready.withLock { $0 = value } }
    }

    init(
        options: DaemonOptions, planning: PlotPlanning, credentials: CredentialTable, log: Log
    ) throws(SystemError) {
        self.options = options
        self.log = log
        self.credentials = credentials
        let events = EventHub(epoch: String(Identifier.make().suffix(10)))
        let relay = NoticeRelay()
        let stations = Self.stations(options, relay: relay)
        let keeper: JobKeeper
        if let given = options.keeper { keeper = given } else { keeper = try Self.temporarySpool() }
        let workshop = Workshop(
            stations: stations, events: events, planning: planning, keeper: keeper, log: log,
            holdsAtStart: options.holdsAtStart)
        let nomad = Live(options.layers.effective.cluster?.nomad)
        installation = try Installation(options, workshop, nomad)
        relay.connect(workshop, installation)
        boards = BoardHarbour(workshop: workshop, profile: options.profile, relay: relay, keeper: keeper, log: log)
        self.workshop = workshop
        let phase = phase
        let runningTime = RunningTime(before: keeper.ranSeconds)
        self.runningTime = runningTime
        let inForce = InForce()
        let settings = Settings(options.layers, file: options.settingsFile, log: log) { inForce.apply($0) }
        self.settings = settings
        let outbox = Self.outbox(options, keeper, events, log)
        self.outbox = outbox
        let figures = HTTPFigures()
        let plots = PlotFigures()
        events.observe { plots.take($0, $1) }
        let isReady: @Sendable () async -> Bool = {
            guard phase.isReady else { return false }
            return await keeper.isHealthy
        }
        let (cluster, passing) = Self.cluster(options.roles, workshop, installation, isReady, log)
        (self.cluster, elsewhere) = (cluster, passing.elsewhere)
        let metrics = MetricsRoutes(
            workshop: workshop, http: figures, plots: plots, webhooks: WebhookFigures(), outbox: outbox,
            cluster: cluster, started: Date().timeIntervalSince1970)
        let drawings = Live(options.layers.effective.drawingSources)
        let keys = KeyRoutes(file: options.keyFile, credentials: credentials, log: log)
        let routes = SiteRoutes.all(
            workshop: workshop, installation: installation, credentials: credentials, settings: settings,
            metrics: metrics, web: WebFront(folder: options.webFolder),
            repeats: Self.repeats(keeper, runningTime.seconds),
            keys: keys,
            webhookSources: WebhookSources(
                options.keyFile.map { WebhookSourceFile(folder: $0.folder).place }, log: log),
            drawings: drawings,
            cluster: cluster, passing: passing, roles: options.roles, isReady: isReady)
        let site = Site(
            router: Router(routes), access: options.access, credentials: credentials, events: events, log: log,
            figures: figures)
        do throws(SocketError) {
            server = try HTTPServer(site: site, limits: options.layers.effective.limits(over: options.limits))
        } catch {
            throw SystemError(call: error.call, code: error.code)
        }
        inForce.connect(
            server, limits: options.limits, memory: options.memory, outbox: outbox, drawings: drawings,
            keeper: keeper, cluster: cluster, nomad: nomad)
        InForce.limit(keeper, options.layers.effective)
        outbox.begin(options.layers.effective.webhooks ?? WebhookPlan(), found: workshop.jobs())
        events.observe { outbox.hear($0, $1) }
        let sleepGuard = SleepGuard(log: log)
        self.sleepGuard = sleepGuard
        events.observe { sleepGuard.hear($0, $1) }
        diskWatch = DiskWatch(keeper) { Self.tell($0, events, log) }
    }

    private static func cluster(
        _ roles: Set<DaemonRole>, _ workshop: Workshop, _ installation: Installation,
        _ isReady: @escaping @Sendable () async -> Bool, _ log: Log
    ) -> (Cluster, PassingOn) {
        let events = workshop.events
        let elsewhere = Live<any PlottersElsewhere>(NoPlottersElsewhere())
        var sight = Cluster.Sight(
            devices: { workshop.devices }, isReady: isReady, tell: { events.publish("incident", $0) })
        sight.roles = roles
        sight.meet = { elsewhere.replace($0) }
        sight.shown = { designs in Task { await installation.show(designs) } }
        if !installation.plan.cycle.isEmpty {
            sight.share = { installation.sharedCycle.replace($0) }
            sight.moved = { entry in Task { await installation.follow(entry) } }
        }
        let cluster = Cluster(sight, log: log)
        events.observe { cluster.hear($0, $1) }
        return (cluster, PassingOn(elsewhere: elsewhere) { (try? workshop.device($0)) != nil })
    }

    private static func outbox(
        _ options: DaemonOptions, _ keeper: JobKeeper, _ events: EventHub, _ log: Log
    ) -> Outbox {
        let secrets = options.keyFile.map { WebhookSecretFile(folder: $0.folder) }
        // Without a folder nothing outlives the process, and neither does the secret.
        let passing = (0..<32).map { _ in UInt8.random(in: 0...255) }
        let ways = Outbox.Ways(
            keys: { secrets?.keys(of: $0) ?? [passing] }, tell: { events.publish("incident", $0) })
        return Outbox(folder: keeper.folder.map { $0 + "/outbox" }, ways: ways, log: log)
    }

    /// A person has read the configuration again: receivers that were switched off are tried anew.
    func wakeReceivers() { outbox.configure(settings.effective.webhooks ?? WebhookPlan(), wakes: true) }

    private static func tell(_ news: DiskWatch.News, _ events: EventHub, _ log: Log) {
        switch news {
        case .slow(let seconds):
            log.write(.warning, "the disk of the spool is slow", [("durationSeconds", String(seconds))])
            let message =
                "The disk of the spool does not answer; what is being drawn goes on, what must be written down first waits."
            events.publish("incident", Installation.incident("slow-disk", nil, message))
        case .filling(let level):
            log.write(.warning, "drawings will be refused soon", [("reason", level.sentence)])
            events.publish("incident", Installation.incident("spool-filling", nil, level.sentence))
        case .over(let seconds):
            log.write(.info, "the disk of the spool answers again", [("durationSeconds", String(seconds))])
        }
    }

    /// Requests that have made jobs, with what was answered when these had just been made.
    private static func repeats(_ keeper: JobKeeper, _ now: @escaping @Sendable () -> Int) -> IdempotencyTable {
        let table = IdempotencyTable(now: now) { id in
            guard let identifier = JobIdentifier(id),
                let found = try? await keeper.perform({ store throws(JobStore.Refusal) in
                    try store.whereabouts(of: identifier)
                }), case .known(let record) = found
            else { return nil }
            let first = JobRecord(
                job: record.job, id: record.id, state: JobStore.initialState(of: record.job), rank: record.job.rank)
            return JobRoutes.created(PlotJob(first))
        }
        for (mark, job) in keeper.marks { table.remember(mark, job: job.text) }
        return table
    }

    private static func temporarySpool() throws(SystemError) -> JobKeeper {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-" + Identifier.make()
        do throws(JobStore.Refusal) { return try JobKeeper.open(path: path) } catch {
            throw SystemError(call: "spool", code: 5)
        }
    }

    private static func stations(_ options: DaemonOptions, relay: NoticeRelay) -> [Station] {
        (0..<options.simulated).map { index in
            let names = options.simulatedNames
            let name = index < names.count ? names[index] : "plot\(index + 1)"
            var board = options.profile.board(firmware: options.firmware)
            board.name = name
            var speed: Double?
            if case .times(let factor) = options.speed { speed = factor }
            // What is drawn is known from the plan: a daemon that runs for months keeps no trace of it.
            board.keepsTrace = false
            let loopback = Loopback(board, speed: options.speed)
            let link = LinkFigures()
            let plotter = Plotter(
                name: name, transport: MeteredLink(loopback, figures: link),
                penPin: options.profile.servo.pin.map { UInt8(clamping: $0) },
                profile: options.profile
            ) { relay.pass($0, from: name) }
            return Station(
                plotter: plotter, profile: options.profile, board: loopback, firmware: options.firmware,
                link: link, simulatedSpeed: speed)
        }
    }

    /// Opens the listening sockets.
    func listen() throws(SocketError) -> [CInt] {
        var sockets: [CInt] = []
        for endpoint in options.listen {
            switch endpoint.kind {
            case .internet(let host, let port): sockets += try Socket.listening(host: host, port: port)
            case .unix(let path): sockets.append(try Socket.listening(path: path))
            }
        }
        return sockets
    }

    /// Serves on a thread of its own and takes the boards into service; returns at once.
    ///
    /// - Parameter ended: called when the loop has ended.
    func start(on sockets: [CInt], ended: @escaping @Sendable () -> Void) {
        // Before the first press is heard: it may be one of a cycle that others share.
        cluster.begin(
            options.layers.effective.cluster ?? ClusterPlan(), endpoints: sockets.compactMap(Socket.localEndpoint(of:)))
        let server = server
        let log = log
        let thread = Thread {
            do throws(SocketError) { try server.run(listeners: sockets) } catch {
                log.write(.error, "the server has ended", [("reason", error.description)])
            }
            ended()
        }
        thread.name = "axidrawd.http"
        thread.stackSize = 1 << 20
        thread.start()
        let workshop = workshop
        let installation = installation
        let phase = phase
        let cluster = cluster
        Task {
            await installation.begin()
            // Virtual boards answer in milliseconds: whoever hands in a drawing at once finds them ready.
            // Real ones come by themselves, and may take their time.
            await withTaskGroup(of: Void.self) { group in
                for station in workshop.stations where station.board != nil {
                    group.addTask { await station.plotter.attach() }
                }
            }
            phase.set(true)
            cluster.wake()
        }
        if options.simulated == 0, options.roles.contains(.plotter) { boards.start(ports: options.ports) }
        watchKeys()
        let hours = Task.detached(priority: .utility) { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(3600))
                self?.keepRunningTime()
            }
        }
        hourly.withLock { $0 = hours }
    }

    /// Writes down how long daemons have run on the spool; what is lost of it makes keys only older than they are taken for.
    private func keepRunningTime() {
        let seconds = runningTime.seconds()
        workshop.keeper.later { store throws(JobStore.Refusal) in try store.note(runningSeconds: seconds) }
    }

    /// Keys made or revoked while the daemon runs count within two seconds.
    private func watchKeys() {
        guard let keyFile = options.keyFile else { return }
        for failure in keyFile.setAside() {
            log.write(.warning, "a file beside the keys cannot be used", [("reason", failure.description)])
        }
        let watch = Task.detached(priority: .utility) { [self] in
            var last = keyFile.modified
            var rounds = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                rounds += 1
                if rounds.isMultiple(of: 30) { keepUses() }
                let modified = keyFile.modified
                guard modified != last else { continue }
                last = modified
                reloadKeys()
            }
        }
        keyWatch.withLock { $0 = watch }
    }

    /// Writes down when keys were last used, if any was since the last time.
    private func keepUses() {
        // What a newer program keeps is told once, at the start, and stays as it is.
        guard let keyFile = options.keyFile, keyFile.setAside().isEmpty else { return }
        let uses = credentials.lastUses
        guard keptUses.withLock({ $0 != uses }) else { return }
        do throws(KeyFile.Failure) {
            try keyFile.note(uses)
            keptUses.withLock { $0 = uses }
        } catch {
            log.write(.warning, "the last use of keys cannot be kept", [("reason", error.description)])
        }
    }

    /// Takes no more work, brings plots to rest with the pen up (at most 10 s), ends the server.
    func stop() async {
        phase.set(false)
        boards.stop()
        diskWatch.stop()
        keyWatch.withLock { $0?.cancel() }
        hourly.withLock { $0?.cancel() }
        keepUses()
        async let parting: Void = cluster.close()
        await workshop.bringToRest(seconds: 10)
        await parting
        await outbox.close()
        sleepGuard.end()
        keepRunningTime()
        server.stop()
    }

    /// Returns once everything has answered that can hang by a mistake of ours: the loop, plotters with their drivers, the
    /// installation, the queues that nothing slow is done on. The disk, the log's reader and the network are not asked:
    /// they may be slow, and ending the daemon would not make them faster.
    func probe() async {
        await server.probe()
        for station in workshop.stations { await station.plotter.probe() }
        await installation.probe()
    }

    /// Reads the keys again; sessions of those that are gone end.
    func reloadKeys() {
        guard let keyFile = options.keyFile else { return }
        do throws(KeyFile.Failure) { credentials.replaceKeys(try keyFile.read()) } catch {
            log.write(.error, "the keys cannot be read; the ones in force stay", [("reason", error.description)])
        }
    }

    var counters: HTTPServer.Counters { server.counters }

    /// The table that is served.
    var routes: [Route] { server.site.router.routes }
}

/// Puts a changed configuration into force at the server.
private final class InForce: Sendable {
    private struct Target {
        var server: HTTPServer
        var limits: HTTPLimits
        var memory: Live<MemoryAllowance>
        var outbox: Outbox
        var drawings: Live<DrawingSources>
        var keeper: JobKeeper
        var cluster: Cluster
        var nomad: Live<NomadPlan?>
    }

    private let target = Mutex<Target?>(nil)

    func connect(
        _ server: HTTPServer, limits: HTTPLimits, memory: Live<MemoryAllowance>, outbox: Outbox,
        drawings: Live<DrawingSources>, keeper: JobKeeper, cluster: Cluster, nomad: Live<NomadPlan?>
    ) {
        target.withLock {
            $0 = Target(
                server: server, limits: limits, memory: memory, outbox: outbox, drawings: drawings, keeper: keeper,
                cluster: cluster, nomad: nomad)
        }
    }

    /// What drawings may take on the disk.
    static func limit(_ keeper: JobKeeper, _ configuration: ServiceConfiguration) {
        let quota = configuration.spoolMebibytes.map { $0 << 20 }
        keeper.later { store in store.quotaBytes = quota }
    }

    func apply(_ configuration: ServiceConfiguration) {
        guard let target = target.withLock({ $0 }) else { return }
        target.server.site.access.replace(configuration.access(machineName: Socket.machineName))
        target.server.limits.replace(configuration.limits(over: target.limits))
        target.memory.replace(MemoryAllowance(settingMebibytes: configuration.memoryMebibytes))
        target.drawings.replace(configuration.drawingSources)
        Self.limit(target.keeper, configuration)
        target.outbox.configure(configuration.webhooks ?? WebhookPlan(), wakes: false)
        target.cluster.configure(configuration.cluster ?? ClusterPlan())
        target.nomad.replace(configuration.cluster?.nomad)
    }
}

/// Passes on what plotters tell, once there is somebody to hear it.
final class NoticeRelay: Sendable {
    private let listeners = Mutex<(workshop: Workshop, installation: Installation)?>(nil)

    func connect(_ workshop: Workshop, _ installation: Installation) {
        listeners.withLock { $0 = (workshop, installation) }
    }

    func pass(_ notice: PlotterNotice, from name: String) {
        let listeners = listeners.withLock { $0 }
        // First the one that must know of a change before others can see it.
        listeners?.installation.hear(notice, from: name)
        listeners?.workshop.hear(notice, from: name)
    }
}
