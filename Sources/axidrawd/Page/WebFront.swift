internal import Foundation
internal import HTTP
internal import Picture
internal import Synchronization
internal import Text

/// The files that the pages are made of: those in the binary or, while somebody works on them, those of a folder.
struct WebFront: Sendable {
    /// The folder of `--web`; nil = the binary's own. Its files are read anew for each request, what it lacks comes from
    /// the binary.
    var folder: String?

    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    /// Media types by the file name's ending; others are not served.
    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "html": "text/html; charset=utf-8", "png": "image/png", "woff2": "font/woff2", "json": "application/json",
    ]

    /// A file of the folder above this size is not served.
    private static let largestFile = 4 << 20

    /// One route for each file but the templates, as anybody may have them. A file that is new in the folder is found when
    /// the daemon starts.
    var routes: [Route] {
        names.filter { !$0.hasSuffix(".html") }.compactMap { name in
            Self.types[Self.ending(of: name)].map { route(name, type: $0) }
        }
    }

    private var names: [String] {
        let own = (folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) }) ?? []
        return Set(own.filter(Self.isName)).union(EmbeddedFiles.all.keys).sorted()
    }

    /// Letters, digits, dots and hyphens, as they need no escapes in a path.
    private static func isName(_ text: String) -> Bool {
        !text.hasPrefix(".")
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || $0 == 0x2D || $0 == 0x2E
                    || $0 == 0x5F
            }
    }

    private static func ending(of name: String) -> String { String(name.split(separator: ".").last ?? "") }

    private func route(_ name: String, type: String) -> Route {
        // In the binary a file does not change: its tag is made once.
        let known = folder == nil ? bytes(name).map { ($0, Self.tag($0)) } : nil
        return Route(
            method: "GET", pattern: "/" + name, role: .anyone, operation: "", summary: "", produces: [type],
            handler: { [self] request in
                guard let (bytes, ownTag) = known ?? bytes(name).map({ ($0, Self.tag($0)) }) else {
                    return .refused(.notFound("/" + name))
                }
                var response = Response(200, contentType: type, bytes)
                var tag = ownTag
                if known != nil, Self.takesGzip(request) {
                    response = Response(200, contentType: type, Self.compressed(name, bytes))
                        .adding("Content-Encoding", "gzip")
                    tag = tag.dropLast() + "-gzip\""
                }
                response = EntityTag.answer(request, tag: tag, response).adding("Vary", "Accept-Encoding")
                response.caching = "no-cache"
                return .now(response)
            })
    }

    private static func takesGzip(_ request: HTTPRequest) -> Bool {
        (request.head.value("accept-encoding") ?? "").lowercased().split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
            return parts.first == "gzip" && !parts.dropFirst().contains { $0 == "q=0" }
        }
    }

    /// Files of the binary as they have been sent compressed, each made once.
    private static let packed = Mutex<[String: [UInt8]]>([:])

    private static func compressed(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        if let known = packed.withLock({ $0[name] }) { return known }
        let made = gzipped(bytes)
        packed.withLock { $0[name] = made }
        return made
    }

    private static func tag(_ bytes: [UInt8]) -> String { "\"\(SHA256.hexadecimal(bytes).prefix(16))\"" }

    /// A file's content; nil where neither folder nor binary has it, or it is too large.
    func bytes(_ name: String) -> [UInt8]? {
        guard let folder else { return EmbeddedFiles.all[name] }
        let path = folder + "/" + name
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
            return EmbeddedFiles.all[name]
        }
        return size <= Self.largestFile ? FileManager.default.contents(atPath: path).map { [UInt8]($0) } : nil
    }

    /// A page: one of the templates, filled.
    ///
    /// - Parameter values: what its holes are filled with; `head` is what every page begins with, and needs `root`. A template of the folder that asks for others answers 500 and
    ///   says which, so that whoever works on it sees it where they look.
    func page(_ name: String, _ values: Template.Values, status: Int = 200) -> Response {
        do throws(Template.Failure) {
            let values = values.merging(["head": .template(try template("head.html"))]) { $1 }
            return Self.page(Array(try template(name).filled(values).utf8), status)
        } catch {
            return Response(500, contentType: "text/plain; charset=utf-8", Array("\(name), \(error)\n".utf8))
        }
    }

    /// A page whose text is no file of the front.
    func page(text: String, _ values: Template.Values) -> Response {
        do throws(Template.Failure) {
            let values = values.merging(["head": .template(try template("head.html"))]) { $1 }
            return Self.page(Array(try Template(text).filled(values).utf8), 200)
        } catch {
            return Response(500, contentType: "text/plain; charset=utf-8", Array("\(error)\n".utf8))
        }
    }

    private func template(_ name: String) throws(Template.Failure) -> Template {
        if folder == nil, let template = Self.embedded[name] { return template }
        return try Template(String(decoding: bytes(name) ?? [], as: UTF8.self))
    }

    /// The binary's own templates, read once.
    private static let embedded: [String: Template] = EmbeddedFiles.all.filter { $0.key.hasSuffix(".html") }
        .compactMapValues { try? Template(String(decoding: $0, as: UTF8.self)) }

    private static func page(_ bytes: [UInt8], _ status: Int) -> Response {
        var response = Response(status, contentType: "text/html; charset=utf-8", bytes)
        response.fields = [
            .init("Content-Security-Policy", contentSecurityPolicy), .init("Referrer-Policy", "same-origin"),
        ]
        return response
    }
}
