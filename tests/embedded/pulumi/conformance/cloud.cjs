"use strict";
// The lifecycle of `Dyn`: a cloud of JSON files in the folder `cloud`, which a case can edit behind the engine's back.
const fs = require("node:fs");
const path = require("node:path");

const folder = path.resolve("cloud");
const fileOf = (id) => path.join(folder, `${id}.json`);

function nextId(key) {
  fs.mkdirSync(folder, { recursive: true });
  let n = 1;
  while (fs.existsSync(path.join(folder, `.used-${key}-${n}`))) n++;
  fs.writeFileSync(path.join(folder, `.used-${key}-${n}`), "");
  return `${key}-${n}`;
}

const own = ({ __provider, ...props }) => props;
const changed = (olds, news) =>
  Object.keys(news).filter(
    (key) => key !== "__provider" && JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
  );
const outputs = (inputs) => ({
  ...inputs,
  out: `out of ${inputs.value ?? "nothing"}`,
  ...(inputs.hidden ? { derived: `derived from ${inputs.hidden}` } : {}),
});

module.exports = {
  async check(_olds, news) {
    return { inputs: news, failures: news.refuse ? [{ property: "refuse", reason: news.refuse }] : [] };
  },
  async diff(_id, olds, news) {
    const keys = changed(olds, news);
    const replaces = keys.filter((key) => (news.forceNew ?? []).includes(key));
    return { changes: keys.length > 0, replaces, deleteBeforeReplace: Boolean(news.deleteFirst) };
  },
  async create(inputs) {
    if (inputs.failCreate) throw new Error(inputs.failCreate);
    const id = nextId(inputs.key);
    const outs = outputs(inputs);
    fs.writeFileSync(fileOf(id), JSON.stringify(own(outs)));
    if (inputs.failInit)
      throw Object.assign(new Error("not ready"), {
        id,
        properties: { ...outs },
        reasons: [inputs.failInit],
      });
    return { id, outs };
  },
  async update(id, _olds, news) {
    if (news.failUpdate) throw new Error(news.failUpdate);
    const outs = outputs(news);
    fs.writeFileSync(fileOf(id), JSON.stringify(own(outs)));
    return { outs };
  },
  async read(id, props) {
    if (!fs.existsSync(fileOf(id))) return { id: "" };
    const seen = JSON.parse(fs.readFileSync(fileOf(id), "utf8"));
    const { out, derived, ...inputs } = seen;
    return {
      id,
      props: { ...seen, __provider: props.__provider },
      inputs: { ...inputs, __provider: props.__provider },
    };
  },
  async delete(id, props) {
    if (props.failDelete) throw new Error(props.failDelete);
    fs.rmSync(fileOf(id), { force: true });
  },
};
