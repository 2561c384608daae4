const root = document.body.dataset.root;
const of = name => [...document.querySelectorAll('[data-plotter]')].find(s => s.dataset.plotter === name);
const put = (section, part, text) => { if (section) section.querySelector('.' + part).textContent = text; };
for (const form of document.forms) form.addEventListener('submit', async e => {
  e.preventDefault();
  const said = document.getElementById('said');
  try {
    const answer = await fetch(form.action, {method: 'POST'});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    said.textContent = page.getElementById('said')?.textContent ?? `The daemon refuses (${answer.status}).`;
  } catch { said.textContent = 'The daemon does not answer.'; }
});
const lose = isLost => {
  document.body.classList.toggle('stale', isLost);
  document.getElementById('gone').textContent = isLost ? 'No contact with the daemon; what you see may be old. Trying again.' : '';
};
function listen() {
  const source = new EventSource(`${root}v1/events?topics=snapshot,state,installation`);
  const on = (kind, take) => source.addEventListener(kind, e => take(JSON.parse(e.data)));
  source.onopen = () => lose(false);
  source.onerror = () => { lose(true); if (source.readyState === 2) { source.close(); setTimeout(listen, 3000); } };
  on('snapshot', e => { for (const d of e.devices) put(of(d.name), 'state', d.state); });
  on('state', d => put(of(d.name), 'state', d.state));
  on('installation', q => {
    const next = document.getElementById('next');
    put(of(q.device), 'waiting', q.waiting);
    if (next && q.next) next.textContent = q.next;
  });
}
listen();
