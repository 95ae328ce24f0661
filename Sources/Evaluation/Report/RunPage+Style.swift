extension RunPage {
  /// The page's looks, on light and on dark paper. The colours are Okabe and Ito's, which colour-blind people tell
  /// apart, darker or lighter where the paper asks for it.
  static let style = """
    :root {
      --paper: #fbfbfa; --card: #ffffff; --ink: #1c1e21; --quiet: #5a6067; --line: #dcdfe2;
      --c0: #0072b2; --c1: #c25100; --c2: #007f5c; --c3: #a8508a; --c4: #806b00; --c5: #5f6368; --c6: #4b5cc4; --c7: #8c3b2f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #131416; --card: #1b1d20; --ink: #e8eaed; --quiet: #a0a6ac; --line: #34383d;
        --c0: #56b4e9; --c1: #e69f00; --c2: #2fbf95; --c3: #e19cc3; --c4: #f0e442; --c5: #b0b4b9; --c6: #a3adff; --c7: #e58e80;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 1400px; padding: 0 clamp(12px, 2vw, 32px) 40px; background: var(--paper);
      color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    }
    h1 { font-size: 1.35rem; margin: 18px 0 2px; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 26px 0 8px; }
    header p { margin: 0 0 16px; color: var(--quiet); }
    main { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
    figure { margin: 0; padding: 12px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; min-width: 0; }
    figcaption { font-weight: 600; margin-bottom: 6px; }
    svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--quiet); font-size: 12px; }
    .mid { text-anchor: middle; } .end { text-anchor: end; }
    .grid { stroke: var(--line); }
    .line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
    .band { fill: currentColor; opacity: 0.18; }
    circle { fill: currentColor; }
    .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
    .c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }
    .c1 .line, .c5 .line { stroke-dasharray: 7 3; } .c2 .line, .c6 .line { stroke-dasharray: 2 3; } .c3 .line, .c7 .line { stroke-dasharray: 9 3 2 3; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0 0; padding: 0; font-size: 0.875rem; }
    .legend b { display: inline-block; width: 12px; height: 12px; border-radius: 3px; background: currentColor; margin-right: 6px; vertical-align: -1px; }
    .legend output { color: var(--quiet); font-variant-numeric: tabular-nums; }
    section { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.9375rem; }
    th, td { text-align: left; padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
    thead th { color: var(--quiet); font-size: 0.875rem; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    meter { width: 90px; vertical-align: -2px; }
    strong { color: var(--c1); }
    .settings { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; }
    code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
    code { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 1px 7px; }
    pre { margin: 0; overflow-x: auto; color: var(--quiet); }
    """
}
