internal import HTTP
internal import Text

/// Plotters that other daemons drive.
protocol PlottersElsewhere: Sendable {
    /// Names of those that are known now, without one's own.
    var names: [String] { get }
    /// Where the daemon of a plotter is; nil if nobody knows.
    func address(of plotter: String) -> HTTPLocation?
    /// Asks a plotter's daemon, and gives its answer as it is; a problem where there is none.
    func pass(_ request: PassedRequest, to plotter: String) async -> Result<Response, Problem>
}

/// A request that another daemon answers.
struct PassedRequest: Sendable {
    var method: String
    /// Path and query.
    var target: String
    var contentType: String?
    var body: [UInt8] = []
    /// A repeat of it is known by what it says, so that it may be sent again when no answer has come.
    var isRepeatable = false
}

/// Nobody else.
struct NoPlottersElsewhere: PlottersElsewhere {
    var names: [String] { [] }
    func address(of plotter: String) -> HTTPLocation? { nil }
    func pass(_ request: PassedRequest, to plotter: String) async -> Result<Response, Problem> {
        .failure(.notFound(request.target))
    }
}

/// Lets requests about a plotter that another daemon drives be answered there: path, body, status and answer as they are.
struct PassingOn: Sendable {
    let elsewhere: Live<any PlottersElsewhere>
    /// Whether a plotter is driven here.
    let isHere: @Sendable (String) -> Bool

    /// Says that a request has been passed on once; it is not passed on again.
    static let mark = "axidrawd-passed-on"

    /// As it goes into another request.
    private static func text(_ target: RequestTarget) -> String {
        let path = target.segments.map { RequestTarget.queryEncoded(String(decoding: $0, as: UTF8.self)) }
        let query = target.rawQuery.isEmpty ? "" : "?" + String(decoding: target.rawQuery, as: UTF8.self)
        return "/" + path.joined(separator: "/") + query
    }

    /// Whether to ask another daemon about this plotter.
    func passes(_ plotter: String, of request: HTTPRequest) -> Bool {
        !isHere(plotter) && request.head.value(Self.mark) == nil && elsewhere.value.address(of: plotter) != nil
    }

    /// The route with requests about plotters elsewhere passed on; they are told by the parameter `id`.
    func guarding(_ route: Route) -> Route {
        var guarded = route
        let handler = route.handler
        guarded.handler = { [self] request in
            let plotter = request.parameters["id"] ?? ""
            guard passes(plotter, of: request) else { return handler(request) }
            let passed = PassedRequest(
                method: request.head.method, target: Self.text(request.head.target),
                contentType: request.head.contentType,
                body: request.body)
            return .later { [self] in
                switch await elsewhere.value.pass(passed, to: plotter) {
                case .success(let response): .now(response)
                case .failure(let problem): .refused(problem)
                }
            }
        }
        return guarded
    }
}
