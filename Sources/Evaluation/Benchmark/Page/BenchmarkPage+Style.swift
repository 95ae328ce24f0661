extension BenchmarkPage {
  /// What the benchmark's page has beyond a run's.
  static let style = """
    .figures { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); align-items: start; }
    .wide { overflow-x: auto; } figure.wide { margin-bottom: 12px; } figure.wide svg { min-width: 640px; }
    h3 { font-size: 1rem; margin: 16px 0 6px; }
    .note { color: var(--quiet); margin: 6px 0; font-size: 0.9rem; max-width: 100ch; }
    .results th, .results td { padding: 5px 10px; }
    .results th:first-child { padding-left: 0; }
    .results tbody th { font-weight: 600; } .results .published th { font-weight: 400; }
    .results tbody td:nth-child(2), .published td, .published th { color: var(--quiet); }
    .results .group { text-align: center; border-left: 1px solid var(--line); font-weight: 600; color: var(--ink); }
    .results .group small { display: block; font-weight: 400; color: var(--quiet); }
    .results .divider { padding-top: 14px; color: var(--quiet); font-size: 0.875rem; }
    .results a { color: inherit; text-decoration: none; } .results td a:hover { text-decoration: underline; }
    .best { font-weight: 700; }
    sup { font-size: 0.7em; margin-left: 2px; }
    .failed { padding-left: 18px; } .failed span { white-space: pre-wrap; overflow-wrap: anywhere; }
    rect { fill: currentColor; }
    svg .ink { fill: var(--ink); } svg .on { fill: var(--card); } svg .name { fill: var(--ink); font-weight: 700; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
    .dots { fill: none; stroke: currentColor; stroke-width: 5px; stroke-linecap: round; stroke-opacity: 0.65; }
    .s1 { stroke-linecap: square; stroke-width: 4.4px; } .s2, .s3 { stroke-width: 1.6px; }
    .span { fill-opacity: 0.45; stroke: currentColor; } .again { fill-opacity: 0.2; stroke-dasharray: 3 2; }
    figure.square { max-width: 520px; }
    details { margin: 4px 0; } summary { cursor: pointer; padding: 3px 0; }
    details > div { padding: 4px 0 12px 18px; } details > .figures { padding-left: 0; }
    details > div:target > table { outline: 2px solid var(--c0); outline-offset: 4px; }
    .facts td { white-space: normal; overflow-wrap: anywhere; } .facts { margin-bottom: 8px; }
    .facts th { vertical-align: top; color: var(--quiet); }
    ol li { margin: 2px 0; overflow-wrap: anywhere; }
    """
}
