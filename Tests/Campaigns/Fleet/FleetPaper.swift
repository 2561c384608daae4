internal import HTTP
internal import Text

/// What a plotter of the fleet has drawn, as its history tells.
struct FleetPaper: Sendable {
    struct Drawing: Sendable {
        var ticket: String
        var product: String
        /// Unix ms of its press.
        var seed: Int
        var state: String
        var reason: String
    }

    var plotter: String
    var drawings: [Drawing] = []

    /// Reads the whole history; nil where the daemon does not give it.
    init?(_ place: FleetPlace, plotter: String) {
        self.plotter = plotter
        var after: String?
        repeat {
            let target = "/v1/history?limit=200&device=\(plotter)" + (after.map { "&after=\($0)" } ?? "")
            guard let (status, value) = place.ask("GET", target, seconds: 60), status == 200,
                case .array(let items)? = value["items"]
            else { return nil }
            drawings += items.compactMap(Self.drawing)
            if case .string(let text)? = value["next"] { after = text } else { after = nil }
        } while after != nil
    }

    private static func drawing(_ job: JSONValue) -> Drawing? {
        func text(_ name: String) -> String { if case .string(let text)? = job[name] { text } else { "" } }
        let words = text("name").split(separator: " ")
        guard text("source").hasPrefix("installation/") else { return nil }
        return Drawing(
            ticket: String(text("source").dropFirst("installation/".count)),
            product: words.first.map(String.init) ?? "", seed: words.last.flatMap { Int($0) } ?? 0,
            state: text("state"), reason: text("reason"))
    }

    /// What was really drawn, in the order of the presses.
    var done: [Drawing] { drawings.filter { $0.state == "done" }.sorted { $0.seed < $1.seed } }

    /// What must hold of one plotter whatever has happened: a press is drawn once, and its products go on in the cycle.
    ///
    /// - Parameter keepsOrder: whether the latter is asked for: a plotter that is killed before it has noted its position asks
    ///   Consul, and one that has lost its keys may not know better.
    func faults(products: Int, keepsOrder: Bool) -> [String] {
        var faults: [String] = []
        let counts = Dictionary(grouping: done, by: \.ticket)
        for (ticket, drawn) in counts where drawn.count != 1 {
            faults.append("\(ticket) was drawn \(drawn.count) times")
        }
        for drawing in drawings where counts[drawing.ticket] == nil {
            faults.append("\(drawing.ticket) is \(drawing.state): \(drawing.reason)")
        }
        var last = -1
        for drawing in done {
            guard let place = Int(drawing.product.dropFirst()) else {
                faults.append("\(drawing.ticket) is of \(drawing.product)")
                continue
            }
            // What is behind has come round: the cycle is longer than a plotter's leap.
            let step = last < 0 ? 1 : (place - last + products) % products
            if keepsOrder, step == 0 || step > products / 2 { faults.append("after p\(last) came \(drawing.product)") }
            last = place
        }
        return faults.map { "\(plotter): \($0)" }
    }

    /// How many places of the cycle were taken twice by a whole fleet, and how many by nobody.
    ///
    /// The cycle comes round, but not within the presses that are under way at a time: of the places with a drawing's product
    /// the one that is nearest to what was reached before it is meant.
    static func places(_ drawings: [Drawing], products: Int) -> (twice: Int, left: Int) {
        var taken: [Int: Int] = [:]
        var reached = 0
        for drawing in drawings.sorted(by: { $0.seed < $1.seed }) {
            guard let product = Int(drawing.product.dropFirst()) else { continue }
            let behind = ((product - reached) % products + products) % products
            let place = reached + (behind > products / 2 ? behind - products : behind)
            taken[place, default: 0] += 1
            reached = max(reached, place + 1)
        }
        return (taken.values.count { $0 > 1 }, max(0, reached - taken.count))
    }
}
