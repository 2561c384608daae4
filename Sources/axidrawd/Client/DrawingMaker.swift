internal import HTTP
internal import Text

/// Makes the drawing of a task: here, if its product is known here, else where it is.
struct DrawingMaker {
    private let task: TaskDescription
    private let plan: InstallationPlan
    private let design: DaemonAddress?
    private let key: String?

    /// A drawing may take so long to come, ms: whoever is called has 15 s, and longer while its stream lives.
    private static let patience: Int64 = 12_000

    /// - Parameter design: a daemon that is asked for products which `plan` has not; nil = the plotter's own.
    init(_ task: TaskDescription, _ plan: InstallationPlan, design: DaemonAddress?, key: String?) {
        self.task = task
        self.plan = plan
        self.design = design
        self.key = key
    }

    func drawing(_ plotter: DaemonAddress) throws(TaskRun.Undrawable) -> [UInt8] {
        guard let product = plan.product(task.product) else { return try fetched(design ?? plotter) }
        do throws(DesignError) { return try product.drawing(seed: UInt64(task.time)) } catch {
            throw TaskRun.Undrawable(reason: "\(task.product): \(error)", isPassing: false)
        }
    }

    private func fetched(_ place: DaemonAddress) throws(TaskRun.Undrawable) -> [UInt8] {
        let path = "/v1/products/\(RequestTarget.queryEncoded(task.product))/drawing.svg?seed=\(task.time)"
        let reply: DaemonClient.Reply
        do throws(DaemonClient.Failure) {
            let client = DaemonClient(address: place, key: key, silence: Self.patience, whole: 4 * Self.patience)
            reply = try client.ask("GET", path, fields: [.init("Accept", "image/svg+xml")])
        } catch { throw TaskRun.Undrawable(reason: error.sentence, isPassing: true) }
        guard reply.status == 200, reply.contentType.hasPrefix("image/svg+xml") else {
            let isUnknown = reply.status == 404
            let what =
                isUnknown ? "knows no product \(quoted(task.product))" : "gives no drawing (HTTP \(reply.status))"
            throw TaskRun.Undrawable(reason: "\(place.text) \(what)", isPassing: !isUnknown)
        }
        return reply.body
    }
}
