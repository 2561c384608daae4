/// Keeps account of large answers that clients have not taken yet.
struct AnswerAccount {
    private(set) var total = 0
    private var perClient: [String: Int] = [:]

    /// Whether one more answer of so many bytes may be held for this client. One alone always may.
    func admits(_ bytes: Int, of connection: ServerConnection, _ limits: HTTPLimits) -> Bool {
        guard bytes > limits.largeAnswer, total > 0 else { return true }
        let own = perClient[connection.network, default: 0]
        return total + bytes <= limits.answersInFlight && (own == 0 || own + bytes <= limits.answersPerClient)
    }

    /// Brings the account of a connection up to what it is owed now.
    mutating func count(_ connection: ServerConnection) {
        let owed = connection.conversation.pendingCount
        add(owed - connection.countedAnswer, connection)
        connection.countedAnswer = owed
    }

    mutating func forget(_ connection: ServerConnection) {
        add(-connection.countedAnswer, connection)
        connection.countedAnswer = 0
    }

    private mutating func add(_ bytes: Int, _ connection: ServerConnection) {
        guard bytes != 0 else { return }
        total += bytes
        let own = perClient[connection.network, default: 0] + bytes
        perClient[connection.network] = own > 0 ? own : nil
    }
}
