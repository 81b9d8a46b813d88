// A site whose descriptor has a version that this runtime does not know: its function runs uncached, with a notice.
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { notice } from '../../observe/notice.ts';
import type { Body, EmittedSite } from '../emitted-site.ts';
import { INSPECT, shown } from '../shown.ts';
import { SiteCore } from '../site-core.ts';
import { SingleIndex } from './index-none.ts';

/** A site that does not cache. */
export class PassThrough implements EmittedSite {
  readonly core: SiteCore;

  constructor(descriptor: CacheDescriptor) {
    this.core = new SiteCore(descriptor, new SingleIndex());
    notice(
      'CACHEKIT_EMIT_VERSION',
      `\`${descriptor.id}\` was compiled for a newer cachekit and runs uncached. Update the package \`cachekit\`.`,
      `emit ${descriptor.id}`,
    );
  }

  [INSPECT](): string {
    return shown(this.core.descriptor);
  }

  hit(): undefined {
    return undefined;
  }

  run(args: readonly unknown[], body: Body): unknown {
    const refused = this.#refusal();
    return refused === undefined ? body(...args) : Promise.reject(refused);
  }

  runSync(args: readonly unknown[], body: Body): unknown {
    const refused = this.#refusal();
    if (refused !== undefined) throw refused;
    return body(...args);
  }

  /** The error of a secure function, which must not run as if it were protected. */
  #refusal(): CacheKitError | undefined {
    const { id, profile } = this.core.descriptor;
    if (profile !== 'secure') return undefined;
    return new CacheKitError(
      'ERR_CACHEKIT_EMIT_VERSION',
      `\`${id}\` is secure and was compiled for a newer cachekit.`,
    );
  }
}
