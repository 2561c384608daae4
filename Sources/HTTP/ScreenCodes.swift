internal import Foundation
internal import Synchronization
internal import Text

/// Codes that screens without a key show: a person who may plot types one into the page, and the screen may look from then on.
///
/// A code is short, because it is read across a room; it is therefore good for few minutes, once, and against few wrong
/// tries. What the screen gets is known by a token of 32 random bytes, which never leaves that browser and us.
package final class ScreenCodes: Sendable {
    /// A code for the eyes and the token that only the screen has.
    package struct Made: Equatable, Sendable {
        package var code: String
        package var token: String
    }

    /// What has become of a screen's code.
    package enum Claim: Equatable, Sendable {
        case waits
        /// Granted: the name of the key that was made for it. Told once.
        case granted(key: String)
        /// Never made, used up or too old.
        case unknown
    }

    /// What typing a code comes to.
    package enum Trial: Equatable, Sendable {
        /// It was good, and is now used up: to be settled, or given back.
        case good(Ticket)
        case wrong
        /// So many wrong ones came from this caller that none is looked at: seconds until one is.
        case tooMany(retryAfterSeconds: Int)
    }

    /// A screen whose code has been typed.
    package struct Ticket: Equatable, Sendable { fileprivate var token: [UInt8] }

    private struct Screen {
        var code: String
        var place: String
        var expires: Int
        var number: Int
        /// When the screen last asked how it stands, Unix seconds; nil = never.
        var asked: Int?
        var isTaken = false
        /// Of the key that was made for it.
        var key: String?
    }

    private struct State {
        /// By the hash of the token.
        var screens: [[UInt8]: Screen] = [:]
        var lastNumber = 0
        /// When each caller was wrong, Unix seconds, the last minute's only.
        var wrong: [String: [Int]] = [:]
    }

    /// A code is good for so many seconds.
    package static let seconds = 600
    /// Characters of a code: 40 random bits.
    package static let length = 8
    /// So many wrong codes of one caller in a minute; then none of theirs is looked at.
    package static let triesPerMinute = 5
    /// Open codes at one time from one network; a further one takes the place of one that nobody asks after, else the oldest's.
    package static let perPlace = 32
    /// And in all; a further one takes the place of one that nobody asks after.
    package static let capacity = 1024
    /// A screen that stands somewhere asks every few seconds; one that has not for so long is gone.
    package static let patience = 60
    /// Digits and letters that are not taken for one another.
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private let state = Mutex(State())
    /// Unix seconds.
    private let now: @Sendable () -> Int

    package init(now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }) { self.now = now }

    /// A new code for a screen.
    ///
    /// - Parameter place: from where it asks, so that one place cannot push out the codes of others.
    /// - Returns: nil while so many screens of other places wait and ask.
    /// - Complexity: O(codes that are open), at most `capacity`.
    package func make(for place: String) -> Made? {
        let now = now()
        let token = CredentialTable.randomText(bytes: 32)
        return state.withLock { state in
            state.screens = state.screens.filter { now < $0.value.expires }
            func isAsked(_ screen: Screen) -> Bool { screen.asked.map { now - $0 < Self.patience } ?? false }
            func weakest(_ screens: [[UInt8]: Screen]) -> (key: [UInt8], value: Screen)? {
                screens.min { a, b in
                    let (isA, isB) = (isAsked(a.value), isAsked(b.value))
                    return isA == isB ? a.value.number < b.value.number : !isA
                }
            }
            let own = state.screens.filter { $0.value.place == place }
            if own.count >= Self.perPlace, let gone = weakest(own) { state.screens[gone.key] = nil }
            if state.screens.count >= Self.capacity {
                guard let gone = weakest(state.screens), !isAsked(gone.value) else { return nil }
                state.screens[gone.key] = nil
            }
            let used = Set(state.screens.map(\.value.code))
            var code = Self.randomCode()
            while used.contains(code) { code = Self.randomCode() }
            state.lastNumber += 1
            state.screens[SHA256.digest(token.utf8)] = Screen(
                code: code, place: place, expires: now + Self.seconds, number: state.lastNumber)
            return Made(code: code, token: token)
        }
    }

    /// How it stands with a screen's code.
    package func claim(_ token: String) -> Claim {
        let now = now()
        let hash = SHA256.digest(token.utf8)
        return state.withLock { state in
            guard let screen = state.screens[hash], now < screen.expires else { return .unknown }
            state.screens[hash]?.asked = now
            guard let key = screen.key else { return .waits }
            state.screens[hash] = nil
            return .granted(key: key)
        }
    }

    /// Somebody types a code: case, blanks and hyphens do not matter, nor do letters that look like a digit.
    ///
    /// - Parameter caller: whose wrong tries are counted.
    package func tried(_ text: String, by caller: String) -> Trial {
        let now = now()
        let code = Self.plain(text)
        return state.withLock { state in
            state.wrong = state.wrong.compactMapValues { times in
                let recent = times.filter { now - $0 < 60 }
                return recent.isEmpty ? nil : recent
            }
            let times = state.wrong[caller] ?? []
            if times.count >= Self.triesPerMinute, let first = times.first {
                return .tooMany(retryAfterSeconds: max(1, first + 60 - now))
            }
            let found = state.screens.first { $0.value.code == code && now < $0.value.expires && !$0.value.isTaken }
            guard let found else {
                state.wrong[caller] = times + [now]
                return .wrong
            }
            state.screens[found.key]?.isTaken = true
            return .good(Ticket(token: found.key))
        }
    }

    /// The screen's key has been made; it has a code's time to fetch what it needs.
    package func settle(_ ticket: Ticket, key: String) {
        let expires = now() + Self.seconds
        state.withLock { state in
            state.screens[ticket.token]?.key = key
            state.screens[ticket.token]?.expires = expires
        }
    }

    /// No key could be made: the code is good again.
    package func giveBack(_ ticket: Ticket) {
        state.withLock { $0.screens[ticket.token]?.isTaken = false }
    }

    private static func randomCode() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    private static func plain(_ text: String) -> String {
        String(
            text.prefix(64).uppercased().compactMap { character in
                switch character {
                case "O": "0"
                case "I", "L": "1"
                case "-", " ": nil
                default: character
                }
            })
    }
}
