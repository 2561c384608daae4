internal import HTTP
internal import Text

/// What a daemon says of itself to Consul.
struct ConsulSelf: Sendable {
    private let plan: ConsulPlan
    private let place: ClusterPlace
    private let roles: Set<DaemonRole>
    /// Tells this daemon from others at the same agent.
    let id: String

    init(_ plan: ConsulPlan, place: ClusterPlace, machine: String?, roles: Set<DaemonRole>) {
        self.plan = plan
        self.place = place
        self.roles = roles
        id = plan.id ?? "\(plan.service)-\(machine ?? "here")-\(place.port)"
    }

    /// Everything that Consul is to know now.
    func wish(devices: [DeviceRecord], isReady: Bool, current: [String: String]) -> ConsulWish {
        let devices = roles.contains(.plotter) ? devices : []
        var wish = ConsulWish(services: [service] + devices.map(service))
        wish.health[check] = health(devices, isReady: isReady)
        for device in devices { wish.health[check(device)] = Self.health(device, isReady: isReady) }
        if roles.contains(.plotter), let url = place.url { wish.keys.append((key("axidraw_address"), url.text)) }
        for device in devices {
            wish.keys.append((stateKey(device), device.state.publicName))
            if let text = current[device.name] { wish.keys.append((key("axidraw_\(device.name)_current"), text)) }
        }
        return wish
    }

    /// What stays there after an orderly end: nobody drives these plotters now.
    func lastKeys(_ devices: [DeviceRecord]) -> [(key: String, value: String)] {
        roles.contains(.plotter) ? devices.map { (stateKey($0), "absent") } : []
    }

    // MARK: Keys

    private func key(_ name: String) -> String { plan.prefix + name }
    private func stateKey(_ device: DeviceRecord) -> String { key("axidraw_\(device.name)_state") }

    // MARK: Services

    private var check: String { id + ":works" }
    private func check(_ device: DeviceRecord) -> String { "\(id)-\(device.name):plots" }

    private var meta: [(name: String, value: String)] {
        [("version", Version.number)] + (place.url.map { [("url", $0.text)] } ?? [])
    }

    private var service: ConsulService {
        var checks = [ConsulService.Check.told(id: check, name: "takes work", seconds: plan.ttlSeconds)]
        if let health = place.health {
            checks.append(
                .asked(
                    id: id + ":answers", name: "answers", url: health.text, seconds: max(5, plan.ttlSeconds / 3)))
        }
        return ConsulService(
            id: id, name: plan.service, host: place.host, port: place.port,
            tags: DaemonRole.allCases.filter(roles.contains).map(\.rawValue) + plan.tags, meta: meta, checks: checks)
    }

    /// Others find a plotter by its name as a tag.
    private func service(_ device: DeviceRecord) -> ConsulService {
        ConsulService(
            id: "\(id)-\(device.name)", name: plan.plotterService, host: place.host, port: place.port,
            tags: [device.name],
            meta: meta + [("plotter", device.name), ("simulated", device.isSimulated ? "true" : "false")],
            checks: [.told(id: check(device), name: "plots", seconds: plan.ttlSeconds)])
    }

    // MARK: Health

    private func health(_ devices: [DeviceRecord], isReady: Bool) -> ConsulHealth {
        guard isReady else { return ConsulHealth(status: .critical, words: "The daemon takes no work now.") }
        guard roles.contains(.plotter) else { return ConsulHealth(status: .passing, words: "Takes work.") }
        let able = devices.count { Self.health($0, isReady: true).status != .critical }
        let words = "\(able) of \(devices.count) plotters can plot."
        return ConsulHealth(status: able == 0 ? .warning : .passing, words: words)
    }

    /// Whether a machine can plot: critical where it cannot, warning where it waits for a person.
    static func health(_ device: DeviceRecord, isReady: Bool) -> ConsulHealth {
        guard isReady else { return ConsulHealth(status: .critical, words: "The daemon takes no work now.") }
        let needsPerson = device.stoppedAt != nil || device.hindrance != nil || device.hasCutJob
        let status: ConsulHealth.Status =
            switch device.state {
            case .absent, .faulted: .critical
            case .paused: .warning
            case .free: .warning
            case .raised, .lowered, .awaiting: needsPerson || waitsForPaper(device) ? .warning : .passing
            case .plotting, .stopping: needsPerson ? .warning : .passing
            }
        return ConsulHealth(status: status, words: device.sentence)
    }

    private static func waitsForPaper(_ device: DeviceRecord) -> Bool {
        device.waitsForPaper && device.hasWaiting && !device.autoAdvance
    }
}
