// Reads from the build infos of a solution which code each project reached (host/program/build-record.ts), so that `-b`
// rebuilds the projects whose code has changed, and nothing else.
import type TS from 'typescript';
import { isPlain } from '../host/is-plain.ts';
import { isCurrent, readBuildInfo, type BuildRecord } from '../host/program/build-record.ts';

export interface BuildRecords {
  /** TypeScript's system, which shows a build info as out of date when the code its project reached has changed. */
  readonly system: TS.System;
  /** True when one of the projects read or written so far was built from code that has changed since. */
  readonly isAnyBehind: () => boolean;
}

/** Build infos are recognised by their text, because `tsBuildInfoFile` may give them any name. */
const BUILD_INFO = /^\{"(?:fileNames|root)":/;

export function openBuildRecords(system: TS.System): BuildRecords {
  const records = new Map<string, BuildRecord>();
  const read = (file: string): string | undefined => system.readFile(file);
  const isMarked = (file: string): boolean => !isPlain(read(file) ?? '');
  const note = (path: string, text: string): string => {
    const { text: shown, record } = readBuildInfo(path, text, read, isMarked);
    if (record === undefined) records.delete(path);
    else records.set(path, record);
    return shown;
  };
  return {
    system: {
      ...system,
      readFile(path, encoding) {
        const text = system.readFile(path, encoding);
        return text !== undefined && BUILD_INFO.test(text) ? note(path, text) : text;
      },
      writeFile(path, text, mark) {
        system.writeFile(path, text, mark);
        if (BUILD_INFO.test(text)) note(path, text);
      },
    },
    isAnyBehind: () => [...records].some(([path, record]) => !isCurrent(path, record, read)),
  };
}
