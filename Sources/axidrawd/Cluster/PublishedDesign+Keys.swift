internal import Text

extension PublishedDesign {
    /// What keys say, by plotter: `axidraw_<id>_state` a bare word, `axidraw_<id>_current` as `{"product","ts"}`.
    ///
    /// - Parameter prefix: what keys begin with. What is none of these, or makes no sense, is left out.
    static func all(_ entries: [ConsulClient.Entry], prefix: String) -> [String: PublishedDesign] {
        var found: [String: PublishedDesign] = [:]
        for entry in entries where entry.key.hasPrefix(prefix + keyStart) && entry.value.count <= longest {
            let name = entry.key.dropFirst(prefix.count + keyStart.count)
            if name.hasSuffix("_state") {
                found[String(name.dropLast(6)), default: .init()].state = String(entry.text.prefix(32))
            } else if name.hasSuffix("_current"), let value = try? JSONReader.read(entry.value),
                case .string(let product)? = value["product"], case .integer(let time)? = value["ts"], time >= 0
            {
                found[String(name.dropLast(8)), default: .init()].product = product
                found[String(name.dropLast(8)), default: .init()].seed = time
            }
        }
        return found
    }

    private static let keyStart = "axidraw_"
    private static let longest = 4096
}
