// Figures as people say them.

export const minutes = s => s < 50 ? `${Math.max(1, Math.round(s))} s` : s < 5400 ?
	`${Math.round(s / 60)} min` : `${Math.floor((s + 30) / 3600)} h ${Math.floor((s + 30) % 3600 / 60)} min`;
// To the second, for those who compare.
export const exact = s => s < 60 ? `${s.toFixed(1)} s` : s < 3600 ?
	`${Math.floor(s / 60)} min ${Math.floor(s % 60)} s` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
export const metres = mm => mm < 1000 ? `${Math.round(mm)} mm` : `${(mm / 1000).toFixed(2)} m`;
export const count = (n, one, many = one + 's') => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
// A difference in time; empty where nobody would notice it.
export const difference = s => Math.abs(s) < .05 ? '' : `${s < 0 ? '−' : '+'}${exact(Math.abs(s))}`;
export const clock = ms => new Date(ms).toLocaleTimeString([], {hour: 'numeric', minute: '2-digit'});
export function day(iso, now) {
	const d = new Date(iso), isToday = d.toDateString() === new Date(now).toDateString();
	return isToday ? clock(d) : `${d.toLocaleDateString([], {day: 'numeric', month: 'short'})}, ${clock(d)}`;
}
// `pen-down-speed` as a label.
export const label = name => name[0].toUpperCase() + name.slice(1).replaceAll('-', ' ');
