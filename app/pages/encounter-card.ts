import type { Combatant, Encounter } from "../encounters";
import { html, type Markup } from "../../infra/support";

/** One encounter with what can be done in its state. */
export function encounterCard(encounter: Encounter, party: string): Markup {
  const { _id, name, status, round } = encounter;
  const address = `/api/encounters/${_id.toHexString()}`;
  const turn = status === "active" ? html` · round ${round}` : null;
  return html`<article class="card ${status}">
    <h3>${name}</h3>
    <p class="quiet">${party} · ${status}${turn}</p>
    <ol class="turns">
      ${encounter.combatants.map((one, at) => combatantRow(encounter, one, at, address))}
    </ol>
    ${status === "planned" ? combatantForm(address, name) : null}
    <div class="actions">${actionsOf(encounter, address)}</div>
  </article>`;
}

function combatantRow(encounter: Encounter, one: Combatant, at: number, address: string): Markup {
  const { current, max } = one.hitPoints;
  const active = encounter.status === "active";
  const turn = active && at === encounter.turnIndex ? html`aria-current="step"` : null;
  return html`<li ${turn} class="${current === 0 ? "down" : ""}">
    <span class="who">${one.name}<small>initiative ${one.initiative}</small></span>
    <span class="hit-points">
      <meter
        min="0"
        max="${max}"
        low="${max / 3}"
        optimum="${max}"
        value="${current}"
        aria-label="Hit points of ${one.name}"
      ></meter>
      ${current}/${max}
    </span>
    ${active ? blowForm(address, one.name, at) : null}
  </li>`;
}

function blowForm(address: string, name: string, at: number): Markup {
  return html`<form class="blow" data-json action="${address}/damage">
    <input type="hidden" name="combatant" value="${at}" data-number />
    <input
      id="amount-${at}-${address.slice(-24)}"
      type="number"
      name="amount"
      min="1"
      max="999"
      value="1"
      required
      aria-label="Hit points for ${name}"
    />
    <button>Damage</button>
    <button formaction="${address}/heal">Heal</button>
  </form>`;
}

function combatantForm(address: string, encounter: string): Markup {
  return html`<details>
    <summary>Add a combatant</summary>
    <form data-json action="${address}/combatants" aria-label="Add a combatant to ${encounter}">
      <label>Name <input name="name" required maxlength="80" /></label>
      <label
        >Initiative <input type="number" name="initiative" min="-10" max="50" value="10" required
      /></label>
      <label
        >Hit points
        <input
          type="number"
          name="hitPoints.max"
          min="1"
          max="999"
          value="10"
          required
          data-copy="hitPoints.current"
      /></label>
      <button>Add</button>
    </form>
  </details>`;
}

function actionsOf(encounter: Encounter, address: string): Markup[] {
  const remove = html`<form
    data-json
    data-method="DELETE"
    action="${address}"
    data-confirm="Delete ${encounter.name}?"
  >
    <button class="quiet">Delete</button>
  </form>`;
  if (encounter.status === "finished") return [remove];
  if (encounter.status === "planned") {
    return [
      html`<form data-json action="${address}/start"><button class="main">Start</button></form>`,
      remove,
    ];
  }
  return [
    html`<form data-json action="${address}/turn">
      <input type="hidden" name="round" value="${encounter.round}" data-number />
      <input type="hidden" name="turnIndex" value="${encounter.turnIndex}" data-number />
      <button class="main">Next turn</button>
    </form>`,
    html`<form data-json action="${address}/finish"><button>Finish</button></form>`,
  ];
}
