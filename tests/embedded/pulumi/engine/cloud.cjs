"use strict";
// The lifecycle of the resources in these tests: a cloud of files named after keys, in which things go wrong on demand.
const fs = require("node:fs");
const path = require("node:path");

const folder = path.resolve("cloud");
const fileOf = (id) => path.join(folder, `${id}.json`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function misbehave(inputs) {
  fs.appendFileSync(path.resolve("calls.txt"), `${inputs.key}\n`);
  if (inputs.dies) process.kill(process.pid, "SIGKILL");
  if (inputs.hangs) await pause(600_000);
  if (inputs.fails && calls(inputs.key) <= inputs.fails) throw new Error(`no room for ${inputs.key}`);
  if (inputs.takesMs) await pause(inputs.takesMs);
}

const calls = (key) =>
  fs
    .readFileSync(path.resolve("calls.txt"), "utf8")
    .split("\n")
    .filter((line) => line === key).length;

module.exports = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },
  async diff(_id, olds, news) {
    return { changes: JSON.stringify(olds.value) !== JSON.stringify(news.value) };
  },
  async create(inputs) {
    await misbehave(inputs);
    fs.writeFileSync(fileOf(inputs.key), JSON.stringify(inputs));
    return { id: inputs.key, outs: inputs };
  },
  async update(_id, _olds, news) {
    await misbehave(news);
    fs.writeFileSync(fileOf(news.key), JSON.stringify(news));
    return { outs: news };
  },
  async read(id, props) {
    return fs.existsSync(fileOf(id)) ? { id, props } : { id: "" };
  },
  async delete(id) {
    fs.rmSync(fileOf(id), { force: true });
  },
};
