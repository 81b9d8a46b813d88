// One process among others: joins the view, the link to the log, and the process's own invalidations.
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
  /** How often servers of keys may have changed. */
  #topology = 0;
  /** Since the last synchronisation: the deletes of known keys may be lost. */
  #isKeyNodeSuspect = false;
  /** More was invalidated than could be named: only another registry will do. */
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

  /** A store in this process or on this host may be known before the first call that cannot wait. */
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
    // A registry smaller than what a process has seen is replaced. This one claims to have seen a larger one.
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

  /** `isRenewed`: it is the registry that this process asked for. */
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

  #catchUp(answer: SyncAnswer, head: number, isKeyNodeSuspect: boolean): void {
    const doubtful = this.#knowledge.catchUp(answer, head);
    const hasGoneBack = answer.head < head;
    if (hasGoneBack) this.#redo.watch();
    if (hasGoneBack || isKeyNodeSuspect) this.#redo.plan(this.#journal.takeKeys());
    if (doubtful.length > 0) void this.#judge(doubtful);
    this.#moved();
  }

  /** The log was cut, the registry perhaps not: groups that it holds need not be done again. */
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

  /** What was refused while the store was away is tried now, not when its time has come. */
  #hurry(): void {
    this.#follower.hurry();
    this.#invalidations.wake();
  }

  /** Local at once, before anything is sent. */
  #begin({ kind, subject }: Target): void {
    this.#view.begin(kind, subject);
    if (kind === 'key') this.#options.listener.keyGone(subject);
    else this.#options.listener.groupGone(subject);
  }

  #appended(target: Target, recordId: string, answer: AppendAnswer): boolean {
    const { inc, head } = this.#view;
    if (answer.inc !== inc) {
      this.#follower.resync();
      return false;
    }
    this.#knowledge.appended(target, recordId, answer);
    this.#invalidations.arrivals.headIs(this.#view.head);
    // The server was behind this process: it has lost something.
    if (answer.previous < head && answer.position > this.#view.head) this.#follower.resync();
    return true;
  }

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

  /** After a synchronisation. */
  #moved(): void {
    this.#invalidations.arrivals.headIs(this.#view.head);
    this.#invalidations.wake();
  }
}
