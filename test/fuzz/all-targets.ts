// Every reader of bytes that come from outside.
import type { FuzzTarget } from './target.ts';
import { bodyTargets } from './targets/bodies.ts';
import { entryTargets } from './targets/entries.ts';
import { generatedTargets } from './targets/generated.ts';
import { inspectedTargets } from './targets/inspected.ts';
import { interopTargets } from './targets/interop.ts';
import { replyTargets } from './targets/replies.ts';
import { textTargets } from './targets/texts.ts';

/** `loadCodecs()` has resolved. */
export const targets: readonly FuzzTarget[] = [
  ...entryTargets,
  ...bodyTargets,
  ...generatedTargets,
  ...interopTargets,
  ...replyTargets,
  ...textTargets,
  ...inspectedTargets,
];
