internal import HTTP
internal import Motion

/// The screen beside a plotter: what the pen draws as it draws it, between plots the design turning in space.
struct PreviewPage: Sendable {
    let device: DeviceRecord
    /// From where the page is shown to the top of the site.
    let root: String

    /// The whole answer.
    func response(_ web: WebFront) -> Response {
        web.page(
            "preview.html",
            [
                "name": .text(device.name), "path": .text(RequestTarget.queryEncoded(device.name)),
                "root": .text(root), "isSimulated": .flag(device.isSimulated), "sentence": .text(device.sentence),
                "width": .text("\(device.travel.width)"), "height": .text("\(device.travel.height)"),
            ])
    }
}
