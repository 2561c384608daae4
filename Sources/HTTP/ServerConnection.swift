/// A connection: its socket, its conversation, and what epoll watches for it.
package final class ServerConnection {
    package let socket: Socket
    package let token: UInt64
    package let peer: PeerAddress
    /// What connections are counted by.
    package let network: String
    package var conversation: HTTPConversation
    package var reader: EventReader?
    package var feed: EventFeed?
    package var watchesInput = true
    package var watchesOutput = false
    /// Body bytes counted against the limit of all bodies.
    package var countedBody = 0

    package init(socket: consuming Socket, token: UInt64, peer: PeerAddress, limits: HTTPLimits, now: Int64) {
        self.socket = socket
        self.token = token
        self.peer = peer
        network = peer.network
        conversation = HTTPConversation(limits: limits, now: now)
    }

    /// Sends what is owed; shuts our side after the last answer.
    package func flush(now: Int64) {
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
