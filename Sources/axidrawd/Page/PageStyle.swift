/// The page's style sheet.
enum PageStyle {
    static let bytes: [UInt8] = Array(text.utf8)

    private static let text = #"""
        :root{color-scheme:light dark;--back:#f4f3ef;--card:#fff;--text:#1c1c1a;--quiet:#565650;--line:#8c8b83;
        --soft:#dedcd4;--accent:#1f4e8c;--on-accent:#fff;--stop:#b3261e;--on-stop:#fff;--banner:#ffd75e;
        --on-banner:#2a2100;--good:#1b6b3a;--bad:#a31a12;--focus:#1f4e8c;--paper:#fffdf8;--ink:#16161a;--bed:#e9e7df}
        @media (prefers-color-scheme:dark){:root{--back:#161615;--card:#21211f;--text:#eceae4;--quiet:#b3b1a8;
        --line:#85837a;--soft:#3a3935;--accent:#9cc3ff;--on-accent:#0b1d36;--stop:#ff8a80;--on-stop:#370502;
        --banner:#e9bd3c;--on-banner:#221a00;--good:#7fd69c;--bad:#ffa59d;--focus:#9cc3ff;--paper:#f3f1ea;--bed:#8b8981}}
        *{box-sizing:border-box}
        html{scroll-padding-top:12rem;font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
        background:var(--back);color:var(--text)}
        body{margin:0;min-width:18rem}
        h1,h2{line-height:1.2;margin:0}
        h1{font-size:1.15rem}
        h2{font-size:1rem;margin-bottom:.6rem}
        p{margin:0 0 .6rem}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
        .skip{position:absolute;left:-99rem;top:0;background:var(--card);padding:.5rem 1rem;z-index:3}
        .skip:focus{left:0}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .banner{background:var(--banner);color:var(--on-banner);text-align:center;padding:.3rem 1rem;margin:0}
        .top{display:flex;flex-direction:row-reverse;justify-content:space-between;align-items:center;gap:1rem;
        padding:.7rem 1rem;background:var(--card);border-bottom:1px solid var(--soft)}
        header{position:sticky;top:0;z-index:2}
        header>.error{background:var(--card);margin:.3rem 1rem}
        .top p{margin:0}
        .top .state{font-weight:600;overflow-wrap:anywhere}
        .quiet{color:var(--quiet);font-size:.9rem}
        main{display:grid;grid-template-columns:minmax(0,1fr) 22rem;gap:1rem;padding:1rem;max-width:84rem;margin:0 auto;
        align-items:start}
        section{background:var(--card);border:1px solid var(--soft);border-radius:.6rem;padding:1rem}
        .side{display:grid;gap:1rem}
        main.one{grid-template-columns:minmax(0,40rem);justify-content:center}
        .bed{position:relative;background:var(--bed);border:1px solid var(--line);overflow:hidden;border-radius:.25rem}
        .bed img{position:absolute;inset:0;width:100%;height:100%}
        .bed canvas{position:relative;display:block;width:100%;height:auto}
        #preview{opacity:.22}
        .bed .plain{background:var(--paper)}
        .sheet{position:absolute;background:var(--paper);box-shadow:0 0 0 1px var(--line)}
        .bed.picking{cursor:crosshair}
        .bed.over{outline:3px dashed var(--accent);outline-offset:-6px}
        .empty{position:absolute;inset:0;display:grid;place-items:center;text-align:center;padding:1rem;
        pointer-events:none;color:var(--text)}
        .empty span{background:var(--card);border-radius:.4rem;padding:.4rem .8rem}
        figcaption{margin-top:.6rem}
        figure{margin:0}
        button,.file::file-selector-button{font:inherit;min-height:2.5rem;padding:.4rem .9rem;border-radius:.4rem;
        border:1px solid var(--line);background:var(--card);color:var(--text);cursor:pointer}
        button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
        button.stop{background:var(--stop);border-color:var(--stop);color:var(--on-stop);font-weight:700;
        min-height:3rem;min-width:6rem;font-size:1.05rem}
        button:hover:not(:disabled){filter:brightness(.93)}
        button:disabled{color:var(--quiet);border-style:dashed;background:none;cursor:not-allowed;font-weight:400}
        .acts{display:flex;flex-wrap:wrap;gap:.5rem}
        .why{flex-basis:100%;margin:.2rem 0 0}
        .why:empty,.why span:empty{display:none}
        .apart{margin-top:.9rem}
        label{display:block}
        .file,select{font:inherit;width:100%;max-width:100%;color:inherit}
        select{min-height:2.5rem;border:1px solid var(--line);border-radius:.4rem;background:var(--card);padding:.3rem}
        .figure{font:inherit;width:100%;min-height:2.5rem;padding:.3rem .5rem;border:1px solid var(--line);border-radius:.4rem;
        background:var(--card);color:inherit;font-variant-numeric:tabular-nums}
        .figure::placeholder{color:var(--quiet);opacity:1;font-style:italic}
        .figure[aria-invalid]{border:2px solid var(--bad)}
        .pairs{display:grid;grid-template-columns:1fr 1fr;gap:.5rem .7rem;margin:.4rem 0 .6rem}
        details{margin-top:.8rem}
        summary{cursor:pointer;padding:.2rem 0}
        #changed{margin:.4rem 0 0}
        #changed:empty{display:none}
        .field{margin-bottom:.7rem}
        .check{display:flex;gap:.5rem;align-items:center;min-height:1.75rem}
        .check input{width:1.25rem;height:1.25rem;margin:0;flex:none}
        progress{width:100%;height:1rem;accent-color:var(--accent)}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem .9rem;margin:.6rem 0 0}
        dt{color:var(--quiet)}
        dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        ul{margin:.4rem 0 0;padding-left:1.1rem}
        .queue{margin:0;padding-left:1.2rem}.queue li{margin:.2rem 0}.queue span{margin-right:.5rem;overflow-wrap:anywhere}
        .queue button{min-height:2rem;padding:.1rem .6rem;margin-right:.3rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{text-align:left;padding:.3rem .4rem .3rem 0;border-top:1px solid var(--soft);vertical-align:top;
        overflow-wrap:break-word}
        td:nth-child(2){overflow-wrap:anywhere}
        time{white-space:nowrap}
        .error{border:2px solid var(--bad);border-radius:.4rem;padding:.5rem .7rem;margin:0}
        .error:empty{display:none}
        .error b{color:var(--bad)}
        .stale main{opacity:.55}
        .gone{color:var(--bad);font-weight:600}
        .gone:empty{display:none}
        [hidden]{display:none!important}
        @media (max-width:56rem){main{grid-template-columns:minmax(0,1fr)}}
        @media (max-width:24rem){main{padding:.5rem}section{padding:.7rem}.top{padding:.5rem .7rem}}
        @media (max-height:30rem){header{position:static}html{scroll-padding-top:0}
        .top .stop{position:fixed;right:1rem;bottom:1rem;z-index:3}}
        @media (prefers-reduced-motion:no-preference){button{transition:filter .1s}}
        """#
}
