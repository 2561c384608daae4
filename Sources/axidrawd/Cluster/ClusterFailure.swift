internal import Foundation
internal import HTTP
internal import Text

/// Why a service of the fleet did not do what it was asked. Texts are for people.
enum ClusterFailure: Error, Equatable, Sendable {
    /// There is no answer.
    case silent(HTTPClient.Failure)
    /// It says no: the status and what it says about it.
    case refused(status: Int, String)
    /// It sends us elsewhere, and nobody is followed.
    case redirected(status: Int)
    /// What came is not what it says on such a question.
    case nonsense(String)
    /// The token cannot be used.
    case token(String)

    /// The answer of a service that tells errors by status and plain text; nil when it is a good one.
    init?(_ reply: HTTPClient.Reply) {
        switch reply.status {
        case 200..<300: return nil
        case 300..<400: self = .redirected(status: reply.status)
        default: self = .refused(status: reply.status, Self.firstLine(reply.body))
        }
    }

    private static func firstLine(_ body: [UInt8]) -> String {
        let line = body.prefix(400).prefix { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn }
        return String(decoding: line, as: UTF8.self)
    }

    /// What is wrong, after the name of the service.
    var sentence: String {
        switch self {
        case .silent(.unreachable(let reason)): "cannot be reached (\(reason))"
        case .silent(.forbidden(let address)): "leads to \(address), which must not be connected to"
        case .silent(.late): "does not answer in time"
        case .silent(.untrusted(let reason)): "is not who it should be (\(reason))"
        case .silent(.broken(let reason)): "gives an answer that is none (\(reason))"
        case .silent(.tooLong(let limit)): "gives an answer of more than \(limit) bytes"
        case .silent(.unwritable): "cannot be asked: the token or a name has characters that no request may have"
        case .refused(403, let text): "refuses: \(quoted(text)); is the token there, and may it do this?"
        case .refused(let status, let text): "answers \(status)" + (text.isEmpty ? "" : " \(quoted(text))")
        case .redirected(let status): "answers \(status) and sends us elsewhere, which is not followed; mend the url"
        case .nonsense(let reason): "answers what makes no sense: \(reason)"
        case .token(let reason): "cannot be asked: \(reason)"
        }
    }

    /// A word for figures, from a fixed set.
    var word: String {
        switch self {
        case .silent(.late): "late"
        case .silent: "unreachable"
        case .refused: "refused"
        case .redirected: "redirected"
        case .nonsense: "nonsense"
        case .token: "token"
        }
    }

    static let words = ["unreachable", "late", "refused", "redirected", "nonsense", "token"]
}

/// The token of a service of the fleet, read anew each time, so that one that is exchanged counts at once.
struct ClusterToken: Sendable {
    /// As configured; nil = the credential, if there is one.
    var path: String?
    var credential: String
    var environment = ProcessInfo.processInfo.environment

    /// Tokens are short; more is another file.
    private static let longest = 4096

    /// - Returns: nil where there is none.
    func read() throws(ClusterFailure) -> String? {
        guard let place = place else { return nil }
        if let found = SpoolDirectory.ownership(ofFile: place), found.mode & 0o077 != 0 {
            throw .token(
                "the token's file \(place) has mode 0\(String(found.mode & 0o777, radix: 8)), so others can get at it; "
                    + "chmod 600 mends that")
        }
        guard let data = FileManager.default.contents(atPath: place) else {
            throw .token("the token's file \(place) cannot be read")
        }
        guard data.count <= Self.longest else { throw .token("the token's file \(place) holds no token") }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .token("the token's file \(place) holds no token")
        }
        return text
    }

    private var place: String? {
        if let path { return path }
        guard let folder = environment["CREDENTIALS_DIRECTORY"] else { return nil }
        let place = folder + "/" + credential
        return FileManager.default.fileExists(atPath: place) ? place : nil
    }
}
