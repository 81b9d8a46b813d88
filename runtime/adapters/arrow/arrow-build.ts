// apache-arrow is there twice, for `import` and for `require`, and each has classes of its own.
import type * as arrow from 'apache-arrow';

export type ArrowBuild = typeof arrow;
