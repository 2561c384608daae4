internal import Text

/// Finds the route of a target by its raw segments.
package struct Router: Sendable {
    package enum Match: Sendable {
        case found(Route, parameters: [String: String])
        /// The path exists for other methods.
        case wrongMethod(allowed: [String])
        /// OPTIONS is answered for every path.
        case options(allowed: [String])
        case notFound
    }

    package let routes: [Route]
    private let patterns: [[[UInt8]]]

    package init(_ routes: [Route]) {
        self.routes = routes
        patterns = routes.map { route in
            route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { Array($0.utf8) }
        }
    }

    package func match(method: String, target: RequestTarget) -> Match {
        var allowed: Set<String> = []
        let wanted = method == "HEAD" ? "GET" : method
        for (route, pattern) in zip(routes, patterns) {
            guard target.isAsterisk || Self.fits(pattern, target.segments) else { continue }
            if route.method == wanted, !target.isAsterisk {
                return .found(route, parameters: Self.parameters(pattern, target.segments))
            }
            allowed.insert(route.method)
        }
        guard !allowed.isEmpty else { return .notFound }
        if allowed.contains("GET") { allowed.insert("HEAD") }
        allowed.insert("OPTIONS")
        return method == "OPTIONS" ? .options(allowed: allowed.sorted()) : .wrongMethod(allowed: allowed.sorted())
    }

    private static func isParameter(_ segment: [UInt8]) -> Bool { segment.first == UInt8(ascii: "{") }

    private static func fits(_ pattern: [[UInt8]], _ segments: [[UInt8]]) -> Bool {
        pattern.count == segments.count
            && zip(pattern, segments).allSatisfy { isParameter($0) ? !$1.isEmpty : $0 == $1 }
    }

    private static func parameters(_ pattern: [[UInt8]], _ segments: [[UInt8]]) -> [String: String] {
        var result: [String: String] = [:]
        for (name, segment) in zip(pattern, segments) where isParameter(name) {
            let decoded = ASCII.percentDecoded(segment) ?? segment
            result[String(decoding: name.dropFirst().dropLast(), as: UTF8.self)] = String(
                decoding: decoded, as: UTF8.self)
        }
        return result
    }
}
