// Tabs by mouse and keys.
export function tabs(list, onOpen) {
	const all = [...list.querySelectorAll('[role=tab]')];
	const panel = t => document.getElementById(t.id.replace('tab', 'panel'));
	for (const t of all) {
		const p = panel(t);
		t.setAttribute('aria-controls', p.id);
		p.role = 'tabpanel'; p.setAttribute('aria-labelledby', t.id);
	}
	const open = (tab, isFocused) => {
		for (const t of all) {
			const isOpen = t === tab;
			t.setAttribute('aria-selected', isOpen);
			t.tabIndex = isOpen ? 0 : -1;
			panel(t).hidden = !isOpen;
		}
		if (isFocused) tab.focus();
		onOpen(tab.id);
	};
	list.addEventListener('click', e => { const t = e.target.closest('[role=tab]'); if (t) open(t); });
	list.addEventListener('keydown', e => {
		const i = all.indexOf(document.activeElement), to = {ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: all.length - 1}[e.key];
		if (i < 0 || to === undefined) return;
		e.preventDefault();
		open(all[(to + all.length) % all.length], true);
	});
	open(all[0]);
}
