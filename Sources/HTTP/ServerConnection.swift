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
    /// The answer that is being streamed.
    package var body: BodyStream?
    /// User at the other end of a Unix socket.
    package let user: UInt32?
    /// It was told that there is no room, and takes no place of those who are served.
    package var isRefused = false
    package var watchesInput = true
    /// Whether epoll tells when the peer sends nothing more, and whether it has told.
    package var watchesLeaving = false
    package var hasLeft = false
    package var watchesOutput = false
    /// Body bytes counted against the limit of all bodies.
    package var countedBody = 0
    /// Bytes of answers counted against the limit of all answers.
    package var countedAnswer = 0

    package init(socket: consuming Socket, token: UInt64, peer: PeerAddress, limits: HTTPLimits, now: Int64) {
        user = peer == .unix ? socket.peerUser : nil
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
        if conversation.phase == .flushing, !conversation.hasOutput, conversation.bodyLeft == 0 {
            socket.shutDownWriting()
            conversation.beginDraining(now: now)
        }
    }
}
