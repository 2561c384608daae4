internal import Foundation
internal import HTTP
internal import Text

/// What became of one try to deliver a message.
enum DeliveryOutcome: Equatable, Sendable {
    case delivered
    /// 410: the receiver wants nothing any more.
    case gone
    /// No answer, or one that says later: in so many ms where it says when. The reason is for people.
    case later(after: Int?, String)
    /// An answer that refuses this message.
    case refused(after: Int?, String)
    /// The address must not be connected to: only a person can change that.
    case forbidden(String)

    /// The longest wait that a receiver may ask for: a day, ms.
    static let longestWait = 24 * 3_600_000

    /// - Parameter now: Unix ms.
    init(_ result: Result<HTTPClient.ReplyHead, HTTPClient.Failure>, now: Int) {
        switch result {
        case .success(let head):
            let after = Self.wait(head.value("retry-after"), now: now)
            switch head.status {
            case 200..<300: self = .delivered
            case 410: self = .gone
            case 429, 502, 503, 504: self = .later(after: after, "it answers \(head.status)")
            case 300..<400:
                self = .refused(after: after, "it answers \(head.status), and no redirect is followed")
            default: self = .refused(after: after, "it answers \(head.status)")
            }
        case .failure(let failure): self = Self.failed(failure)
        }
    }

    private static func failed(_ failure: HTTPClient.Failure) -> DeliveryOutcome {
        switch failure {
        case .unreachable(let reason): .later(after: nil, "it cannot be reached (\(reason))")
        case .late: .later(after: nil, "it does not answer in time")
        case .untrusted(let reason): .later(after: nil, "it is not who it should be (\(reason))")
        case .broken(let reason): .later(after: nil, "it does not answer as it should (\(reason))")
        case .tooLong: .refused(after: nil, "its answer is too long")
        case .unwritable: .refused(after: nil, "its address cannot be written")
        case .forbidden(let address):
            .forbidden("\(address) is no public address, and not listed under webhooks.allow")
        }
    }

    /// What `Retry-After` asks for, ms: seconds, or a date (RFC 9110 §10.2.3); nil for anything else.
    static func wait(_ text: String?, now: Int) -> Int? {
        guard let text else { return nil }
        if let seconds = ASCII.decimal(text.utf8) { return min(max(seconds, 1), longestWait / 1000) * 1000 }
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "GMT")
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = form.date(from: text) else { return nil }
        let seconds = date.timeIntervalSince1970 - Double(now / 1000)
        return Int(min(max(seconds, 1), Double(longestWait / 1000))) * 1000
    }
}
