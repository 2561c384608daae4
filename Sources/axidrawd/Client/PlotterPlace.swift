internal import Foundation
internal import HTTP
internal import Text

/// Where the daemon of a plotter is, as far as anybody can say: named, or found in Consul and then asked for again before every
/// connection: the plotter's own service first, else the one address that the original installation had for all.
final class PlotterPlace {
    /// A Consul agent that is asked.
    struct Agent: Equatable, Sendable {
        var location: HTTPLocation
        var token: String?
    }

    /// What a look-up came to.
    enum Finding: Equatable {
        case found(String)
        case nothing
        case failed(String)
    }

    private let plotter: String
    private let named: [DaemonAddress]
    private let agent: Agent?
    private var tries = 0
    /// Found last; good for as long as the agent does not say otherwise.
    private var known: DaemonAddress?
    private let say: (String) -> Void

    /// Under which the address of the plotters' daemon is published, as in the original installation.
    static let addressKey = "axidraw_address"
    /// A look-up may take so long, ms: an agent is on the same machine.
    private static let patience: Int64 = 5_000

    /// - Parameter named: asked in turn; an agent is only asked where there are none.
    init(_ plotter: String, named: [DaemonAddress], agent: Agent?, say: @escaping (String) -> Void = { _ in }) {
        self.plotter = plotter
        self.named = named
        self.agent = agent
        self.say = say
    }

    /// Where to connect next; nil if nobody knows.
    func next() -> DaemonAddress? {
        guard named.isEmpty, let agent else {
            defer { tries += 1 }
            return named.isEmpty ? nil : named[tries % named.count]
        }
        switch service(agent) ?? Self.ask(agent) {
        case .found(let text):
            guard let address = DaemonAddress(text) else {
                say("Consul says \(Self.addressKey) = \(quoted(text)), which is no address")
                return known
            }
            if let old = known, old != address { say("the plotter's daemon has moved to \(address.text)") }
            known = address
        case .nothing: say("Consul knows no \(Self.addressKey) yet")
        case .failed(let reason): say("Consul: \(reason)")
        }
        return known
    }

    /// The service of the plotter; nil where nobody has registered one. Of several the one that can plot.
    private func service(_ agent: Agent) -> Finding? {
        var plan = ConsulPlan(location: agent.location)
        plan.service = ConsulPlan.standardService
        var client = ConsulClient(plan)
        client.patience = Self.patience
        let token = agent.token
        client.token = { () throws(ClusterFailure) in token }
        do throws(ClusterFailure) {
            let found = try client.instances(plan.plotterService).value.filter { instance in
                (instance.meta["plotter"] ?? instance.tags.first) == plotter && instance.location != nil
            }
            let best = found.first { $0.status == .passing } ?? found.first { $0.status == .warning } ?? found.first
            return best?.location.map { .found($0.text) }
        } catch {
            // Who may not look at services may be told the key.
            if case .refused = error { return nil }
            return .failed(error.sentence)
        }
    }

    private static func ask(_ agent: Agent) -> Finding {
        guard let location = agent.location.at("/v1/kv/\(addressKey)?raw") else { return .failed("no such address") }
        var bounds = HTTPClient.Bounds()
        bounds.connectMilliseconds = patience
        bounds.totalMilliseconds = patience
        bounds.body = 4096
        let fields = agent.token.map { [Response.Field("X-Consul-Token", $0)] } ?? []
        do throws(HTTPClient.Failure) {
            let reply = try HTTPClient(bounds: bounds).send(.init("GET", location, fields: fields))
            let text = String(decoding: reply.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            switch reply.status {
            case 200: return .found(text)
            case 404: return .nothing
            default: return .failed("\(reply.status) \(quoted(String(text.prefix(200))))")
            }
        } catch { return .failed("\(error)") }
    }
}
