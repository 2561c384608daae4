#if DEBUG
    internal import ClusterDoubles
    internal import Dispatch
    internal import Foundation
    internal import HTTP
    internal import Synchronization
    internal import Text

    @testable internal import axidrawd

    extension FleetCosts {
        /// How many presses a second the shared cycle bears: each passes one key by check-and-set.
        ///
        /// - Parameter consul: the address of a real one; nil = a double.
        static func cycle(_ report: inout CampaignReport, quick: Bool, consul: String?) {
            for takers in quick ? [1, 4] : [1, 2, 4, 8, 16, 32] {
                let double = consul == nil ? try? ConsulDouble() : nil
                guard let location = HTTPLocation(consul ?? double?.url ?? "") else {
                    report.add(.broken("there is no Consul at \(consul ?? "any port")"), row: "cycle", seed: 0)
                    continue
                }
                // As slow as one with three servers that write to their disks.
                double?.fails { request in
                    usleep(request.method == "PUT" ? 5_000 : 1_000)
                    return nil
                }
                let plan = ConsulPlan(location: location)
                let seconds = quick ? 1.0 : 5.0
                let (taken, left) = pressed(plan, takers, seconds)
                double?.die()
                let rate = Double(taken.count) / seconds
                report.note([
                    String(
                        format:
                            "cycle: %d daemons at once take %.0f products a second, %d presses found no answer in time; "
                            + "one Consul bears %.0f plotters",
                        takers, rate, left, rate * secondsBetweenPresses)
                ])
                let isOnce = Set(taken).count == taken.count
                report.add(
                    isOnce ? .held("products taken once") : .broken("a product was taken twice by \(takers)"),
                    row: "cycle", seed: UInt64(takers), times: max(1, taken.count))
            }
        }

        /// The positions that were taken, and how many tries came to nothing.
        private static func pressed(_ plan: ConsulPlan, _ takers: Int, _ seconds: Double) -> ([Int], Int) {
            let found = Mutex((taken: [Int](), left: 0))
            let group = DispatchGroup()
            let end = HTTPServer.now + Int64(seconds * 1_000)
            for _ in 0..<takers {
                group.enter()
                let thread = Thread {
                    take(plan, until: end) { position in
                        found.withLock { found in
                            if let position { found.taken.append(position) } else { found.left += 1 }
                        }
                    }
                    group.leave()
                }
                thread.start()
            }
            group.wait()
            return found.withLock { $0 }
        }

        private final class Box: Sendable {
            let value = Mutex<Int?>(nil)
        }

        /// One daemon that takes products as fast as it gets them.
        private static func take(_ plan: ConsulPlan, until end: Int64, _ tell: (Int?) -> Void) {
            let cycle = SharedCycle(plan, isUsable: { true }, log: Log(level: .error))
            let names = (0..<1_000).map { "p\($0)" }
            var own = 0
            while HTTPServer.now < end {
                let (known, box, done) = (own, Box(), DispatchSemaphore(value: 0))
                Task.detached {
                    let found = await cycle.take(names, own: known)
                    box.value.withLock { $0 = found }
                    done.signal()
                }
                done.wait()
                let position = box.value.withLock { $0 }
                tell(position)
                if let position { own = position + 1 } else { usleep(100_000) }
            }
        }
    }
#endif
