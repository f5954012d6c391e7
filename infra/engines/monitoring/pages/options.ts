import type { Db } from "mongodb";
import type { MachineShown } from "./data/machines";

/** Where the pages look, and what they may offer. */
export interface PagesOptions {
  /** The operations' own database; the pages read it and never write. */
  ops: Db;
  /** The application's database, for its journal of migrations. */
  database: Db;
  environment: string;
  /** The edition that serves the pages. */
  version: string;
  /** What whoever serves the pages knows of machines better than the figures that were recorded. */
  machines?: (() => readonly MachineShown[]) | undefined;
  /** Whether the monitoring API beside these pages resolves alerts for the bearer of the token; no button otherwise. */
  mayResolve: boolean;
  /** Whether the environment itself keeps the app closed (MAINTENANCE_MODE), whatever the switch says. */
  maintenance?: boolean | undefined;
  /** When a commit was made, for the lead time; unknown where there is no checkout. */
  committedAt?: ((commit: string) => Date | undefined) | undefined;
  /** Ends every stream to a browser: a server that stops does not wait for its readers. */
  stopping?: AbortSignal | undefined;
  /** Told why a page could not be shown; people are told only that it could not. */
  report?: ((error: unknown) => void) | undefined;
}

/** What answers at a path. */
export type Page = (request: Request) => Promise<Response>;
