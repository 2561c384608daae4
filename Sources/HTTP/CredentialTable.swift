internal import Foundation
internal import Synchronization
internal import Text

/// Keys and sessions in force, looked up by the loop.
package final class CredentialTable: Sendable, Access.Credentials {
    /// One key as it is stored: never the key itself.
    package struct Key: Equatable, Sendable {
        package var name: String
        package var role: Role
        /// SHA-256 of the key, 32 bytes.
        package var hash: [UInt8]
        /// RFC 3339.
        package var created: String
        /// Unix seconds; nil = never.
        package var expires: Int?
        /// Of a button's secret: the plotter it presses. Such a key opens nothing else.
        package var plotter: String?

        package init(
            name: String, role: Role, hash: [UInt8], created: String, expires: Int? = nil, plotter: String? = nil
        ) {
            self.name = name
            self.role = role
            self.hash = hash
            self.created = created
            self.expires = expires
            self.plotter = plotter
        }
    }

    private struct Session {
        /// Hash of the key it was made with, which is what a record of a key is known by: it ends with that record, and
        /// a new key of the same name does not bring it back.
        var key: [UInt8]
        /// Unix seconds; nil lives as long as the key: of screens that only look.
        var expires: Int?
        /// Grows with each session.
        var number: Int
    }

    /// A session that outlives the process: hashes of its token and its key.
    package struct KeptSession: Equatable, Sendable {
        package var token: [UInt8]
        package var key: [UInt8]

        package init(token: [UInt8], key: [UInt8]) {
            self.token = token
            self.key = key
        }
    }

    private struct State {
        var keys: [Key] = []
        var sessions: [[UInt8]: Session] = [:]
        var lastNumber = 0
        /// When each key was last good for something, by its name, Unix seconds.
        var lastUses: [String: Int] = [:]
    }

    /// A cookie is good for so many seconds.
    package static let sessionSeconds = 12 * 3600
    /// What browsers keep longest; a session without an end is given again long before.
    package static let lastingSeconds = 400 * 86400
    /// The oldest of more sessions of one key ends.
    package static let sessionsPerKey = 256
    private let state = Mutex(State())
    /// Unix seconds.
    private let now: @Sendable () -> Int

    package init(now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }) { self.now = now }

    package var hasKeys: Bool { state.withLock { $0.keys.contains { $0.plotter == nil } } }

    /// When keys were last good for something, by their names, Unix seconds; a session counts as its key.
    package var lastUses: [String: Int] { state.withLock { $0.lastUses } }

    package func replaceKeys(_ keys: [Key]) {
        state.withLock { state in
            state.keys = keys
            let hashes = Set(keys.map(\.hash))
            state.sessions = state.sessions.filter { hashes.contains($0.value.key) }
        }
    }

    /// Compares with every key in a time that tells nothing about them.
    package func caller(ofKey key: String) -> Caller? {
        let hash = SHA256.digest(key.utf8)
        let now = now()
        return state.withLock { state in
            var found: Caller?
            for candidate in state.keys {
                let isEqual = SHA256.isEqual(candidate.hash, hash)
                let isValid = candidate.expires.map { now < $0 } ?? true
                if isEqual, isValid, candidate.plotter == nil {
                    found = Caller(role: candidate.role, credential: .key(candidate.name))
                }
            }
            guard !key.isEmpty, let found else { return nil }
            if case .key(let name) = found.credential { state.lastUses[name] = now }
            return found
        }
    }

    /// The button whose address holds this secret: its name and the plotter it is bound to.
    package func button(ofSecret secret: String) -> (name: String, plotter: String)? {
        let hash = SHA256.digest(secret.utf8)
        let now = now()
        return state.withLock { state in
            var found: (name: String, plotter: String)?
            for candidate in state.keys {
                guard let plotter = candidate.plotter else { continue }
                let isValid = candidate.expires.map { now < $0 } ?? true
                if SHA256.isEqual(candidate.hash, hash), isValid { found = (candidate.name, plotter) }
            }
            guard !secret.isEmpty, let found else { return nil }
            state.lastUses[found.name] = now
            return found
        }
    }

    package func caller(ofSession token: String) -> Caller? {
        let hash = SHA256.digest(token.utf8)
        let now = now()
        return state.withLock { state in
            guard let session = state.sessions[hash], session.expires.map({ now < $0 }) ?? true,
                let key = state.keys.first(where: { $0.hash == session.key }), key.expires.map({ now < $0 }) ?? true
            else { return nil }
            state.lastUses[key.name] = now
            return Caller(role: key.role, credential: .session(key.name))
        }
    }

    /// A new session for the holder of a key; the token is in no table, only its hash.
    ///
    /// - Returns: the token and how long it is good for, nil = as long as its key: a viewer's without expiry.
    package func startSession(for caller: Caller) -> (token: String, seconds: Int?)? {
        guard case .key(let name) = caller.credential else { return nil }
        return startSession(ofKey: name)
    }

    /// A new session by a key of this name, for whom it was made.
    package func startSession(ofKey name: String) -> (token: String, seconds: Int?)? {
        let token = Self.randomText(bytes: 32)
        let now = now()
        return state.withLock { state in
            guard let key = state.keys.first(where: { $0.name == name && $0.plotter == nil }) else { return nil }
            let isLasting = key.role == .viewer && key.expires == nil
            let expires = isLasting ? nil : min(now + Self.sessionSeconds, key.expires ?? .max)
            state.sessions = state.sessions.filter { $0.value.expires.map { now < $0 } ?? true }
            let own = state.sessions.filter { $0.value.key == key.hash }
            if own.count >= Self.sessionsPerKey, let oldest = own.min(by: { $0.value.number < $1.value.number }) {
                state.sessions[oldest.key] = nil
            }
            state.lastNumber += 1
            state.sessions[SHA256.digest(token.utf8)] = Session(
                key: key.hash, expires: expires, number: state.lastNumber)
            return (token, expires.map { $0 - now })
        }
    }

    /// Sessions that are to outlive the process, oldest first.
    package var lastingSessions: [KeptSession] {
        state.withLock { state in
            state.sessions.filter { $0.value.expires == nil }.sorted { $0.value.number < $1.value.number }
                .map { KeptSession(token: $0.key, key: $0.value.key) }
        }
    }

    /// Takes up sessions of an earlier process; those whose key is gone, or no longer one without an end, are not.
    package func restore(_ sessions: [KeptSession]) {
        state.withLock { state in
            for session in sessions {
                guard let key = state.keys.first(where: { $0.hash == session.key }), key.role == .viewer,
                    key.expires == nil, key.plotter == nil
                else { continue }
                state.lastNumber += 1
                state.sessions[session.token] = Session(key: session.key, expires: nil, number: state.lastNumber)
            }
        }
    }

    package func endSession(_ token: String) { state.withLock { $0.sessions[SHA256.digest(token.utf8)] = nil } }

    /// So many random bytes as base64url without padding.
    package static func randomText(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
