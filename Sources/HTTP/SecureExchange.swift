internal import Foundation
internal import FoundationNetworking

/// One request and its answer over `https`, through Foundation's networking: the certificate must be good and made out for
/// the name.
///
/// That is also why an address which was held against the rules before cannot be exchanged for another by a second look-up:
/// whoever answers there would need a certificate for the name, and nothing is sent before it is shown.
final class SecureExchange: ReplyBody {
    private let bounds: HTTPClient.Bounds
    private let deadline: Int64
    private let session: URLSession
    private let news = TimedBox<News>()
    private var isOver = false

    /// What the other thread tells.
    enum News: Sendable {
        case head(HTTPClient.ReplyHead)
        case part([UInt8])
        case end(HTTPClient.Failure?)
    }

    init(_ call: HTTPClient.Call, _ bounds: HTTPClient.Bounds, until deadline: Int64?) {
        self.bounds = bounds
        self.deadline = deadline ?? .max
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        // Counts whole seconds of silence; the exact bounds are kept by `take`.
        configuration.timeoutIntervalForRequest = Double(bounds.silenceMilliseconds / 1000 + 2)
        let listener = Listener(news, limit: max(bounds.body, 1 << 20))
        session = URLSession(configuration: configuration, delegate: listener, delegateQueue: nil)
        guard let url = URL(string: call.location.text) else {
            news.put(.end(.unwritable))
            return
        }
        var request = URLRequest(url: url)
        request.httpMethod = call.method
        request.httpShouldHandleCookies = false
        for field in call.fields { request.setValue(field.value, forHTTPHeaderField: field.name) }
        if !call.body.isEmpty { request.httpBody = Data(call.body) }
        session.dataTask(with: request).resume()
    }

    deinit { session.invalidateAndCancel() }

    private func take() throws(HTTPClient.Failure) -> News {
        guard let found = news.take(until: min(deadline, HTTPServer.now + bounds.silenceMilliseconds)) else {
            throw .late
        }
        return found
    }

    func head() throws(HTTPClient.Failure) -> HTTPClient.ReplyHead {
        switch try take() {
        case .head(let head): return head
        case .part: throw .broken("a body came before its head")
        case .end(let failure): throw failure ?? .broken("nothing was answered")
        }
    }

    func next() throws(HTTPClient.Failure) -> [UInt8]? {
        guard !isOver else { return nil }
        switch try take() {
        case .head: throw .broken("a second head came")
        case .part(let bytes): return bytes
        case .end(let failure):
            isOver = true
            if let failure { throw failure }
            return nil
        }
    }

    /// Hears what Foundation tells.
    private final class Listener: NSObject, URLSessionDataDelegate {
        private let news: TimedBox<News>
        private let limit: Int
        private let taken = Live(0)

        init(_ news: TimedBox<News>, limit: Int) {
            self.news = news
            self.limit = limit
        }

        /// No redirect is followed: the answer is the redirect itself.
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
        ) {
            guard let response = response as? HTTPURLResponse else {
                completionHandler(.cancel)
                return
            }
            let fields = response.allHeaderFields.compactMap { name, value -> Response.Field? in
                guard let name = name as? String, let value = value as? String else { return nil }
                return Response.Field(name.lowercased(), value)
            }
            news.put(.head(HTTPClient.ReplyHead(status: response.statusCode, fields: fields)))
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            let total = taken.value + data.count
            taken.replace(total)
            guard total <= limit else {
                news.put(.end(.tooLong(limit: limit)))
                dataTask.cancel()
                return
            }
            news.put(.part(Array(data)))
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            news.put(.end(error.map(Self.failure)))
        }

        private static func failure(_ error: any Error) -> HTTPClient.Failure {
            // The cause, in libcurl's words, lies below an error that has none; so does what is wrong with a certificate.
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let words = cause?.localizedDescription ?? error.localizedDescription
            if words.contains("SSL") || words.contains("certificate") { return .untrusted(words) }
            guard let error = error as? URLError else { return .broken(words) }
            switch error.code {
            case .timedOut: return .late
            case .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .notConnectedToInternet:
                return .unreachable(words)
            default: return .broken(words)
            }
        }
    }
}
