/** The page's look: one column on a phone, cards beside each other where there is room, light or dark as the reader has it. */
export const style = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f3ec, #16151a);
  --surface: light-dark(#fffdf8, #211f27);
  --text: light-dark(#26222b, #ece8f2);
  --quiet: light-dark(#635b6c, #b0a8bc);
  --line: light-dark(#ddd5c7, #393541);
  --accent: light-dark(#8a1c2b, #f08a96);
  --on-accent: light-dark(#ffffff, #2a0a0f);
  --good: light-dark(#1f6b3a, #7fd69c);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 70rem; padding: 0 1rem 2rem;
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
}
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: 1rem 0; border-bottom: 1px solid var(--line); }
.brand { display: flex; gap: .5rem; align-items: center; font: 600 1.35rem Georgia, serif; color: var(--text); text-decoration: none; }
h1 { margin: 0; }
nav a { margin-right: 1rem; }
a { color: var(--accent); }
h2 { font: 600 1.3rem Georgia, serif; margin: 2rem 0 .75rem; }
h3 { margin: 0; font-size: 1.05rem; overflow-wrap: anywhere; }
.cards { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); margin: 0; padding: 0; list-style: none; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
.card.active { border-color: var(--accent); grid-column: 1 / -1; }
.quiet { color: var(--quiet); }
p.quiet { margin: .15rem 0 .6rem; font-size: .95rem; }
.note, footer { color: var(--quiet); }
footer { margin-top: 3rem; font-size: .9rem; }
.turns { list-style: none; margin: .5rem 0; padding: 0; }
.turns li { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; padding: .45rem .6rem; border-left: 4px solid transparent; border-radius: .4rem; }
.turns li[aria-current] { border-color: var(--accent); background: var(--ground); font-weight: 600; }
.turns li.down .who { text-decoration: line-through; color: var(--quiet); }
.who { flex: 1 1 10rem; overflow-wrap: anywhere; }
.who small { display: block; font-weight: 400; color: var(--quiet); }
.hit-points { font-variant-numeric: tabular-nums; }
meter { width: 6rem; vertical-align: middle; }
form { margin: 0; }
form.new, details form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-top: 1rem; }
.blow, .actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
label { display: flex; flex-direction: column; gap: .2rem; font-size: .9rem; color: var(--quiet); }
input, select, button { font: inherit; min-height: 2.75rem; border-radius: .5rem; border: 1px solid var(--line); padding: .4rem .7rem; color: var(--text); background: var(--surface); max-width: 100%; }
input[type="number"] { width: 5.5rem; }
button { cursor: pointer; background: var(--ground); }
button.main, form.new button { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; padding: .5rem 0; }
#problem { background: var(--accent); color: var(--on-accent); padding: .75rem 1rem; border-radius: .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
.state.done { color: var(--good); }
.state.failed { color: var(--accent); font-weight: 600; }
`;
