internal import HTTP
internal import Text

/// What the installation shows: its state, its products, the screens and the page with its buttons.
struct InstallationRoutes: Sendable {
    let installation: Installation
    let workshop: Workshop
    let web: WebFront
    let passing: PassingOn

    var routes: [Route] { reading + [original] + screens + [form] }

    private var reading: [Route] {
        [
            Route(
                method: "GET", pattern: "/v1/installation", role: .viewer, operation: "showInstallation",
                summary: "Products, whose turn it is, who waits, what is drawn", schema: "Installation",
                handler: { [self] _ in .later { .now(Response(200, await installation.json)) } }),
            product("scene.json", "showProductScene", "A product's drawing in space", "application/json") {
                (product, seed) throws(DesignError) in
                guard let scene = try product.scene(seed: seed) else { throw .flat(product.kind) }
                return Response(200, scene.json)
            },
            product("drawing.svg", "showProductDrawing", "A product's drawing", "image/svg+xml") {
                (product, seed) throws(DesignError) in
                Response(200, contentType: "image/svg+xml", try product.drawing(seed: seed))
                    .adding("Content-Security-Policy", "default-src 'none'; sandbox")
            },
        ]
    }

    /// As the original's design service was asked: `/design?product=vagrant&seed=0.25`. Its seed was a number from 0 to 1;
    /// whole ones are those of `drawing.svg`.
    private var original: Route {
        Route(
            method: "GET", pattern: "/design", role: .viewer, operation: "originalDesign",
            summary: "A product's drawing, as the original's design service was asked",
            query: [
                .init(name: "product", summary: "Which product"),
                .init(name: "seed", summary: "A whole number, or one from 0 to 1", type: "number"),
            ],
            produces: ["image/svg+xml"],
            handler: { [self] request in
                let name = request.query("product") ?? ""
                guard let product = installation.plan.product(name) else {
                    return .refused(
                        Problem(404, "unknown-product", "No such product", "There is no product \(quoted(name))."))
                }
                let text = request.query("seed") ?? "1"
                var seed = ASCII.decimal(text.utf8).map { UInt64($0) }
                if seed == nil, let share = NumberText.number(text), (0..<1).contains(share) {
                    seed = UInt64(share * 0x1p53)
                }
                guard let seed else {
                    return .refused(.malformed("seed must be a whole number, or one from 0 to 1."))
                }
                return .later {
                    await Self.made(product, seed) { (product, seed) throws(DesignError) in
                        Response(200, contentType: "image/svg+xml", try product.drawing(seed: seed))
                            .adding("Content-Security-Policy", "default-src 'none'; sandbox")
                    }
                }
            })
    }

    private func product(
        _ file: String, _ operation: String, _ summary: String, _ type: String,
        _ make: @escaping @Sendable (Product, UInt64) throws(DesignError) -> Response
    ) -> Route {
        Route(
            method: "GET", pattern: "/v1/products/{name}/" + file, role: .viewer, operation: operation,
            summary: summary, query: [.init(name: "seed", summary: "Which of its drawings", type: "integer")],
            produces: [type], schema: type == "application/json" ? "Scene" : nil,
            handler: { [self] request in
                let name = request.parameters["name"] ?? ""
                guard let product = installation.plan.product(name) else {
                    return .refused(
                        Problem(404, "unknown-product", "No such product", "There is no product \(quoted(name))."))
                }
                guard let seed = ASCII.decimal((request.query("seed") ?? "1").utf8) else {
                    return .refused(.malformed("seed must be a whole number."))
                }
                return .later { await Self.made(product, UInt64(seed), make) }
            })
    }

    private static func made(
        _ product: Product, _ seed: UInt64,
        _ make: @escaping @Sendable (Product, UInt64) throws(DesignError) -> Response
    ) async -> Answer {
        await withCheckedContinuation { done in
            Installation.studio.async { @Sendable in
                do throws(DesignError) {
                    var response = try make(product, seed)
                    response.caching = "private, max-age=3600"
                    done.resume(returning: .now(response))
                } catch {
                    done.resume(
                        returning: .refused(Problem(404, "flat-design", "Flat design", "\(error).")))
                }
            }
        }
    }

    // MARK: Pages

    private var screens: [Route] {
        [
            Route(
                method: "GET", pattern: "/preview/{id}", role: .viewer, operation: "", summary: "",
                produces: ["text/html"],
                handler: { [self] in preview($0.parameters["id"], root: "../") }),
            Route(
                method: "GET", pattern: "/preview", role: .viewer, operation: "", summary: "",
                produces: ["text/html"],
                handler: { [self] request in
                    preview(request.query("plotter") ?? installation.queue.plotters.first, root: "")
                }),
            Route(
                method: "GET", pattern: "/installation", role: .viewer, operation: "", summary: "",
                produces: ["text/html"],
                handler: { [self] _ in .later { await .now(buttons(said: nil, root: "")) } }),
        ]
    }

    /// A screen may be switched on before its plotter: it waits there, and goes on by itself.
    private func preview(_ name: String?, root: String) -> Answer {
        guard let name, let device = try? workshop.device(name) else {
            // Its own daemon has the ink, and may be out of a screen's reach: here is what is published of it.
            let published = installation.published.value
            if let name, published[name] != nil || passing.elsewhere.value.address(of: name) != nil {
                let design = published[name]
                var pictures: [String: String] = [:]
                if let product = design?.product, let seed = design?.seed {
                    for case (let kind, .string(let path)) in installation.pictures(of: product, seed: seed) {
                        pictures[kind] = String(path.dropFirst())
                    }
                }
                let page = ElsewherePage(
                    name: name, state: design?.state, product: design?.product, drawing: pictures["drawing"],
                    scene: pictures["scene"], root: root)
                return .now(page.response(web))
            }
            let none = NoPlotterPage(
                wanted: name, names: workshop.stations.map(\.name), root: root, link: "preview/")
            return .now(none.response(web))
        }
        return .now(PreviewPage(device: device, root: root).response(web))
    }

    /// `POST /installation/{id}/{verb}`: the buttons of the page; answers with the page and what came of it.
    private var form: Route {
        Route(
            method: "POST", pattern: "/installation/{id}/{verb}", role: .operator, operation: "", summary: "",
            bodyLimit: Route.smallBody, produces: ["text/html"],
            handler: { [self] request in
                let id = request.parameters["id"] ?? ""
                guard let kind = PenPress(rawValue: request.parameters["verb"] ?? "") else {
                    return .refused(.notFound(request.head.target.path))
                }
                return .later {
                    let said: String
                    var status = 200
                    do throws(InstallationError) {
                        said = Self.sentence(
                            try await installation.press(kind, on: id, meaning: installation.plan.press), id)
                    } catch {
                        said = error.sentence
                        status = Problem(error).status
                    }
                    return await .now(buttons(status, said: said, root: "../../"))
                }
            })
    }

    private func buttons(_ status: Int = 200, said: String?, root: String) async -> Response {
        let isSimulated = workshop.devices.contains(where: \.isSimulated)
        return await InstallationPage(said: said, isSimulated: isSimulated, root: root)
            .response(web, installation, status: status)
    }

    private static func sentence(_ outcome: PressOutcome, _ plotter: String) -> String {
        switch outcome {
        case .repeated: "That press has counted already."
        case .old: "That press came too late."
        case .moved(_, let after): "\(plotter) is \(after.publicName) now."
        case .queued(let ticket, let waiting, _):
            waiting == 0
                ? "\(ticket.product) is being drawn at \(plotter)."
                : "\(ticket.product) waits at \(plotter); \(waiting) in the line."
        }
    }
}
