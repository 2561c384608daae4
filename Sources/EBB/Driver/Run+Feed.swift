/// Feeding the board: what goes out next, and what comes back for it.
extension Run {
    /// Tags of questions that a run asks while it feeds; commands of the program have their index.
    enum Watch {
        static let status = -1
        static let power = -2
        static let counters = -3
        static let countersAgain = -5
        static let pen = -6
        static let waiting = -7
        static let button = -8
        static let way = -9
        static let wayAgain = -10
        static let motors = -11
        static let penOnWay = -12
    }

    /// With so much motion queued the next command waits a moment for a reply too many, ticks: a line that came twice
    /// over the wire is found before anything is sent after it.
    private static let ampleQueue: Int64 = 6_250
    /// How long a reply too many may take after the first: 2 ms.
    private static let echoTicks: Int64 = 50

    func nextSending(at now: Int64) -> BoardLink.Sending? {
        guard feeding != nil, feed.trouble == nil else { return nil }
        if let question = dueWatch(at: now) {
            watch.asked = now
            return BoardLink.Sending(
                command: question.command, tag: question.tag, patience: link.settings.replyTicks)
        }
        guard feed.isHungry else { return nil }
        retire(at: now)
        let count = feed.nextCount(depth: link.credit.depth)
        if count == 1, feed.program.commands[feed.next].isEarlyDrop { feed.forgoDropAhead() }
        guard feed.program.ticks[feed.next] == 0 || nextChance(at: now) <= now else { return nil }
        var sending = takeNext(at: now)
        for _ in 1..<count { sending.following.append(takeNext(at: now)) }
        return sending
    }

    private func takeNext(at now: Int64) -> BoardLink.Sending {
        let index = feed.next
        let ticks = feed.program.ticks[index]
        if ticks > 0 { link.credit.sent(index: index, ticks: ticks, at: now) }
        feed.next = index + 1
        // It is answered when it is in the queue, at the latest when all before it has ended.
        return BoardLink.Sending(
            command: feed.program.commands[index], tag: index, patience: link.settings.replyTicks - Int64(ticks))
    }

    private func nextChance(at now: Int64) -> Int64 {
        let chance = link.credit.nextChance(at: now, pieces: feed.nextCount(depth: link.credit.depth))
        guard let end = link.credit.lastEnd, end - now >= Self.ampleQueue else { return chance }
        return max(chance, watch.answeredAt + Self.echoTicks)
    }

    func nextWake(at now: Int64) -> Int64? {
        guard feeding != nil, feed.trouble == nil else { return nil }
        var due = nextWatch(at: now)
        if feed.isHungry {
            let chance = max(now + 1, nextChance(at: now))
            due = min(due ?? chance, chance)
        }
        // At the end of every command, so that no pen move is slept through: counters are compared during each.
        if let end = link.credit.firstEnd { due = min(due ?? end, max(now + 1, end)) }
        return due
    }

    func heard(at now: Int64) {
        guard feeding != nil, feed.trouble == nil else { return }
        retire(at: now)
    }

    func answered(_ tag: Int, text: String, at now: Int64) {
        guard tag >= 0 else { return takeWatch(tag, text: text, at: now) }
        watch.answeredAt = now
        link.credit.answered(tag, at: now)
        feed.answered(tag)
        if case .enableMotors = feed.program.commands[tag], provesByAsking {
            (watch.wantsMotors, watch.motorsDue) = (tag, now)
        }
    }

    func refused(_ tag: Int, text: String) {
        guard tag >= 0, feed.program.commands.indices.contains(tag) else { return }
        trouble(.refused(command: feed.program.commands[tag].text, answer: text))
    }

    /// An error that belongs to no command may mean that one did not run as it was sent, and an acknowledgement too many
    /// that one ran twice; anything else only counts.
    func heardUnasked(_ text: String) {
        guard feeding != nil else { return }
        if text.hasPrefix("!") {
            trouble(.unasked(text))
        } else if text == "OK" || CommandName(leading: Array(text.utf8)[...])?.count == text.utf8.count {
            // What the board has already is looked at to its end, so that the strokes before that command are verified.
            holdsBack = true
            feed.stopHere()
        }
    }

    func missedReply(to command: String) { trouble(.silent(command: command)) }

    func lost(_ error: LinkError) { trouble(.link(error)) }

    func saw(_ status: BoardStatus) {
        if link.isThree, status.powerLost { watch.sawPowerLost = true }
        if status.button { buttonPressed() }
    }

    /// Whoever says that the button was pressed is believed: reading clears the press, so that a second question would
    /// lose true ones. At worst a damaged reply makes the plot wait, pen up, for somebody to go on.
    func buttonPressed() { if !isStanding { requests.pauseByButton() } }

    /// Feeding lasts until what has been sent is executed: so long the board is looked at.
    func looked(at now: Int64) {
        retire(at: now)
        guard let done = feeding, feed.isOver, feed.trouble != nil || link.credit.count == 0 else { return }
        feeding = nil
        done.resume()
    }

    /// Takes off what has been executed by the model, and reports it now and then.
    private func retire(at now: Int64) {
        guard feeding != nil else { return }
        if let next = link.credit.retire(at: now) { feed.retire(to: next) }
        reportNow(at: now)
    }
}
