/// A connection: its socket, its conversation, and what epoll watches for it.
final class ServerConnection {
    let socket: Socket
    let token: UInt64
    let peer: PeerAddress
    /// What connections are counted by.
    let network: String
    var conversation: HTTPConversation
    var reader: EventReader?
    var feed: EventFeed?
    var watchesInput = true
    var watchesOutput = false
    /// Body bytes counted against the limit of all bodies.
    var countedBody = 0

    init(socket: consuming Socket, token: UInt64, peer: PeerAddress, limits: HTTPLimits, now: Int64) {
        self.socket = socket
        self.token = token
        self.peer = peer
        network = peer.network
        conversation = HTTPConversation(limits: limits, now: now)
    }

    /// Sends what is owed; shuts our side after the last answer.
    func flush(now: Int64) {
        while conversation.hasOutput {
            guard let count = socket.send(conversation.pendingOutput) else {
                conversation.fail()
                return
            }
            conversation.sent(count, now: now)
            if count == 0 { break }
        }
        if conversation.phase == .flushing, !conversation.hasOutput {
            socket.shutDownWriting()
            conversation.beginDraining(now: now)
        }
    }
}
