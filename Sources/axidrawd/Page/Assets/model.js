// What the page knows: the daemon's events folded into one state. Pure: an event and a state make the next state.

export const empty = name => ({name, devices: [], jobs: [], positions: {}, waiting: {}});

export const device = state => state.devices.find(d => d.name === state.name) || null;

function put(list, item, isSame, isOld = () => false) {
	const i = list.findIndex(isSame);
	if (i < 0) return [item, ...list];
	if (isOld(list[i])) return list;
	const next = list.slice();
	next[i] = item;
	return next;
}

export function fold(state, kind, e) {
	switch (kind) {
		case 'snapshot': {
			const positions = {};
			for (const d of e.devices) if (d.position) positions[d.name] = d.position;
			return {...state, devices: e.devices, jobs: e.jobs, positions};
		}
		case 'state': {
			const known = state.devices.some(d => d.name === e.name);
			return {...state, devices: known ? put(state.devices, e, d => d.name === e.name) : [...state.devices, e]};
		}
		case 'job': return {...state, jobs: put(state.jobs, e, j => j.id === e.id, j => j.revision > e.revision)};
		case 'progress': {
			const job = state.jobs.find(j => j.id === e.job);
			return job ? {...state, jobs: put(state.jobs, {...job, progress: e.progress}, j => j.id === e.job)} : state;
		}
		case 'position': return {...state, positions: {...state.positions, [e.device]: e}};
		case 'installation': return {...state, waiting: {...state.waiting, [e.device]: e.waiting}};
	}
	return state;
}
