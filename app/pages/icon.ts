/** A die of twenty sides. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 1 29 8.5v15L16 31 3 23.5v-15z" fill="#8a1c2b"/><path d="m16 8 8 13H8zM16 1v7M3 8.5 16 8l13 .5M3 23.5 8 21 3 8.5m26 15L24 21l5-12.5M16 31l-8-10m8 10 8-10" fill="none" stroke="#fff" stroke-opacity=".75" stroke-linejoin="round"/></svg>`;
