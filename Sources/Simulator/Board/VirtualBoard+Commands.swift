extension VirtualBoard {
    /// Reads a command's parameters and does what it does at parse time.
    mutating func run(_ name: CommandName, _ p: inout Parameters) -> Outcome {
        switch name {
        case .sm: simpleMove(&p, mixes: false)
        case .xm: simpleMove(&p, mixes: true)
        case .lm: steppedMove(&p, hasJerk: false)
        case .l3: steppedMove(&p, hasJerk: true)
        case .lt: timedMove(&p, hasJerk: false, isPair: false)
        case .t3: timedMove(&p, hasJerk: true, isPair: false)
        case .td: timedMove(&p, hasJerk: true, isPair: true)
        case .tr: testMove(&p)
        case .hm: home(&p)
        case .em: enableMotors(&p)
        case .es: emergencyStop(&p)
        case .sp: setPen(&p)
        case .tp: togglePen(&p)
        case .s2: setServo(&p)
        case .sc: configureServo(&p)
        case .sr: setServoTimeout(&p)
        case .se: setOutput(&p)
        case .cu: setUp(&p)
        case .qu: utilityQuery(&p)
        case .ck: checkParser(&p)
        case .sl: setVariable(&p)
        case .ql: variableQuery(&p)
        case .sn: setNodeCount(&p)
        case .st: setName(&p)
        case .po: setPin(&p, isDirection: false)
        case .pd: setPin(&p, isDirection: true)
        case .pi: pinQuery(&p)
        case .o: setPorts(&p, isDirection: false)
        case .c: setPorts(&p, isDirection: true)
        case .ac: setAnalogChannel(&p)
        case .mr: memoryQuery(&p)
        case .mw: writeMemory(&p)
        case .pc: ignore(&p, required: 2, optional: 6)
        case .pg: ignore(&p, required: 1)
        case .t: ignore(&p, required: 2)
        case .cm: ignore(&p, required: 6)
        case .a, .bl, .cs, .i, .nd, .ni, .qb, .qc, .qe, .qg, .qm, .qn, .qp, .qr, .qs, .qt, .r, .rb, .v:
            runBare(name)
        }
    }

    /// The commands without parameters.
    private mutating func runBare(_ name: CommandName) -> Outcome {
        switch name {
        case .a: return analogQuery()
        case .bl: return enterBootloader()
        case .cs:
            clearCounters()
            return .done
        case .i: return portQuery()
        case .nd: return countNode(.max)
        case .ni: return countNode(1)
        case .qb: return buttonQuery()
        case .qc: return powerQuery()
        case .qe: return enableQuery()
        case .qg: return generalQuery()
        case .qm: return motionQuery()
        case .qn: return nodeQuery()
        case .qp: return penQuery()
        case .qr: return servoPowerQuery()
        case .qs: return counterQuery()
        case .qt: return nameQuery()
        case .r: return restart()
        case .rb: return reboot()
        case .v: return version()
        case .ac, .c, .ck, .cm, .cu, .em, .es, .hm, .l3, .lm, .lt, .mr, .mw, .o, .pc, .pd, .pg, .pi, .po, .ql, .qu, .s2,
            .sc, .se, .sl, .sm, .sn, .sp, .sr, .st, .t, .t3, .td, .tp, .tr, .xm:
            return .failed
        }
    }
}
