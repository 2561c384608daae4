internal import HTTP
internal import Text

extension Route {
    /// A fixed file that anybody may have: a style, a script, an icon.
    static func asset(_ path: String, _ type: String, _ bytes: [UInt8]) -> Route {
        let tag = "\"\(SHA256.hexadecimal(bytes).prefix(16))\""
        return Route(
            method: "GET", pattern: path, role: .anyone, operation: "", summary: "", produces: [type],
            handler: { request in
                var response = EntityTag.answer(request, tag: tag, Response(200, contentType: type, bytes))
                response.caching = "no-cache"
                return .now(response)
            })
    }
}
