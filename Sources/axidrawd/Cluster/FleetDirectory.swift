internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// The plotters of the fleet as Consul knows them, and the way to their daemons.
///
/// What it knows is as of the last change; whoever does not answer there is looked up once more before it is said that it
/// cannot be reached, so addresses may change at any time.
final class FleetDirectory: PlottersElsewhere {
    private let client: ConsulClient
    private let service: String
    private let ownId: String
    private let key: @Sendable () throws(ClusterFailure) -> String?
    private let known = Mutex<[String: [ConsulInstance]]>([:])
    /// Names that more than one daemon says to drive, with where they are.
    private let doubled = Mutex<[String: [String]]>([:])
    private let tell: @Sendable (JSONValue) -> Void
    private let threads = WaitingThreads(most: 64)

    /// A daemon may take so long to answer a press, ms: senders wait some 15 s.
    private static let patience: Int64 = 10_000
    private static let longestAnswer = 1 << 20

    /// - Parameters:
    ///   - ownId: of this daemon, whose plotters are not elsewhere.
    ///   - tell: tells people.
    init(
        _ plan: ConsulPlan, ownId: String, tell: @escaping @Sendable (JSONValue) -> Void = { _ in },
        key: @escaping @Sendable () throws(ClusterFailure) -> String?
    ) {
        self.tell = tell
        client = ConsulClient(plan)
        service = plan.plotterService
        self.ownId = ownId
        self.key = key
    }

    /// A watch that keeps this up to date.
    func watch() -> any ConsulWatching {
        let (client, service) = (client, service)
        // It is long in a large fleet and changes with each job in it; whoever has moved is looked up when it does not answer.
        return ConsulWatch(longestBusyPause: 5_000) { waiting throws(ClusterFailure) in
            try client.instances(service, waiting: waiting)
        } hears: { [weak self] instances, _ in
            self?.take(instances)
        }
    }

    func take(_ instances: [ConsulInstance]) {
        tellDoubled(instances)
        var found: [String: [ConsulInstance]] = [:]
        for instance in instances where instance.location != nil {
            guard let plotter = instance.meta["plotter"] ?? instance.tags.first, instance.id != "\(ownId)-\(plotter)"
            else { continue }
            found[plotter, default: []].append(instance)
        }
        // Of several the one that can plot; a machine that cannot says so itself, so it is asked all the same.
        for plotter in found.keys {
            found[plotter]?.sort { ($0.status.rank, $0.id) < ($1.status.rank, $1.id) }
        }
        known.withLock { $0 = found }
    }

    /// One name that two daemons have: whoever presses would not know which of them draws.
    private func tellDoubled(_ instances: [ConsulInstance]) {
        var places: [String: Set<String>] = [:]
        for instance in instances where instance.status != .critical {
            guard let plotter = instance.meta["plotter"] ?? instance.tags.first else { continue }
            places[plotter, default: []].insert(instance.location?.text ?? instance.id)
        }
        let now = places.filter { $0.value.count > 1 }.mapValues { $0.sorted() }
        let before = doubled.withLock { doubled in
            defer { doubled = now }
            return doubled
        }
        for (plotter, places) in now.sorted(by: { $0.key < $1.key }) where before[plotter] != places {
            tell(Installation.incident("plotter-doubled", plotter, Self.doubledSentence(plotter, places)))
        }
    }

    private static func doubledSentence(_ plotter: String, _ places: [String]) -> String {
        "More than one daemon says that it drives \(plotter): \(places.joined(separator: ", ")). Give one of them another name."
    }

    /// Of several that say to drive a plotter the one that really answers for it; a problem where more than one does.
    private func only(_ plotter: String) -> Result<HTTPLocation, Problem> {
        let instances = known.withLock { $0[plotter] ?? [] }
        guard let first = instances.first?.location else { return .failure(Self.unknown(plotter)) }
        let places = Set(instances.filter { $0.status != .critical }.compactMap(\.location))
        guard places.count > 1 else { return .success(first) }
        // What has ended without a word still stands there for a while.
        let alive = places.filter { place in
            let request = PassedRequest(method: "GET", target: "/state/" + RequestTarget.queryEncoded(plotter))
            return (try? send(request, to: place))?.status == 200
        }
        guard alive.count > 1 else { return .success(alive.first ?? first) }
        return .failure(
            Problem(
                409, "plotter-doubled", "Two plotters have one name",
                Self.doubledSentence(plotter, alive.map(\.text).sorted())))
    }

    // MARK: PlottersElsewhere

    var names: [String] { known.withLock { $0.keys.sorted() } }

    func address(of plotter: String) -> HTTPLocation? { known.withLock { $0[plotter]?.first?.location } }

    func pass(_ request: PassedRequest, to plotter: String) async -> Result<Response, Problem> {
        await withCheckedContinuation { done in
            let isBegun = threads.begin { [self] in done.resume(returning: passed(request, to: plotter)) }
            if !isBegun {
                done.resume(returning: .failure(.busy("Too many presses are passed on.", retryAfterSeconds: 2)))
            }
        }
    }

    /// Waits for the answer.
    private func passed(_ request: PassedRequest, to plotter: String) -> Result<Response, Problem> {
        let first: HTTPLocation
        switch only(plotter) {
        case .success(let place): first = place
        case .failure(let problem): return .failure(problem)
        }
        do throws(ClusterFailure) { return .success(try send(request, to: first)) } catch {
            // What has arrived there may have been done; what has not can be sent again.
            guard error.isUnheard || request.isRepeatable else { return .failure(Self.problem(error, plotter)) }
        }
        if let found = try? client.instances(service) { take(found.value) }
        switch only(plotter) {
        case .failure(let problem): return .failure(problem)
        case .success(let now):
            do throws(ClusterFailure) { return .success(try send(request, to: now)) } catch {
                return .failure(Self.problem(error, plotter))
            }
        }
    }

    private func send(_ request: PassedRequest, to base: HTTPLocation) throws(ClusterFailure) -> Response {
        guard let location = base.at(base.target + request.target) else { throw .silent(.unwritable) }
        var fields = [Response.Field(PassingOn.mark, "1")]
        if let key = try key() { fields.append(.init("Authorization", "Bearer " + key)) }
        if let type = request.contentType { fields.append(.init("Content-Type", type)) }
        var bounds = HTTPClient.Bounds()
        bounds.connectMilliseconds = 3_000
        bounds.totalMilliseconds = Self.patience
        bounds.body = Self.longestAnswer
        let reply: HTTPClient.Reply
        do throws(HTTPClient.Failure) {
            reply = try HTTPClient(bounds: bounds).send(
                .init(request.method, location, fields: fields, body: request.body))
        } catch { throw .silent(error) }
        if (300..<400).contains(reply.status) { throw .redirected(status: reply.status) }
        var response = Response(
            reply.status, contentType: reply.head.value("content-type") ?? "application/octet-stream", reply.body)
        if let wait = reply.head.value("retry-after") { response = response.adding("Retry-After", wait) }
        return response
    }

    private static func unknown(_ plotter: String) -> Problem {
        Problem(404, "unknown-device", "No such device", "No daemon of the fleet drives \(quoted(plotter)) now.")
    }

    private static func problem(_ failure: ClusterFailure, _ plotter: String) -> Problem {
        .busy("The daemon of \(plotter) \(failure.sentence).", retryAfterSeconds: 5)
    }
}

extension ConsulHealth.Status {
    fileprivate var rank: Int {
        switch self {
        case .passing: 0
        case .warning: 1
        case .critical: 2
        }
    }
}

extension ClusterFailure {
    /// Nothing of the request has been heard by anybody.
    fileprivate var isUnheard: Bool {
        switch self {
        case .silent(.unreachable), .silent(.forbidden), .silent(.untrusted), .silent(.unwritable), .token: true
        case .silent(.late), .silent(.broken), .silent(.tooLong), .refused, .redirected, .nonsense: false
        }
    }
}
