// A TypeScript project of a few lines in a temporary folder.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SmallProject {
  readonly path: string;
  file(name: string): string;
  write(name: string, text: string): void;
  read(name: string): string;
  exists(name: string): boolean;
  remove(): void;
}

/** `files` by name; package.json and tsconfig.json are made unless given. */
export function smallProject(
  files: Readonly<Record<string, string>>,
  compilerOptions: object = {},
  entry: object = {},
): SmallProject {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'project-'));
  const project: SmallProject = {
    path,
    file: (name) => join(path, name),
    write: (name, text) => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    },
    read: (name) => readFileSync(join(path, name), 'utf8'),
    exists: (name) => existsSync(join(path, name)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  const config = {
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2015'],
      types: [],
      strict: true,
      outDir: 'dist',
      rootDir: '.',
      plugins: [{ transform: '@cachekit/transformer', transformProgram: true, ...entry }],
      ...compilerOptions,
    },
    include: ['*.ts'],
  };
  project.write('package.json', JSON.stringify({ name: 'small', version: '1.0.0', type: 'module' }));
  project.write('tsconfig.json', JSON.stringify(config));
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  return project;
}
