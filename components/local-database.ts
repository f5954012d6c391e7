import * as pulumi from "@pulumi/pulumi";
import { LocalMongo, type DatabaseAddress } from "../infra/resources";

export interface LocalDatabaseArgs {
  /** The application's database; operations keep theirs in `<name>_ops`. */
  name: string;
  /** Without it a free port is chosen once and kept. */
  port?: number | undefined;
}

/** A MongoDB of this machine, run as production is: authentication, no table scans, no server-side scripts. */
export class LocalDatabase extends pulumi.ComponentResource {
  readonly address: pulumi.Output<DatabaseAddress>;
  /** The app's own connection string, a secret. */
  readonly appUri: pulumi.Output<string>;

  constructor(name: string, args: LocalDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Database", name, {}, options);
    const server = new LocalMongo(
      `${name}-server`,
      { folder: "mongo", database: args.name, ...(args.port === undefined ? {} : { port: args.port }) },
      { parent: this },
    );
    this.address = server.address;
    this.appUri = server.appUri;
    this.registerOutputs({ address: this.address });
  }
}
