import type { Db } from "mongodb";
import { listCharacters, type Character } from "../characters";
import { listEncounters } from "../encounters";
import { listParties, type Party } from "../parties";
import { encounterCard } from "./encounter-card";
import { html, type Markup } from "../../infra/support";
import { page } from "./layout";

const classes = "Barbarian Bard Cleric Druid Fighter Monk Paladin Ranger Rogue Sorcerer Warlock Wizard".split(
  " ",
);

/** The table: encounters with their turns, parties with their characters, and the forms to add to them. */
export async function homePage(db: Db, version: string): Promise<Response> {
  const [encounters, parties, characters] = await Promise.all([
    listEncounters(db, { limit: 20, offset: 0 }),
    listParties(db, { limit: 200, offset: 0 }),
    listCharacters(db, { limit: 200, offset: 0 }),
  ]);
  const names = new Map(parties.map((party) => [party._id.toHexString(), party.name]));
  const cards = encounters.map((one) =>
    encounterCard(one, names.get(one.partyId.toHexString()) ?? "no party"),
  );
  return page(
    "D&D Tracker",
    version,
    html`<section aria-labelledby="encounters">
        <h2 id="encounters">Encounters</h2>
        ${cards.length > 0 ? html`<div class="cards">${cards}</div>` : html`<p class="note">No fights yet.</p>`}
        ${parties.length > 0 ? newEncounterForm(parties) : null}
      </section>
      <section aria-labelledby="parties">
        <h2 id="parties">Parties</h2>
        <div class="cards">${parties.map((party) => partyCard(party, characters))}</div>
        ${newPartyForm()}
      </section>
      <section aria-labelledby="characters">
        <h2 id="characters">Characters</h2>
        <ul class="cards plain">
          ${characters.map((one) => characterCard(one, names))}
        </ul>
        ${newCharacterForm(parties)}
      </section>`,
  );
}

function partyCard(party: Party, characters: Character[]): Markup {
  const members = characters.filter((one) => one.partyId?.equals(party._id)).map((one) => one.name);
  return html`<article class="card">
    <h3>${party.name}</h3>
    <p class="quiet">${members.length > 0 ? members.join(", ") : "no characters yet"}</p>
    ${deleteForm(`/api/parties/${party._id.toHexString()}`, party.name)}
  </article>`;
}

function characterCard(one: Character, parties: Map<string, string>): Markup {
  const party = one.partyId ? parties.get(one.partyId.toHexString()) : undefined;
  return html`<li class="card">
    <h3>${one.name}</h3>
    <p class="quiet">
      ${one.class}, level ${one.level} · ${one.hitPoints.current}/${one.hitPoints.max} hit points · armor
      ${one.armorClass}${party ? html` · ${party}` : null}
    </p>
    ${deleteForm(`/api/characters/${one._id.toHexString()}`, one.name)}
  </li>`;
}

function deleteForm(address: string, name: string): Markup {
  return html`<form data-json data-method="DELETE" action="${address}" data-confirm="Delete ${name}?">
    <button class="quiet" aria-label="Delete ${name}">Delete</button>
  </form>`;
}

function newEncounterForm(parties: Party[]): Markup {
  return html`<form class="new" data-json action="/api/encounters" aria-label="New encounter">
    <label>Name <input id="encounter-name" name="name" required maxlength="80" /></label>
    <label
      >Party
      <select name="partyId" required>
        ${parties.map(partyOption)}
      </select></label
    >
    <button>Plan encounter</button>
  </form>`;
}

function newPartyForm(): Markup {
  return html`<form class="new" data-json action="/api/parties" aria-label="New party">
    <label>Name <input id="party-name" name="name" required maxlength="80" /></label>
    <button>Add party</button>
  </form>`;
}

function newCharacterForm(parties: Party[]): Markup {
  return html`<form class="new" data-json action="/api/characters" aria-label="New character">
    <label>Name <input id="character-name" name="name" required maxlength="80" /></label>
    <label>Class <input name="class" list="classes" required maxlength="40" /></label>
    <datalist id="classes">${classes.map((name) => html`<option value="${name}"></option>`)}</datalist>
    <label>Level <input type="number" name="level" min="1" max="20" value="1" required /></label>
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
    <label>Armor class <input type="number" name="armorClass" min="1" max="40" value="12" required /></label>
    <label
      >Party
      <select name="partyId">
        <option value="">none</option>
        ${parties.map(partyOption)}
      </select></label
    >
    <button>Add character</button>
  </form>`;
}

function partyOption(party: Party): Markup {
  return html`<option value="${party._id.toHexString()}">${party.name}</option>`;
}
