extension VirtualBoard {
    /// Motor supply in ADC counts from now on (`QC`); 0 = cut. Motion goes on: the board notices nothing by itself.
    public mutating func setSupply(counts: Int) {
        supplyCounts = min(max(counts, 0), 1023)
        checkSupply()
    }

    /// On 3.x a supply below `CU,60` sets the flag that `QG` shows.
    mutating func checkSupply() {
        if isModern && settings.supplyThreshold > 0 && supplyCounts < settings.supplyThreshold { wasSupplyLost = true }
    }

    /// The PRG button is pressed once.
    public mutating func pressButton() { wasButtonPressed = true }

    /// A person pushes the carriage home, the motors being off; false while it moves by itself.
    ///
    /// The counters stay as they are, and no ink is drawn.
    @discardableResult
    public mutating func carryHome() -> Bool {
        guard !isMoving else { return false }
        machine.carryHome(tick: now)
        return true
    }

    /// Input levels of port B: limit switches, RB0, and RB2 and RB5 in `QG` of 2.x.
    public mutating func setPortB(_ levels: UInt8) {
        settings.ports[1] = levels
        if levels & 1 == 0 && settings.watchesPauseInput { wasButtonPressed = true }
        checkLimitSwitch()
    }

    /// The USB cable is pulled: half-read input and unsent replies are lost, motion goes on.
    ///
    /// To plug it in again needs no call: the board reads what comes next.
    public mutating func unplug() {
        dropInput()
        line.removeAll(keepingCapacity: true)
        sent.removeAll()
        heldReplies.removeAll()
        pendingComplaints.removeAll()
    }

    /// Power is lost altogether and comes back: all as at power-on except nickname and the carriage's place.
    public mutating func powerCycle() {
        unplug()
        blocked = nil
        reply.removeAll()
        reset()
        hasSeenCommand = false
        isPenUpState = true
        wasButtonPressed = false
        wasSupplyLost = false
        isDetached = false
    }

    mutating func dropInput() {
        input.removeAll(keepingCapacity: true)
        inputIndex = 0
        packetEnds.removeAll(keepingCapacity: true)
    }

    /// `R`: motion dropped, motors off, everything that can be set as at power-on.
    mutating func reset() {
        abandonMotion()
        dropQueue()
        machine.stand(until: now)
        machine.pen.loseSignal(at: now)
        settings = Settings(firmware: configuration.firmware)
        counters = (0, 0)
        phases = (0, 0)
        isMotorOn = (false, false)
        resolution = 16
        hasLimitStopped = false
        memory.removeAll()
        isPenUpState = true
    }
}
