// The page around the figures: its HTML, its style sheet, and the script that fetches new figures.
import type { DevSnapshot } from './dev-snapshot.ts';
import { renderFigures } from './render-figures.ts';

/** The whole HTML page, with the figures of now. */
export function renderPage(snapshot: DevSnapshot): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>cachekit dev</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script type="module" src="live.js"></script>
</head>
<body>
<h1>cachekit dev <small id="state">as of loading</small></h1>
<main>
${renderFigures(snapshot)}
</main>
</body>
</html>
`;
}

/** Replaces the figures every second, every five in a background tab. `renderFigures` has escaped the HTML it gets. */
export const LIVE_SCRIPT = `const main = document.querySelector('main');
const state = document.querySelector('#state');
async function update() {
  try {
    const response = await fetch('figures', { cache: 'no-store' });
    if (!response.ok) throw new Error(String(response.status));
    main.innerHTML = await response.text();
    state.textContent = 'live';
  } catch {
    state.textContent = 'the process does not answer';
  }
  setTimeout(update, document.hidden ? 5000 : 1000);
}
void update();
`;

/** The style sheet. */
export const STYLE = `:root { color-scheme: light dark; }
body { margin: 1.5rem; font: 14px/1.45 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.3rem; }
h2 { margin: 1.5rem 0 0.4rem; font-size: 1rem; }
h1 small, .dim, td small { color: light-dark(#667085, #98a2b3); font-weight: 400; }
h1 small { font-size: 0.8rem; margin-left: 0.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid light-dark(#e3e6ea, #2c333d); }
th { font-weight: 500; color: light-dark(#667085, #98a2b3); white-space: nowrap; }
.n { text-align: right; }
td small { display: block; white-space: nowrap; }
td span { font-weight: 600; }
rect { fill: light-dark(#0f7b5f, #3fc79f); }
b { color: light-dark(#b42318, #ff8a7a); font-weight: 600; }
`;
