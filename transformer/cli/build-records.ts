// What the build infos of a solution say about the code that its projects reached (host/build-record.ts), so that `-b` builds
// again what is behind, and nothing else.
import type TS from 'typescript';
import { isPlain } from '../host/is-plain.ts';
import { isCurrent, readBuildInfo, type BuildRecord } from '../host/program/build-record.ts';

export interface BuildRecords {
  /** TypeScript's, reading build infos as they have to be understood. */
  readonly system: TS.System;
  /** One of the projects that were read or written was made from other code than there is now. */
  readonly isAnyBehind: () => boolean;
}

/** As TypeScript 6 writes them: `tsBuildInfoFile` may give them any name. */
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
