internal import EBB
internal import Text

extension InkFollower {
    /// Tells the layers that a job has begun and ended since it was last asked, each once, in order: events `layer`.
    ///
    /// A layer begins with its first command, so after the stop before it, and ends with its last pen-up.
    func tellLayers(_ id: JobID, _ progress: PlotProgress, on name: String) {
        let news = roster.withLock { state -> [(index: Int, layer: JobLayer, event: String)] in
            guard let job = state.table.jobs[id], let layers = job.summary?.layers, layers.count > job.toldLayers.ended
            else { return [] }
            var told = job.toldLayers
            var news: [(index: Int, layer: JobLayer, event: String)] = []
            for index in told.ended..<layers.count {
                let layer = layers[index]
                guard progress.commands > layer.commands.lowerBound else { break }
                if told.begun == index {
                    told.begun = index + 1
                    news.append((index, layer, "start"))
                }
                guard progress.commands >= layer.commands.upperBound else { break }
                told.ended = index + 1
                news.append((index, layer, "end"))
            }
            state.table.jobs[id]?.toldLayers = told
            return news
        }
        for (index, layer, event) in news {
            roster.events.publish(
                "layer",
                .object([
                    ("device", .string(name)), ("job", .string(id)), ("layer", .integer(index)),
                    ("name", layer.name.map { .string($0) } ?? .null), ("pen", layer.pen.json),
                    ("strokes", .integer(layer.strokes)), ("event", .string(event)),
                ]))
        }
    }
}
