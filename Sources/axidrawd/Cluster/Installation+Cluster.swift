internal import HTTP
internal import Text

/// What other daemons of a fleet do to the installation of this one.
extension Installation {
    /// Others have taken products: what is shown as next is what is next. A key that is not there says nothing.
    func follow(_ entry: ConsulClient.Entry?) {
        guard entry != nil, !plan.cycle.isEmpty else { return }
        let position = CycleKey.position(of: entry, in: plan.cycle, own: memory.position)
        guard position != memory.position else { return }
        memory.position = position
        for plotter in queue.plotters { tell(plotter) }
    }

    /// Other daemons have published something: screens of their plotters are told.
    func show(_ designs: [String: PublishedDesign]) {
        let before = published.value
        published.replace(designs)
        for name in Set(designs.keys).union(before.keys).subtracting(queue.plotters).sorted()
        where designs[name] != before[name] {
            queue.publish("installation", elsewhere(name, designs[name] ?? .init()))
        }
    }

    /// Plotters of others, as they are published.
    nonisolated var elsewhere: [JSONValue] {
        let own = Set(queue.plotters)
        return published.value.filter { !own.contains($0.key) }.sorted { $0.key < $1.key }.map(elsewhere)
    }

    nonisolated private func elsewhere(_ name: String, _ design: PublishedDesign) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("device", .string(name)), ("state", design.state.map { .string($0) } ?? .null),
        ]
        if let product = design.product, let seed = design.seed {
            members.append(
                (
                    "current",
                    .object(
                        [("product", .string(product)), ("seed", .integer(seed))] + pictures(of: product, seed: seed))
                ))
        } else {
            members.append(("current", .null))
        }
        return .object(members)
    }
}
