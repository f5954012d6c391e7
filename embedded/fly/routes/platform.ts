import { z } from "zod";
import { refusePlainly } from "../refusal";
import type { Machine } from "../world/machine";
import type { FlyApp } from "../world/fly-app";
import { time } from "./machine-view";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";
import { viewOfVolume } from "./volumes";

const names: Record<string, string> = {
  ams: "Amsterdam, Netherlands",
  fra: "Frankfurt, Germany",
  iad: "Ashburn, Virginia (US)",
  lhr: "London, United Kingdom",
  ord: "Chicago, Illinois (US)",
  sjc: "San Jose, California (US)",
  syd: "Sydney, Australia",
};

const question = z.looseObject({
  org_slug: z.string(),
  region: z.string().optional(),
  count: z.int().optional(),
});

const amply = 1000;

export const platformRoutes: Route[] = [
  { method: "GET", path: "/v1/platform/regions", action: "list regions", answer: regions },
  { method: "POST", path: "/v1/platform/placements", action: "look for room", answer: placements },
  {
    method: "GET",
    path: "/v1/orgs/{organization}/machines",
    action: "list machines of all apps",
    answer: allMachines,
  },
  {
    method: "GET",
    path: "/v1/orgs/{organization}/volumes",
    action: "list volumes of all apps",
    answer: allVolumes,
  },
  { method: "GET", path: "/v1/tokens/current", action: "look token", answer: token },
];

/** With capital letters at the top, as the API writes it. */
function regions({ world }: Asked): Answer {
  const Regions = world.options.regions.map((code) => ({
    code,
    name: names[code] ?? code,
    latitude: 0,
    longitude: 0,
    gateway_available: true,
    requires_paid_plan: false,
    deprecated: false,
    geo_region: "",
  }));
  return { body: { Nearest: world.options.regions[0], Regions } };
}

function placements(asked: Asked): Answer {
  const { region, count } = bodyOf(asked, question);
  const { regions: all, conditions } = asked.world.options;
  if (region !== undefined && region !== "any" && !all.includes(region)) {
    throw refusePlainly(400, `region ${region} not found`);
  }
  const wanted = region === undefined || region === "any" ? all : [region];
  const body = wanted.map((one) => ({
    region: one,
    count: Math.min(conditions.room.get(one) ?? amply, count ?? amply),
    concurrency: 1,
  }));
  return { body: { regions: body.filter((one) => one.count > 0) } };
}

function allMachines(asked: Asked): Answer {
  const apps = appsOf(asked);
  const machines = apps.flatMap((app) =>
    app.living.map((machine) => ({ app_name: app.name, ...overviewOf(machine) })),
  );
  return {
    body: {
      machines,
      next_cursor: "",
      error_regions: [],
      last_machine_id: machines.at(-1)?.id ?? "",
      last_updated_at: machines.at(-1)?.updated_at ?? "",
    },
  };
}

function allVolumes(asked: Asked): Answer {
  const volumes = appsOf(asked).flatMap((app) =>
    [...app.volumes.values()].map((volume) => ({ app_name: app.name, ...viewOfVolume(volume) })),
  );
  const last = appsOf(asked)
    .flatMap((app) => [...app.volumes.values()])
    .at(-1);
  return {
    body: {
      volumes,
      next_cursor: "",
      last_volume_id: last?.id ?? "",
      last_updated_at: last ? time(last.createdAt) : "",
    },
  };
}

/** Whoever asks is the operator, of the first organization that there is. */
function token({ world }: Asked): Answer {
  const { owner, organizations } = world.options;
  const slug = organizations?.[0] ?? "personal";
  return { body: { tokens: [{ token_id: "stand-in", org_slug: slug, organization: slug, user: owner }] } };
}

function appsOf(asked: Asked): FlyApp[] {
  const slug = paramOf(asked, "organization");
  return [...asked.world.apps.values()].filter(({ record }) => record.organization === slug);
}

function overviewOf(machine: Machine) {
  const { image, guest, metadata } = machine.config;
  return {
    id: machine.id,
    name: machine.name,
    state: machine.state,
    region: machine.region,
    instance_id: machine.version,
    version: machine.version,
    private_ip: machine.privateIp,
    created_at: time(machine.createdAt),
    updated_at: time(machine.updatedAt),
    config: { image, guest, metadata: metadata ?? {} },
  };
}
