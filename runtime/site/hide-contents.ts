// What `util.inspect` shows of the objects that hold arguments, values and secrets: their kind, and nothing inside.
import { SiteMany } from './index-many.ts';
import { SiteNone } from './index-none.ts';
import { SiteOne } from './index-one.ts';
import { SiteTwo } from './index-two.ts';
import { PassThrough } from './pass-through.ts';
import { SiteCore } from './site-core.ts';

/** A symbol of Node that needs no import of `node:util`. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** On the prototypes: objects of the hot path keep their shape. */
export function hideContents(): void {
  for (const { prototype } of [SiteNone, SiteOne, SiteTwo, SiteMany, PassThrough]) {
    hide(prototype, function (this: { readonly core: SiteCore }) {
      return `CachedFunction <${this.core.descriptor.id}>`;
    });
  }
  hide(SiteCore.prototype, function (this: SiteCore) {
    return `CachedFunction <${this.descriptor.id}>`;
  });
}

function hide(prototype: object, value: () => string): void {
  Object.defineProperty(prototype, INSPECT, { value });
}
