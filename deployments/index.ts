import * as pulumi from "@pulumi/pulumi";
import { deployments } from "./deployments";
import { readDeployments } from "./settings";

/** What stands in the settings that a run shows: which tag production is at. */
function main(): { production: string } {
  const wanted = readDeployments(pulumi.runtime.allConfig());
  deployments(wanted);
  return { production: wanted.production.tag };
}

export = main();
