// apache-arrow ships two builds, one for `import` and one for `require`. Their classes are not interchangeable.
import type * as arrow from 'apache-arrow';

/** The module object of one of the two builds. */
export type ArrowBuild = typeof arrow;
