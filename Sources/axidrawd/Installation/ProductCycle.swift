/// Which product is next, where daemons share that.
protocol ProductCycle: Sendable {
    /// Takes the next position for oneself, before anybody else can have it.
    ///
    /// - Parameters:
    ///   - cycle: names of products, never empty.
    ///   - own: the position that would be taken without others; what is taken is no smaller.
    /// - Returns: nil where the others cannot be asked now: then one's own counts.
    func take(_ cycle: [String], own: Int) async -> Int?
}
