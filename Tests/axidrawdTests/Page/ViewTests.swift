internal import Foundation
internal import HTTP
internal import Motion
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

/// What the page makes of what the daemon tells: `view.js` is a pure function, run here by Node on real answers.
struct ViewTests {
    /// A summary of two layers, the second of which may be left out.
    private static func summary(_ seconds: Double) -> JobSummary {
        var summary = JobSummary(
            durationSeconds: seconds, penDownMillimetres: 1433, penUpMillimetres: 336, penLifts: 6, strokes: 6,
            points: 544, commands: 143, pageX: 0, pageY: 0, pageWidth: 200, pageHeight: 150)
        summary.choices = [
            OfferedLayer(name: "1 black", number: 1, colour: .black),
            OfferedLayer(name: "red, thin", number: 2, colour: PenColour(red: 255, green: 0, blue: 0)),
            OfferedLayer(name: "notes", number: nil, colour: nil),
        ]
        summary.layers = [
            JobLayer(
                name: "1 black", pen: PlotPen(number: 1, colour: .black), strokes: 4, durationSeconds: 80, stop: nil,
                commands: 0..<50)
        ]
        return summary
    }

    private static func told(
        _ state: PlotterState, _ jobs: [PlotJob], queue: [JobID], change: (inout DeviceRecord) -> Void = { _ in }
    ) -> JSONValue {
        var table = JobTable()
        var device = DeviceRecord(
            name: "P", isSimulated: false, profile: "axidraw-v3", travel: Size(width: 300, height: 218),
            simulatedSpeed: nil)
        device.state = state
        change(&device)
        table.devices["P"] = device
        for job in jobs { table.jobs[job.id] = job }
        table.queues["P"] = queue
        return .object([
            ("devices", .array([table.record("P")?.json ?? .null])), ("jobs", .array(jobs.map(\.json))),
        ])
    }

    private static func job(_ id: JobID, _ state: JobState, planned: Double? = nil) -> PlotJob {
        var job = PlotJob(id: id, device: "P", name: "\(id).svg", created: 0, state: state)
        job.summary = planned.map(summary)
        return job
    }

    private static var states: [(String, JSONValue)] {
        var running = job("run", .plotting, planned: 120)
        running.progress = PlotProgress(
            commands: 10, commandCount: 100, strokes: 2, strokeCount: 6, ticks: 1_250_000, tickCount: 3_000_000)
        running.options = ["copies": "3"]
        var cut = job("cut", .held("person"), planned: 100)
        cut.diagnostics = [
            Diagnostic(.info, code: "duplicates", message: "exact duplicates are drawn once", count: 2),
            Diagnostic(.warning, code: "clipped", message: "3 mm lost beyond the right side of the page", count: 1),
        ]
        var chosen = job("chosen", .held("person"), planned: 90)
        chosen.options = ["layers": "2"]
        let progress = running.progress
        return [
            ("nothing", told(.raised, [], queue: [])), ("no board", told(.absent, [], queue: [])),
            ("being planned", told(.raised, [job("new", .held("person"))], queue: ["new"])),
            ("ready, something is cut", told(.raised, [cut], queue: ["cut"])),
            ("a layer is chosen", told(.raised, [chosen], queue: ["chosen"])),
            (
                "plotting, another waits",
                told(.plotting(job: "run", progress: progress), [running, cut], queue: ["run", "cut"])
            ),
            ("stopped", told(.raised, [cut], queue: ["cut"]) { $0.stoppedAt = 1 }),
            ("failed", told(.raised, [job("bad", .failed("the board is gone"))], queue: [])),
            ("done", told(.raised, [job("done", .done, planned: 100)], queue: [])),
            ("faulted", told(.faulted(Fault(message: "no power")), [cut], queue: ["cut"])),
        ]
    }

    private static let script = """
        const {empty, fold} = await import(`${process.env.FOLDER}/model.js`);
        const {view} = await import(`${process.env.FOLDER}/view.js`);
        let text = '';
        for await (const part of process.stdin) text += part;
        const ui = {now: Date.UTC(2026, 2, 14, 12), role: 'operator', selected: null, last: null, known: {id: 'cut', seconds: 130}};
        for (const {row, state} of JSON.parse(text)) {
          const folded = fold(empty('P'), 'snapshot', state);
          for (const role of ['operator', 'viewer']) {
            const v = view(folded, {...ui, role}), on = Object.entries(v.may).filter(([, x]) => x === true || x.isOn).map(x => x[0]);
            if (role === 'viewer') { console.log(`  viewer | ${on.join(' ') || 'may press nothing'}`); continue; }
            console.log(`${row} | ${v.title}\\n  ${v.sentence} | ${v.meter.text} ${v.meter.ready.replace(/[\\d:]+/, 'TIME').replace(/ [AP]M/i, '')} | ${v.foot}`);
            console.log(`  ${v.may.go.label}: ${v.may.go.why || 'yes'} | may: ${on.join(' ')}`);
            if (v.job) console.log(`  ${v.job.name}: ${v.job.word} | ${v.job.facts.map(f => f.join(' ').trim()).join(', ')} | ${v.job.notes.map(n => (n.isLoss ? 'LOST ' : '') + n.text).join('; ')}`);
            for (const l of v.layers) console.log(`  layer ${l.isOn ? 'x' : '-'} ${l.name} (${l.wanted}) ${l.note}`);
            for (const q of v.queue) console.log(`  queue ${q.name}: ${q.text}${q.isShown ? ' *' : ''} | ${[q.can.move && 'Up', q.can.hold ? 'Hold' : q.can.start && 'Release', q.can.cancel && 'Cancel'].filter(Boolean).join(' ')}`);
          }
        }
        """

    @Test func everyStateIsSeenAsWrittenDown() throws {
        let rows = Self.states.map { JSONValue.object([("row", .string($0.0)), ("state", $0.1)]) }
        let lines = try Node.withModules { folder in
            try Node.run(Self.script, input: JSONValue.array(rows).text, environment: ["FOLDER": folder, "TZ": "UTC"])
        }
        try expectGolden(lines, at: packageDirectory.appendingPathComponent("fixtures/machine/view.txt"))
    }

    private static let form = """
        const {fields, mistake} = await import(`${process.env.FOLDER}/options.js`);
        let text = '';
        for await (const part of process.stdin) text += part;
        const all = fields(JSON.parse(text)).flatMap(g => g.fields);
        console.log(all.map(f => f.name).sort().join(' '));
        const speed = all.find(f => f.name === 'pen-down-speed'), join = all.find(f => f.name === 'join');
        console.log([mistake(speed, 'abc'), mistake(speed, '401'), mistake(speed, ' 40 '), mistake(join, 'none'), mistake(join, '0.2mm')].join('|'));
        """

    /// The form has a field for each option of the one table, and says at the place what is wrong with a figure.
    @Test func theFormIsTheTable() throws {
        let lines = try Node.withModules { folder in
            try Node.run(Self.form, input: OptionFields.table.text, environment: ["FOLDER": folder])
        }.split(separator: "\n").map(String.init)
        #expect(lines.first == OptionFields.flags.map(\.name).sorted().joined(separator: " "))
        #expect(
            lines.last == "Pen down speed must be a number from 0.1 to 400, not “abc”."
                + "|Pen down speed must be a number from 0.1 to 400.|||")
    }

    private static let screen = """
        const {design, seen, words} = await import(`${process.env.FOLDER}/screen.js`);
        const at = minute => `2026-03-14T12:${String(minute).padStart(2, '0')}:00.000Z`, now = Date.UTC(2026, 2, 14, 12, 20);
        const job = (id, created, started, ended, more) => ({id, device: 'P', name: id, createdAt: at(created), startedAt: started === null ? null : at(started),
          endedAt: ended === null ? null : at(ended), state: ended === null ? 'plotting' : 'done', copies: 1, copiesDone: 0, progress: {remainingSeconds: 600}, ...more});
        // d waited while c was drawn, c while b was; a was over before b came.
        const a = job('a', 0, 0, 1), b = job('b', 2, 2, 5), c = job('c', 3, 5, 9), d = job('d', 6, 9, null), jobs = [d, c, b, a, job('x', 1, 1, 8, {device: 'Q'})];
        const device = {name: 'P', state: 'plotting', job: 'd', queue: ['d', 'e', 'f'], sentence: 'S', simulatedSpeed: null};
        const plotter = {device: 'P', waiting: 0, places: 3, current: null}, show = {next: 'tree', products: [{name: 'tree'}], plotters: [plotter]};
        const say = (more, j = jobs, s = null) => { const w = words({...device, ...more}, j, s, now); console.log(`${w.line.replace(/\\s*[AP]M/, '')} | ${w.dots}`); };
        say({});
        say({queue: ['d']}, [d]);
        say({queue: ['d']}, [{...d, copies: 12, copiesDone: 3}]);
        say({state: 'paused', sentence: 'Paused: pen 2.'}, [d]);
        say({state: 'raised', job: null, queue: ['e'], sentence: 'Waiting for paper: put in a new sheet, then go on.'});
        say({state: 'raised', job: null, queue: ['e']});
        say({state: 'idle', job: null, queue: []}, jobs, show);
        say({state: 'plotting', queue: ['d']}, [d], {...show, plotters: [{...plotter, waiting: 3, current: {product: 'tree', isDone: false}}]});
        say({state: 'absent', job: null, queue: Array(20).fill('q'), sentence: 'No board is connected.'}, []);
        const cut = {...d, id: 'e', state: 'interrupted'};
        console.log(seen(device, jobs, 'c').id, seen({...device, state: 'raised'}, jobs, 'c').id, seen({...device, state: 'raised'}, [...jobs, cut], 'c').id, seen(null, [], 'c'));
        console.log(design('P', show).scene, JSON.stringify(design('P', null)), design('P', {...show, plotters: [{...plotter, current: {scene: null, drawing: '/d'}}]}).drawing);
        """

    /// One line for those who stand five metres away.
    @Test func theScreenSaysWhatTheAudienceWantsToKnow() throws {
        let lines = try Node.withModules { folder in
            try Node.run(Self.screen, input: "", environment: ["FOLDER": folder, "TZ": "UTC", "LANG": "en_GB.UTF-8"])
        }
        #expect(
            lines == """
                Drawing 3 of 5 · ready about 12:30 | ●● 2 waiting
                d · ready about 12:30 |\u{20}
                Sheet 4 of 12 · ready about 12:30 |\u{20}
                Drawing 1 of 3 · Paused: pen 2. | ●● 2 waiting
                New paper, please | ● 1 waiting
                S | ● 1 waiting
                Press the button |\u{20}
                Drawing 1 of 4 · ready about 12:30 · the queue is full | ●●● 3 waiting
                No board is connected. | 20 waiting
                d c e null
                /v1/products/tree/scene.json?seed=1 {} /d

                """)
    }

    private static let folding = """
        const {empty, fold} = await import(`${process.env.FOLDER}/model.js`);
        const {layerList, layers} = await import(`${process.env.FOLDER}/view.js`);
        let s = fold(empty('P'), 'snapshot', {devices: [{name: 'P'}], jobs: [{id: 'a', revision: 3, progress: 1}]});
        const before = JSON.stringify(s);
        const next = fold(fold(s, 'job', {id: 'a', revision: 2}), 'job', {id: 'b', revision: 1});
        console.log(next.jobs.map(j => j.id + j.revision).join() + ' ' + (JSON.stringify(s) === before));
        console.log(fold(s, 'progress', {job: 'a', progress: 2}).jobs[0].progress, fold(s, 'progress', {job: 'z'}) === s);
        console.log(fold(s, 'state', {name: 'Q'}).devices.map(d => d.name).join());
        const choices = [{wanted: 'a'}, {wanted: 'b'}, {wanted: 'c'}], rows = choices.map(c => ({...c, isOn: true}));
        console.log(layerList(rows, choices), layerList([rows[1], rows[0], {...rows[2], isOn: false}], choices));
        """

    @Test func foldingChangesNothingThatIsKnown() throws {
        let lines = try Node.withModules { folder in
            try Node.run(Self.folding, input: "", environment: ["FOLDER": folder])
        }
        #expect(lines == "b1,a3 true\n2 true\nP,Q\nnull b,a\n")
    }
}
