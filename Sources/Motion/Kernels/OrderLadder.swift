/// Spends an order budget on the strokes of several groups, rung by rung, so that more of it never gives a slower plan.
///
/// Kicks anneal: how bold they are depends on how many are to follow. So their number is not that of the budget but goes up
/// by fixed rungs, which depend on the number of strokes alone: a sixteenth, a quarter, the whole of what is usual, twice
/// that, four times … A budget buys the rungs that fit; what a larger one does begins with the very same, and after each
/// rung the quicker plan is kept.
struct OrderLadder {
    /// One rung of one group.
    private struct Step {
        /// Budget of the whole drawing from which on it is taken, s.
        var seconds: Double
        var group: Int
        var work: Int
    }

    private let home: Point
    private let budget: StrokeOrder.Budget

    init(home: Point, budget: StrokeOrder.Budget) {
        self.home = home
        self.budget = budget
    }

    /// Orders groups that follow each other from home to home.
    func optimise(_ orders: inout [StrokeOrder], execution: PlanExecution) throws(PlanError) {
        let steps = steps(orders)
        let total = steps.reduce(0.0) { $0 + Double($1.work) }
        // About what comes before the first kick, in the same unit.
        let first = orders.reduce(0.0) { $0 + Double($1.count) * 400 }
        var done = 0.0
        func tell(_ part: Double) {
            execution.progress("order", (done + part) / max(1, total + first))
        }
        var place = home
        for g in orders.indices {
            orders[g].place(from: place, to: home)
            try orders[g].begin(execution: execution)
            place = orders[g].travel().end
            done += Double(orders[g].count) * 400
            tell(0)
        }
        for step in steps {
            let g = step.group
            orders[g].place(
                from: g > 0 ? orders[g - 1].travel().end : home,
                to: g + 1 < orders.count ? orders[g + 1].entry ?? home : home)
            try orders[g].kick(work: step.work, keepsSearch: orders.count == 1, execution: execution) {
                tell(Double($0))
            }
            done += Double(step.work)
        }
        place = home
        for g in orders.indices {
            orders[g].place(from: place, to: home)
            orders[g].endSearch()
            place = orders[g].travel().end
        }
    }

    private func steps(_ orders: [StrokeOrder]) -> [Step] {
        let all = orders.reduce(0) { $0 + $1.count }
        let seconds = budget.seconds ?? orders.reduce(0.0) { $0 + StrokeOrder.Budget.usualSeconds(strokes: $1.count) }
        var steps: [Step] = []
        for (g, order) in orders.enumerated() where order.count > 1 {
            // Groups share the budget by their strokes.
            let share = Double(order.count) / Double(all)
            let most = StrokeOrder.Budget(seconds: seconds * share).work(strokes: order.count)
            var (before, reached) = (0, max(1, StrokeOrder.Budget.usualWork(strokes: order.count) / 16))
            while reached <= most {
                let needed = StrokeOrder.Budget.seconds(work: reached, strokes: order.count) / share
                steps.append(Step(seconds: needed, group: g, work: reached - before))
                before = reached
                let usual = StrokeOrder.Budget.usualWork(strokes: order.count)
                reached = reached >= usual ? 2 * reached : min(usual, 4 * reached)
            }
        }
        return steps.sorted { ($0.seconds, $0.group) < ($1.seconds, $1.group) }
    }
}
