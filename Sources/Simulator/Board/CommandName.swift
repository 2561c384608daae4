internal import EBB

/// Every command's letters, packed as first × 256 + second (0 if there is none).
enum CommandName: UInt16, CaseIterable, Sendable {
    case a = 0x4100
    case ac = 0x4143
    case bl = 0x424C
    case c = 0x4300
    case ck = 0x434B
    case cm = 0x434D
    case cs = 0x4353
    case cu = 0x4355
    case em = 0x454D
    case es = 0x4553
    case hm = 0x484D
    case i = 0x4900
    case l3 = 0x4C33
    case lm = 0x4C4D
    case lt = 0x4C54
    case mr = 0x4D52
    case mw = 0x4D57
    case nd = 0x4E44
    case ni = 0x4E49
    case o = 0x4F00
    case pc = 0x5043
    case pd = 0x5044
    case pg = 0x5047
    case pi = 0x5049
    case po = 0x504F
    case qb = 0x5142
    case qc = 0x5143
    case qe = 0x5145
    case qg = 0x5147
    case ql = 0x514C
    case qm = 0x514D
    case qn = 0x514E
    case qp = 0x5150
    case qr = 0x5152
    case qs = 0x5153
    case qt = 0x5154
    case qu = 0x5155
    case r = 0x5200
    case rb = 0x5242
    case s2 = 0x5332
    case sc = 0x5343
    case se = 0x5345
    case sl = 0x534C
    case sm = 0x534D
    case sn = 0x534E
    case sp = 0x5350
    case sr = 0x5352
    case st = 0x5354
    case t = 0x5400
    case t3 = 0x5433
    case td = 0x5444
    case tp = 0x5450
    case tr = 0x5452
    case v = 0x5600
    case xm = 0x584D

    /// Name as the board echoes it.
    var letters: [UInt8] {
        let second = UInt8(rawValue & 0xFF)
        return second == 0 ? [UInt8(rawValue >> 8)] : [UInt8(rawValue >> 8), second]
    }

    /// First version that knows it; everything older than 2.5.0 is there from the start.
    private var since: FirmwareVersion {
        switch self {
        case .qt, .st, .rb: FirmwareVersion(2, 5, 5)
        case .lm: FirmwareVersion(2, 5, 3)
        case .sr, .qr: FirmwareVersion(2, 6, 0)
        case .hm, .qg: FirmwareVersion(2, 6, 2)
        case .lt: FirmwareVersion(2, 7, 0)
        case .qe: FirmwareVersion(2, 8, 0)
        case .l3, .t3, .tr, .qu: FirmwareVersion(3, 0, 0)
        case .td: FirmwareVersion(3, 0, 1)
        case .cm: FirmwareVersion(3, 0, 3)
        case .a, .ac, .bl, .c, .ck, .cs, .cu, .em, .es, .i, .mr, .mw, .nd, .ni, .o, .pc, .pd, .pg, .pi, .po, .qb, .qc,
            .ql, .qm, .qn, .qp, .qs, .r, .s2, .sc, .se, .sl, .sm, .sn, .sp, .t, .tp, .v, .xm:
            FirmwareVersion(0, 0, 0)
        }
    }

    func isKnown(to firmware: FirmwareVersion) -> Bool {
        switch self {
        case .pc, .pg, .t: firmware.major < 3
        case _: firmware.major > 3 || firmware >= since
        }
    }

    /// Whether the reply carries data, so that future syntax prints a comma before anything else.
    var isQuery: Bool {
        switch self {
        case .a, .ck, .es, .i, .mr, .pi, .qb, .qc, .qe, .qg, .ql, .qm, .qn, .qp, .qr, .qs, .qt, .qu, .v: true
        case .ac, .bl, .c, .cm, .cs, .cu, .em, .hm, .l3, .lm, .lt, .mw, .nd, .ni, .o, .pc, .pd, .pg, .po, .r, .rb, .s2,
            .sc, .se, .sl, .sm, .sn, .sp, .sr, .st, .t, .t3, .td, .tp, .tr, .xm:
            false
        }
    }

    /// Whether a parameterless command runs even after an error in the same packet on 2.x.
    var isUnconditional: Bool {
        switch self {
        case .a, .bl, .cs, .i, .nd, .ni, .qb, .qc, .qe, .qg, .qm, .qn, .qp, .qr, .qs, .qt, .r, .rb, .v: true
        case .ac, .c, .ck, .cm, .cu, .em, .es, .hm, .l3, .lm, .lt, .mr, .mw, .o, .pc, .pd, .pg, .pi, .po, .ql, .qu, .s2,
            .sc, .se, .sl, .sm, .sn, .sp, .sr, .st, .t, .t3, .td, .tp, .tr, .xm:
            false
        }
    }
}
