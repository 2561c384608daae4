/// How a page follows what the pen draws; the same on the front page and on the preview screen.
///
/// The script around it has `name`, `root`, `trail`, `drawn`, `fetching` and `redraw()`.
enum InkScript {
    static let text = #"""
        function takeInk(e) {
          if (e.device !== name) return;
          if (e.job !== trail.job) { trail = {job: e.job, points: []}; drawn = 0; }
          const have = trail.points.length / 3;
          if (e.from <= have) for (let i = (have - e.from) * 3; i < e.points.length; i++) trail.points.push(e.points[i]);
          if (trail.points.length / 3 < e.count) fetchInk();
          redraw();
        }
        async function fetchInk() {
          if (fetching) return;
          fetching = true;
          try {
            for (;;) {
              const r = await fetch(`${root}v1/devices/${name}/ink?from=${trail.points.length / 3}`);
              if (!r.ok) break;
              const e = await r.json(), before = trail.points.length;
              if (e.job !== trail.job) { trail = {job: e.job, points: []}; drawn = 0; if (e.from) continue; }
              for (const v of e.points) trail.points.push(v);
              redraw();
              if (trail.points.length / 3 >= e.count || trail.points.length === before) break;
            }
          } catch { /* the stream says when the daemon is back */ }
          fetching = false;
        }
        """#
}
