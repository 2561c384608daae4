// What a person may press now, and why not; the daemon decides (`can`, `sentence`), here it is put together.

const refused = why => ({isOn: false, why});
const allowed = {isOn: true, why: ''};

export function buttons(device, job) {
	const may = device.can, open = job && !job.isFinal ? job : null, can = open ? open.can : {};
	const isCut = !!open && open.state === 'interrupted';
	// What stands in the middle of a plot goes on at its plotter; anything else begins there.
	const isStanding = !!can.resume && !isCut;
	const begins = !!can.start || isCut && !!can.resume;
	const hand = isOn => isOn ? allowed : refused(device.sentence);
	return {
		go: {
			label: can.resume ? 'Go on' : device.waitsForPaper ? 'Paper is in: go on' : 'Start',
			...isStanding && may.resume || begins && may.start ? allowed :
				!open ? refused('Start: no drawing is loaded.') :
				begins && may.penUp ? refused('Start: raise the pen first.') :
				refused(`Start: ${begins || isStanding ? device.sentence : open.sentence}`),
		},
		pause: can.pause ? allowed : refused('Pause: only while plotting.'),
		cancel: can.cancel ? allowed : refused(open ? `Cancel: ${open.sentence}` : 'Cancel: nothing is loaded.'),
		up: hand(may.penUp), down: hand(may.penDown), release: hand(may.release),
		change: !!can.change,
		// A stroke to go on from, where the carriage must be brought home first.
		pick: isCut && may.start || isStanding && may.needsHomed,
		homed: isCut || !!can.needsHomed || may.needsHomed,
		reopen: device.stopped,
		reset: device.state === 'faulted' && may.reset,
	};
}
