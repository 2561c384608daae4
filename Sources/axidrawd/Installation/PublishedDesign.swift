/// What is published of a plotter, by whoever drives it: its state, and the design that it draws or drew last.
struct PublishedDesign: Equatable, Sendable {
    var state: String?
    var product: String?
    var seed: Int?
}
