import type { Db } from "mongodb";
import type { Dora, MachineShown, SeriesReader } from "./data/seams";

/** Where the pages look, and what they may do. */
export interface PagesOptions {
  /** The operations' own database; the pages read it and never write. */
  ops: Db;
  /** The application's database, for its journal of migrations. */
  database: Db;
  environment: string;
  /** The edition that serves the pages. */
  version: string;
  /** Lets its bearer resolve alerts; without one nobody can. */
  token?: string | undefined;
  /** The machines that serve people at this moment; null where nobody here knows. */
  machines?: (() => Promise<MachineShown[] | null>) | undefined;
  /** False where no such alert is open. Left out where this process may not write: the page then has no button. */
  resolveAlert?: ((id: string, by: string) => Promise<boolean>) | undefined;
  /** Figures over time, for the charts. */
  series?: SeriesReader | undefined;
  /** The five figures of software delivery. */
  dora?: ((now: Date) => Promise<Dora>) | undefined;
  /** Ends every stream to a browser: a server that stops does not wait for its readers. */
  stopping?: AbortSignal | undefined;
  /** Told what a page could not do; people are told only that it failed. */
  report?: ((error: unknown) => void) | undefined;
}

/** What answers at a path. */
export type Page = (request: Request) => Promise<Response>;
