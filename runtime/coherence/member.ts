// Implements `Coherence` for one process: connects its view, the follower of the log and its own invalidations.
import type { AppendAnswer, LogPlace, SyncAnswer, SyncRequest } from '../backend/log-capability.ts';
import { within } from '../flow/within.ts';
import type { GuardFailure } from '../reliability/guarded-backend.ts';
import type { Coherence, CoherenceOptions, ContactState } from './coherence.ts';
import { CATCH_UP_MS, OFFLINE_MS } from './constants.ts';
import { Contact } from './contact.ts';
import { drained } from './drained.ts';
import { Follower } from './follower.ts';
import { Invalidations, type Target } from './invalidations.ts';
import { Journal, type SeenRecord } from './journal.ts';
import { Knowledge } from './knowledge.ts';
import { Lookups } from './lookups.ts';
import { newRecordId, spareInc } from './record-id.ts';
import { RedoPlan } from './redo-plan.ts';
import { stampOfPast } from './stamp-of-past.ts';
import { isSaneAnswer } from './sync-answer.ts';
import { View, type EntryStamp, type Stamp, type Verdict } from './view.ts';

/** One of the processes that share a store. */
export class Member implements Coherence {
  readonly #options: CoherenceOptions;
  readonly #random: () => number;
  readonly #view: View;
  readonly #journal: Journal;
  readonly #redo: RedoPlan;
  readonly #knowledge: Knowledge;
  readonly #follower: Follower;
  readonly #invalidations: Invalidations;
  readonly #lookups: Lookups;
  readonly #contact: Contact;
  readonly #ready = Promise.withResolvers<boolean>();
  readonly #asked = Promise.withResolvers<boolean>();
  #stopListening: (() => void) | undefined;
  /** Counts the times that the server of some keys may have changed. */
  #topology = 0;
  /** The server of some keys may have changed since the last synchronisation, so deletes of keys may be lost. */
  #isKeyNodeSuspect = false;
  /** The queue of invalidations has overflowed: only another registry can make everything invalid. */
  #mustRenew = false;
  #registryAheadMs: number | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: CoherenceOptions) {
    const { log, clock, prefix, listener, random = Math.random } = options;
    this.#options = options;
    this.#random = random;
    this.#view = new View(clock);
    this.#journal = new Journal(clock);
    this.#lookups = new Lookups({ log, prefix, view: this.#view });
    this.#contact = new Contact({
      clock,
      backend: options.backend ?? prefix,
      offlineMs: options.offlineMs ?? OFFLINE_MS,
      isLocal: log.isLocal,
      onExpired: () => this.#knowledge.expire(),
    });
    this.#invalidations = new Invalidations({
      log,
      clock,
      random,
      place: () => (this.ready() && !this.#follower.needsSync ? this.#place() : undefined),
      topology: () => this.#topology,
      onBegun: (target) => this.#begin(target),
      onSettled: ({ kind, subject }) => this.#view.settle(kind, subject),
      onAppended: (...appended) => this.#appended(...appended),
      onOverflow: () => this.#renew(),
    });
    this.#redo = new RedoPlan({
      clock,
      random,
      redo: (kind, subject) => this.#invalidations.redo(kind, subject),
    });
    this.#knowledge = new Knowledge({
      view: this.#view,
      journal: this.#journal,
      redo: this.#redo,
      listener,
      isOwn: (id) => this.#invalidations.isOwn(id),
    });
    this.#follower = new Follower({
      log,
      clock,
      random,
      place: () => this.#place(),
      sync: () => this.#sync(),
      apply: (record) => this.#knowledge.follow(record),
      onContact: (atMs) => this.#heard(atMs),
    });
  }

  start(): void {
    if (this.#stopListening !== undefined || this.#closing !== undefined) return;
    const { log } = this.#options;
    const stops = [log.onTopology(() => this.#topologyChanged()), log.onUsable(() => this.#hurry())];
    this.#stopListening = () => stops.forEach((stop) => stop());
    this.#contact.start();
    this.#syncNow();
    this.#follower.start();
  }

  /** Synchronises without a wait, if the store can: then a first synchronous call can already use it. */
  #syncNow(): void {
    const request = this.#syncRequest();
    const beganMs = this.#options.clock.monotonicMs();
    const answer = this.#options.log.syncNow(request);
    if (answer === undefined || !isSaneAnswer(answer)) return;
    this.#registryAheadMs = answer.nowUs / 1000 - this.#options.clock.monotonicMs();
    this.#restart(answer, false);
    this.#heard(beganMs);
  }

  ready(): boolean {
    return this.#view.inc !== 0;
  }

  readonly whenReady = (): Promise<boolean> => this.#ready.promise;
  readonly whenAsked = (): Promise<boolean> => this.#asked.promise;

  stamp(): Stamp | undefined {
    return this.#view.stamp();
  }

  stampAt(atMs: number): EntryStamp | undefined {
    return stampOfPast(this.#view, this.#registryAheadMs, atMs);
  }

  catchUp(): Promise<boolean> {
    return within(this.#follower.syncNow(), CATCH_UP_MS, false);
  }

  stampOfKey(key: string): Stamp | undefined {
    const position = this.#view.positionOfKey(key);
    const now = this.#view.stamp();
    return position === undefined || now === undefined ? undefined : { ...now, born: position };
  }

  check(entry: EntryStamp, ids: readonly string[], key: string): Verdict {
    return this.#view.valid(entry, ids, key);
  }

  async lookup(entry: EntryStamp, ids: readonly string[], key: string): Promise<boolean> {
    const unknown = this.#view.unknownIds(entry, ids);
    if (unknown.length > 0) await this.#lookups.learn(unknown);
    return this.#view.valid(entry, ids, key) === 'valid';
  }

  mayKeep(sentAt: Stamp): boolean {
    return this.#view.mayKeep(sentAt);
  }

  invalidateKey(key: string, functionId: string): Promise<boolean> {
    return this.#invalidations.add({ kind: 'key', subject: key, group: functionId, redone: false });
  }

  invalidateGroup(id: string): Promise<boolean> {
    return this.#invalidations.add({ kind: 'group', subject: id, group: id, redone: false });
  }

  contact(): ContactState {
    return { isCutOff: this.#contact.isCutOff(), serveUntilMs: this.#contact.serveUntilMs() };
  }

  registryTimeMs(): number | undefined {
    const aheadMs = this.#registryAheadMs;
    return aheadMs === undefined ? undefined : this.#options.clock.monotonicMs() + aheadMs;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#redo.clear();
    if (this.#stopListening !== undefined) {
      await drained(this.#options.clock, this.#invalidations.drain());
    }
    this.#follower.close();
    this.#stopListening?.();
    this.#contact.close();
    this.#invalidations.close();
    this.#ready.resolve(false);
    this.#asked.resolve(false);
  }

  #place(): LogPlace & { readonly spareInc: number } {
    const { inc, head } = this.#view;
    const spare = spareInc(inc, this.#options.clock.nowMs(), this.#random);
    return { prefix: this.#options.prefix, inc, head, spareInc: spare };
  }

  #syncRequest(): SyncRequest {
    const request = { ...this.#place(), recordId: newRecordId() };
    // A registry older than one that a process has seen is replaced: so this process claims to have seen a newer one.
    return this.#mustRenew ? { ...request, inc: request.spareInc, spareInc: request.spareInc + 1 } : request;
  }

  async #sync(): Promise<GuardFailure | undefined> {
    const request = this.#syncRequest();
    const isRenewal = this.#mustRenew;
    const isKeyNodeSuspect = this.#isKeyNodeSuspect;
    this.#isKeyNodeSuspect = false;
    const result = await this.#options.log.sync(request);
    const isUsable = result.ok && isSaneAnswer(result.value) && result.value.inc >= this.#view.inc;
    if (!isUsable) {
      this.#asked.resolve(false);
      this.#isKeyNodeSuspect ||= isKeyNodeSuspect;
      return result.ok ? 'permanent' : result.failure;
    }
    const answer = result.value;
    this.#registryAheadMs = answer.nowUs / 1000 - this.#options.clock.monotonicMs();
    if (answer.inc === this.#view.inc) this.#catchUp(answer, request.head, isKeyNodeSuspect);
    else this.#restart(answer, isRenewal && answer.inc === request.spareInc);
    return undefined;
  }

  /** Follows another registry. `isRenewed`: it is the one this process asked for after an overflow. */
  #restart(answer: SyncAnswer, isRenewed: boolean): void {
    this.#knowledge.restart(answer);
    if (isRenewed) {
      this.#mustRenew = false;
      this.#invalidations.renewed();
    } else if (this.#mustRenew) this.#renew();
    this.#moved();
    this.#ready.resolve(true);
    this.#asked.resolve(true);
  }

  /** Applies what the registry answered to a request with `head`. */
  #catchUp(answer: SyncAnswer, head: number, isKeyNodeSuspect: boolean): void {
    const doubtful = this.#knowledge.catchUp(answer, head);
    const hasGoneBack = answer.head < head;
    if (hasGoneBack) this.#redo.watch();
    if (hasGoneBack || isKeyNodeSuspect) this.#redo.plan(this.#journal.takeKeys());
    if (doubtful.length > 0) void this.#judge(doubtful);
    this.#moved();
  }

  /** Records that are missing in a log that was cut: redoes only those whose groups the registry does not hold. */
  async #judge(records: readonly SeenRecord[]): Promise<void> {
    const held = await this.#lookups.positions(records.map(({ subject }) => subject));
    this.#redo.plan(records.filter(({ subject, position }) => (held?.get(subject) ?? 0) < position));
  }

  #topologyChanged(): void {
    this.#topology++;
    this.#isKeyNodeSuspect = true;
    this.#redo.watch();
    this.#follower.resync();
  }

  /** The store is usable again: retries at once what failed meanwhile, instead of after its delay. */
  #hurry(): void {
    this.#follower.hurry();
    this.#invalidations.wake();
  }

  /** Applies an own invalidation in this process, before anything is sent. */
  #begin({ kind, subject }: Target): void {
    this.#view.begin(kind, subject);
    if (kind === 'key') this.#options.listener.keyGone(subject);
    else this.#options.listener.groupGone(subject);
  }

  /** Applies an own record that the registry has appended. False: it is another registry than the one followed. */
  #appended(target: Target, recordId: string, answer: AppendAnswer): boolean {
    const { inc, head } = this.#view;
    if (answer.inc !== inc) {
      this.#follower.resync();
      return false;
    }
    this.#knowledge.appended(target, recordId, answer);
    this.#invalidations.arrivals.headIs(this.#view.head);
    // The server was behind this process, so it has lost records.
    if (answer.previous < head && answer.position > this.#view.head) this.#follower.resync();
    return true;
  }

  /** Makes everything invalid, by asking for another registry. */
  #renew(): void {
    this.#mustRenew = true;
    this.#view.beginEverything();
    this.#options.listener.everythingUnverified();
    this.#follower.resync();
  }

  #heard(atMs: number): void {
    this.#contact.heard(atMs);
    this.#invalidations.arrivals.headIs(this.#view.head);
  }

  /** The head may have moved by a synchronisation: continues what waits for it. */
  #moved(): void {
    this.#invalidations.arrivals.headIs(this.#view.head);
    this.#invalidations.wake();
  }
}
