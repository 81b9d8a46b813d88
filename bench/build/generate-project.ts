// Generates a project the size of a service that grew for years: types that use types of other modules, functions that
// call functions of other modules, and some marked functions.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

export interface ProjectSize {
  readonly modules: number;
  /** Number of marked functions, spread evenly, each in a module of its own. */
  readonly marked: number;
}

/** Modules that one barrel file exports. */
const PER_BARREL = 100;

/** Writes the project into `folder`. */
export function generateProject(folder: string, { modules: count, marked }: ProjectSize): void {
  mkdirSync(join(folder, 'src'), { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'), 'dir');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('package.json', JSON.stringify({ name: 'large', version: '1.0.0', type: 'module' }));
  // The plans are kept inside the project, because its node_modules is a link to ours.
  const plugins = [{ transform: '@cachekit/transformer', transformProgram: true, planCache: 'plans' }];
  write('tsconfig.json', tsconfig({ plugins }));
  write('tsconfig.bare.json', tsconfig({ outDir: 'out-bare' }));
  const every = marked === 0 ? Infinity : count / marked;
  for (let index = 0; index < count; index++)
    write(`src/${nameOf(index)}.ts`, moduleText(index, isMarked(index, every)));
  const barrels = Math.ceil(count / PER_BARREL);
  for (let barrel = 0; barrel < barrels; barrel++) {
    const first = barrel * PER_BARREL;
    const names = Array.from({ length: Math.min(PER_BARREL, count - first) }, (_, i) => nameOf(first + i));
    write(`src/part-${barrel}.ts`, names.map((name) => `export * from './${name}.ts';\n`).join(''));
  }
  const imports = Array.from({ length: barrels }, (_, i) => `export * from './part-${i}.ts';\n`);
  write('src/main.ts', imports.join(''));
}

const isMarked = (index: number, every: number): boolean => every !== Infinity && index % every === 0;

const nameOf = (index: number): string => `module-${index}`;

function tsconfig(options: object): string {
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    sourceMap: true,
    rewriteRelativeImportExtensions: true,
    rootDir: 'src',
    outDir: 'out',
    ...options,
  };
  return JSON.stringify({ compilerOptions, include: ['src'] });
}

/** In groups of ten, the type of each module uses that of the one before, so that types span several files. */
function moduleText(index: number, hasMark: boolean): string {
  const base = index % 10 === 0 ? undefined : index - 1;
  const imported =
    base === undefined ? '' : `import { describe${base}, type Record${base} } from './${nameOf(base)}.ts';\n`;
  const parent = base === undefined ? '' : `  readonly parent: Record${base} | undefined;\n`;
  const described =
    base === undefined ? `''` : `record.parent === undefined ? '' : describe${base}(record.parent)`;
  const mark = hasMark ? '/** @cache ttl=5m */\n' : '';
  return `${imported}
export interface Address${index} {
  readonly street: string;
  readonly city: string;
  readonly zip: number;
}

export type Status${index} = 'new' | 'paid' | 'sent' | 'returned';

export interface Record${index} {
  readonly id: number;
  readonly name: string;
  readonly status: Status${index};
  readonly created: Date;
  readonly tags: readonly string[];
  readonly addresses: readonly Address${index}[];
  readonly amounts: ReadonlyMap<string, number>;
${parent}}

const names${index}: Readonly<Record<Status${index}, string>> = {
  new: 'ordered',
  paid: 'paid for',
  sent: 'on its way',
  returned: 'sent back',
};

export function total${index}(record: Record${index}): number {
  let sum = 0;
  for (const amount of record.amounts.values()) sum += amount;
  return Math.round(sum * 100) / 100;
}

export function describe${index}(record: Record${index}): string {
  const rest = ${described};
  return \`\${record.name} is \${names${index}[record.status]}, \${total${index}(record)} \${rest}\`;
}

export function isLate${index}(record: Record${index}, now: Date): boolean {
  const days = (now.getTime() - record.created.getTime()) / 86_400_000;
  return record.status !== 'sent' && days > 14;
}

${mark}export async function load${index}(id: number, tenant: string): Promise<Record${index} | undefined> {
  if (id < 0) return undefined;
  const amounts = new Map([['net', id * 100], ['tax', id * 19]]);
  const address: Address${index} = { street: 'Main Street 1', city: tenant, zip: 10_000 + id };
  return {
    id,
    name: \`record \${id} of \${tenant}\`,
    status: id % 2 === 0 ? 'new' : 'paid',
    created: new Date(id),
    tags: ['a', 'b'],
    addresses: [address],
    amounts,
${base === undefined ? '' : '    parent: undefined,\n'}  };
}
`;
}
