// Records what TypeScript asks the disk while it finds the files of a program, as facts for the plan cache.
import { dirname, join } from 'node:path';
import type TS from 'typescript';
import { foldersFrom } from '../folders-from.ts';
import { hashText, type FactRecorder } from './input-facts.ts';

/** A copy of `system` that records, for reading a tsconfig and those it extends. */
export function recordSystem(system: TS.System, recorder: FactRecorder): TS.System {
  const recorded = { ...system };
  recordHost(recorded, recorder);
  return recorded;
}

type Asked = Pick<
  TS.CompilerHost,
  'fileExists' | 'readFile' | 'directoryExists' | 'getDirectories' | 'realpath'
>;

/**
 * Makes `host` record, in place. Source files are not recorded here: the finished program tells their names and texts.
 */
export function recordHost(host: Asked, recorder: FactRecorder): void {
  const { fileExists, readFile, directoryExists, getDirectories, realpath } = host;
  host.fileExists = (file) => {
    const answer = fileExists.call(host, file);
    recorder.add('file', file, answer ? '1' : '');
    return answer;
  };
  host.readFile = (file) => {
    const text = readFile.call(host, file);
    recorder.add('text', file, text === undefined ? '' : hashText(text));
    return text;
  };
  if (directoryExists !== undefined)
    host.directoryExists = (folder) => {
      const answer = directoryExists.call(host, folder);
      recorder.add('folder', folder, answer ? '1' : '');
      return answer;
    };
  if (getDirectories !== undefined)
    host.getDirectories = (folder) => {
      recorder.ask('folders', folder);
      return getDirectories.call(host, folder);
    };
  if (realpath !== undefined)
    host.realpath = (path) => {
      recorder.ask('real', path);
      return realpath.call(host, path);
    };
}

const LOCKFILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

/**
 * Records the files that decide the names and versions of packages: each package.json above a file of the program, and
 * the lockfiles and the installed runtime above the tsconfig.
 */
export function recordPackages(program: TS.Program, tsconfig: string, recorder: FactRecorder): void {
  for (const folder of foldersFrom(dirname(tsconfig))) {
    for (const name of LOCKFILES) recorder.ask('text', join(folder, name));
    recorder.ask('text', join(folder, 'node_modules/cachekit/package.json'));
  }
  const folders = new Set<string>();
  for (const source of program.getSourceFiles()) {
    if (program.isSourceFileDefaultLibrary(source)) continue;
    for (let folder = dirname(source.fileName); !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
      recorder.ask('text', join(folder, 'package.json'));
    }
    if (!source.fileName.includes('/@types/')) continue;
    const typed = /^(.*\/node_modules\/)@types\/([^/]+)\//.exec(source.fileName);
    if (typed?.[1] !== undefined && typed[2] !== undefined)
      recorder.ask('text', `${typed[1]}${realName(typed[2])}/package.json`);
  }
}

/** The package that `@types/<name>` has the types of: `scope__name` stands for `@scope/name`. */
function realName(name: string): string {
  return name.includes('__') ? `@${name.replace('__', '/')}` : name;
}
