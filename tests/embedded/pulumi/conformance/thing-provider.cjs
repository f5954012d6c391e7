"use strict";
// A plugin of the package `conf`, the way Pulumi's own are: it previews, says in detail what differs, imports and answers calls.
const grpc = require("@grpc/grpc-js");
const fs = require("node:fs");
const path = require("node:path");
const { promisify } = require("node:util");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const plugin = require("@pulumi/pulumi/proto/plugin_pb");
const rpc = require("@pulumi/pulumi/proto/provider_grpc_pb");
const pb = require("@pulumi/pulumi/proto/provider_pb");

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const toStruct = (value) => Struct.fromJavaScript(value);
const fromStruct = (struct) => (struct ? struct.toJavaScript() : {});

function complete(inputs) {
  const value = inputs.value ?? "nothing";
  return { ...inputs, size: String(value).length, out: value === unknown ? unknown : `thing of ${value}` };
}

function respond(work) {
  return (call, callback) => {
    try {
      callback(null, work(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, message: error.message });
    }
  };
}

const serviceOf = (cloud) => {
  const fileOf = (id) => path.join(cloud, `thing-${id}.json`);
  return {
    getPluginInfo: respond(() => {
      const info = new plugin.PluginInfo();
      info.setVersion("1.0.0");
      return info;
    }),
    attach: respond(() => new Empty()),
    cancel: respond(() => new Empty()),
    checkConfig: respond((request) => {
      const response = new pb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: respond(() => {
      const response = new pb.DiffResponse();
      response.setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: respond(() => {
      const response = new pb.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(true);
      return response;
    }),
    check: respond((request) => {
      const response = new pb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diff: respond((request) => {
      const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
      const news = fromStruct(request.getNews());
      const ignored = request.getIgnorechangesList();
      const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
        (key) => !ignored.includes(key) && JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
      );
      const response = new pb.DiffResponse();
      response.setChanges(
        keys.length > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE,
      );
      response.setDiffsList(keys);
      response.setHasdetaileddiff(true);
      for (const key of keys) {
        const replaces = key === "zone";
        const detail = new pb.PropertyDiff();
        const kinds = pb.PropertyDiff.Kind;
        const kind = key in olds ? (key in news ? "UPDATE" : "DELETE") : "ADD";
        detail.setKind(kinds[replaces ? `${kind}_REPLACE` : kind]);
        detail.setInputdiff(true);
        response.getDetaileddiffMap().set(key, detail);
      }
      response.setReplacesList(keys.filter((key) => key === "zone"));
      return response;
    }),
    create: respond((request) => {
      const outputs = complete(fromStruct(request.getProperties()));
      const response = new pb.CreateResponse();
      if (!request.getPreview()) {
        fs.mkdirSync(cloud, { recursive: true });
        let n = 1;
        while (fs.existsSync(path.join(cloud, `.thing-${outputs.key}-${n}`))) n++;
        fs.writeFileSync(path.join(cloud, `.thing-${outputs.key}-${n}`), "");
        response.setId(`${outputs.key}-${n}`);
        fs.writeFileSync(fileOf(response.getId()), JSON.stringify(outputs));
      }
      response.setProperties(toStruct(outputs));
      return response;
    }),
    update: respond((request) => {
      const outputs = complete(fromStruct(request.getNews()));
      if (!request.getPreview()) fs.writeFileSync(fileOf(request.getId()), JSON.stringify(outputs));
      const response = new pb.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),
    read: respond((request) => {
      const response = new pb.ReadResponse();
      if (!fs.existsSync(fileOf(request.getId()))) return response;
      const outputs = JSON.parse(fs.readFileSync(fileOf(request.getId()), "utf8"));
      const { out, size, ...inputs } = outputs;
      response.setId(request.getId());
      response.setProperties(toStruct(outputs));
      response.setInputs(toStruct(inputs));
      return response;
    }),
    delete: respond((request) => {
      fs.rmSync(fileOf(request.getId()), { force: true });
      return new Empty();
    }),
    invoke: respond((request) => {
      const args = fromStruct(request.getArgs());
      const response = new pb.InvokeResponse();
      if (request.getTok() === "conf:index:greet")
        response.setReturn(toStruct({ greeting: `hello ${args.who}` }));
      else throw new Error(`no function ${request.getTok()}`);
      return response;
    }),
  };
};

const unimplemented = (_call, callback) => callback({ code: grpc.status.UNIMPLEMENTED, message: "not here" });

/** Serves the plugin over a folder in this process; `close` ends it. */
exports.servePlugin = async (cloud) => {
  const service = serviceOf(cloud);
  const methods = Object.keys(rpc.ResourceProviderService);
  const server = new grpc.Server();
  server.addService(
    rpc.ResourceProviderService,
    Object.fromEntries(methods.map((name) => [name, service[name] ?? unimplemented])),
  );
  const credentials = grpc.ServerCredentials.createInsecure();
  const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", credentials);
  return { port, close: () => server.forceShutdown() };
};
