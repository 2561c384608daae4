internal import Motion

/// What the harness itself costs, so that the other figures can be judged.
let harnessBenchmarks = [
    Benchmark(name: "harness/empty") { report in
        report.measure("1", elements: 1, repeats: 10) {}
    },
    Benchmark(name: "harness/polylines-append") { report in
        for count in [100, 10_000, 1_000_000] {
            report.measure("\(count)", elements: count, figures: { [("points", Double($0.points.count))] }) {
                var lines = Polylines()
                lines.reserve(points: count, polylines: count / 10)
                for i in 0..<count {
                    lines.append(Point(Double(i), 0))
                    if i % 10 == 9 { lines.finish() }
                }
                lines.finish()
                return lines
            }
        }
    },
]
