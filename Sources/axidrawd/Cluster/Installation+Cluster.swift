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
}
