/** The report's whole style; light or dark like the reader's system. */
export const style = `
:root { color-scheme: light dark; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: light-dark(#1f2328, #d6dae0); background: light-dark(#fff, #16181c); }
main { max-width: 1100px; margin: 0 auto; padding: 20px; }
h1 { font-size: 1.5em; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.15em; margin: 28px 0 6px; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.quiet { color: light-dark(#59636e, #99a1ab); }
.totals { font-size: 1.1em; }
table { width: 100%; border-collapse: collapse; margin: 4px 0 10px; }
th, td { padding: 2px 10px 2px 0; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { overflow-wrap: normal; font-weight: 600; border-bottom: 1px solid light-dark(#d1d9e0, #3a3f47); }
.number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: 0.93em ui-monospace, monospace; }
details { margin: 2px 0; }
details details { margin-inline-start: 18px; }
summary { cursor: pointer; padding: 2px 0; overflow-wrap: anywhere; }
summary:focus-visible { outline: 2px solid Highlight; }
tr:has(meter) > td:first-child { white-space: nowrap; }
meter { width: 120px; height: 10px; vertical-align: middle; }
@media (max-width: 700px) {
  main { padding: 12px; }
  table { display: block; overflow-x: auto; }
  td:last-child { min-width: 14em; }
  meter { width: 40px; }
}
@media print { details:not([open]) > * { display: block; } }
`;
