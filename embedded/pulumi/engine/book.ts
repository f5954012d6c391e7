import type { PendingKind, PendingOperation, ResourceState, Snapshot, SnapshotWriter } from "../deployment";

/**
 * What is known of every resource during an operation: the old state, the new one as it grows, and what is under way.
 * Each step is written before its provider is asked and after it answered, so a kill at any moment loses the step in flight at most.
 */
export class Book {
  readonly olds = new Map<string, ResourceState>();
  readonly news = new Map<string, ResourceState>();
  readonly #order: ResourceState[] = [];
  readonly #base: ResourceState[];
  readonly #done = new Set<ResourceState>();
  readonly #pending = new Set<PendingOperation>();
  #dirty = false;

  constructor(
    snapshot: Snapshot,
    private readonly writer: SnapshotWriter | undefined,
  ) {
    this.#base = [...snapshot.resources];
    for (const state of this.#base) if (!state.delete) this.olds.set(state.urn, state);
    // A creation that was under way when a run died may have made something: it stays named until somebody looks.
    for (const pending of snapshot.pendingOperations)
      if (pending.type === "creating") this.#pending.add(pending);
    this.#dirty = snapshot.pendingOperations.length !== this.#pending.size;
  }

  /** Forgets the creations of runs that died: whoever asks for it has looked what they made. */
  clearPendingCreates(): string[] {
    const cleared = [...this.#pending].map(({ resource }) => resource.urn);
    this.#pending.clear();
    if (cleared.length > 0) this.#dirty = true;
    return cleared;
  }

  /** Old resources that still stand and that no step has dealt with, with those waiting for their deletion. */
  leftovers(): ResourceState[] {
    return this.#base.filter((state) => !this.#done.has(state));
  }

  isDone(state: ResourceState): boolean {
    return this.#done.has(state);
  }

  /** The old state was dealt with: something new stands in its place, or nothing does. */
  settle(old: ResourceState): void {
    this.#done.add(old);
    this.#dirty = true;
  }

  /** The old one waits for its deletion, and no longer stands for its URN. */
  condemn(old: ResourceState): void {
    this.reviseOld(old, { ...old, delete: true });
    this.olds.delete(old.urn);
  }

  /** After a look at reality only the dependencies that hold are kept, as Pulumi does. */
  pruneDependencies(): void {
    for (const [n, state] of this.#base.entries()) {
      if (!state.propertyDependencies) continue;
      const { propertyDependencies, ...rest } = state;
      const held = Object.entries(propertyDependencies).filter(([, urns]) => urns.length > 0);
      const pruned = held.length > 0 ? { ...rest, propertyDependencies: Object.fromEntries(held) } : rest;
      this.#base[n] = pruned;
      if (!pruned.delete) this.olds.set(pruned.urn, pruned);
    }
    this.#dirty = true;
  }

  /** The resource stands in the new state, after everything it depends on. */
  add(state: ResourceState, changed = true): void {
    const before = this.news.get(state.urn);
    if (before) this.#order[this.#order.indexOf(before)] = state;
    else this.#order.push(state);
    this.news.set(state.urn, state);
    if (changed) this.#dirty = true;
  }

  /** Something about a resource that stands already was changed in place. */
  touch(): void {
    this.#dirty = true;
  }

  /** Replaces what is known of an old resource, as a refresh does; undefined when it is gone. */
  reviseOld(old: ResourceState, revised: ResourceState | undefined): void {
    const at = this.#base.indexOf(old);
    if (revised) {
      this.#base[at] = revised;
      if (!revised.delete) this.olds.set(old.urn, revised);
    } else {
      this.#base.splice(at, 1);
      if (!old.delete) this.olds.delete(old.urn);
      for (const [n, state] of this.#base.entries()) this.#base[n] = this.#forget(state, old.urn);
    }
    this.#dirty = true;
  }

  #forget(state: ResourceState, urn: string): ResourceState {
    const dependencies = state.dependencies?.filter((one) => one !== urn);
    if (dependencies?.length === state.dependencies?.length) return state;
    const properties = Object.entries(state.propertyDependencies ?? {}).map(([key, urns]) => [
      key,
      urns.filter((one) => one !== urn),
    ]);
    const kept = {
      ...state,
      propertyDependencies: Object.fromEntries(properties) as Record<string, string[]>,
    };
    if (dependencies && dependencies.length > 0) kept.dependencies = dependencies;
    else delete kept.dependencies;
    if (!kept.delete) this.olds.set(kept.urn, kept);
    return kept;
  }

  /** Names an operation as under way, durably where it destroys something. */
  async begin(type: PendingKind, resource: ResourceState): Promise<PendingOperation> {
    const pending = { type, resource };
    this.#pending.add(pending);
    this.#dirty = true;
    await this.write({ durable: type === "deleting" });
    return pending;
  }

  /** The operation is over; the next write says so together with what came of it. */
  finish(pending: PendingOperation): void {
    this.#pending.delete(pending);
    this.#dirty = true;
  }

  snapshot(): Snapshot {
    return { resources: [...this.#order, ...this.leftovers()], pendingOperations: [...this.#pending] };
  }

  /** Writes the state unless nothing changed since. */
  async write(options: { durable?: boolean } = {}): Promise<void> {
    if (!this.writer || !this.#dirty) return;
    this.#dirty = false;
    try {
      await this.writer.write(this.snapshot(), options);
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }
}
