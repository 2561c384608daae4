/// `Accept` (RFC 9110 §12.5.1).
package enum AcceptField {
    /// The weight that the field gives a media type, 0…1; the most exact range decides.
    package static func weight(of type: String, _ accept: String) -> Double {
        let wanted = type.prefix { $0 != ";" }
        let main = wanted.prefix { $0 != "/" }
        var best = (exactness: -1, weight: 0.0)
        for item in accept.lowercased().split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let range = parts.first else { continue }
            let exactness = range == wanted ? 2 : range == main + "/*" ? 1 : range == "*/*" ? 0 : -1
            guard exactness > best.exactness else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            best = (exactness, quality.map { Double($0) ?? 0 } ?? 1)
        }
        return best.weight
    }

    package static func allows(_ type: String, _ accept: String) -> Bool { weight(of: type, accept) > 0 }
}
