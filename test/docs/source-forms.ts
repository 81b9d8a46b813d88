// Every form of a function that can carry a marker, as a small file: docs/guide/source-forms.md says which count.

/** A form that is code of TypeScript alone has no column for JavaScript; `commonjs`: only where `require` is. */
export type Only =
  | 'typescript'
  | 'modules'
  | 'commonjs'
  | 'commonjs-typescript'
  | 'commonjs-javascript'
  | 'jsx';

export interface SourceForm {
  /** As the page names it. */
  readonly name: string;
  /**
   * A module that exports `ran` (which bodies ran) and `run`, or a default function. `@MARK` (and the like) becomes the marker with the types of
   * `(id: number) => Promise<number>`; JavaScript gets the same text without its types.
   */
  readonly code: string;
  readonly only?: Only;
}

const RAN = 'export const ran: string[] = [];';
const BODY = "{ ran.push('load'); return id * 2; }";
const RUN = 'export const run = async () => [await load(1), await load(2), await load(1)];';

/** One exported `load`, called three times. */
const loads = (code: string): string => `${RAN}\n${code}\n${RUN}`;
/** Something whose `load` is called. */
const has = (code: string, owner: string): string =>
  `${RAN}\n${code}\nexport const run = async () => [await ${owner}.load(1), await ${owner}.load(2), await ${owner}.load(1)];`;
/** Without `run`: the default export is called, or nothing is. */
const only = (code: string): string => `${RAN}\n${code}`;

const SIGNATURE = '(id: number): Promise<number>';
const DECORATOR =
  'const plain = <T extends (...args: never[]) => unknown>(method: T, _: ClassMethodDecoratorContext): T => method;';

const functions: readonly SourceForm[] = [
  { name: 'function declaration', code: loads(`@MARK\nexport async function load${SIGNATURE} ${BODY}`) },
  {
    name: '`export default function load()`',
    code: loads(`@MARK\nexport default async function load${SIGNATURE} ${BODY}`),
  },
  {
    name: '`export default function ()`',
    code: only(`@MARK\nexport default async function ${SIGNATURE} ${BODY}`),
  },
  {
    name: '`export default async () => …`',
    code: only(`@MARK\nexport default async ${SIGNATURE} => ${BODY};`),
  },
  {
    name: 'arrow function in a `const`',
    code: loads(`@MARK\nexport const load = async ${SIGNATURE} => ${BODY};`),
  },
  {
    name: 'arrow function in a `let`',
    code: loads(`@MARK\nexport let load = async ${SIGNATURE} => ${BODY};`),
  },
  {
    name: 'arrow function with an expression',
    code: loads(`@MARK\nexport const load = async ${SIGNATURE} => ran.push('load') * 0 + id * 2;`),
  },
  {
    name: 'generic arrow function, `<T,>`',
    only: 'typescript',
    code: loads(
      `@MARK\nexport const load = async <T extends number,>(id: T): Promise<T | number> => ${BODY};`,
    ),
  },
  {
    name: 'function expression in a `const`',
    code: loads(`@MARK\nexport const load = async function ${SIGNATURE} ${BODY};`),
  },
  {
    name: 'function in parentheses',
    code: loads(`@MARK\nexport const load = (async ${SIGNATURE} => ${BODY});`),
  },
  {
    name: 'function with `satisfies` or `as`',
    only: 'typescript',
    code: loads(
      `type Load = (id: number) => Promise<number>;\n@MARK\nexport const load = (async ${SIGNATURE} => ${BODY}) satisfies Load as Load;`,
    ),
  },
  {
    name: 'implementation of overloads',
    only: 'typescript',
    code: loads(
      `export async function load(id: 1): Promise<number>;\nexport async function load(id: number): Promise<number>;\n@MARK\nexport async function load${SIGNATURE} ${BODY}`,
    ),
  },
  {
    name: 'function with a prologue (`"use server"`)',
    code: loads(
      `@MARK\nexport async function load${SIGNATURE} { 'use server'; ran.push('load'); return id * 2; }`,
    ),
  },
  {
    name: 'function in a function',
    code: loads(
      `function make() {\n  @MARK\n  async function inner${SIGNATURE} ${BODY}\n  return inner;\n}\nexport const load = make();`,
    ),
  },
  {
    name: 'returned arrow function, with `name=`',
    code: loads(
      `function make() {\n  @NAMED\n  return async ${SIGNATURE} => ${BODY};\n}\nexport const load = make();`,
    ),
  },
  {
    name: 'returned arrow function, element of an array',
    code: only(`export function make() {\n  @MARK\n  return async ${SIGNATURE} => ${BODY};\n}`),
  },
  {
    name: 'function in a namespace',
    only: 'typescript',
    code: has(
      `export namespace Data {\n  @MARK\n  export async function load${SIGNATURE} ${BODY}\n}`,
      'Data',
    ),
  },
  {
    name: 'function in a module with top-level `await`',
    only: 'modules',
    code: loads(
      `const factor = await Promise.resolve(2);\n@MARK\nexport const load = async ${SIGNATURE} => { ran.push('load'); return id * factor; };`,
    ),
  },
  { name: 'generator', code: only(`@MARK\nexport async function* load(id: number) { yield id; }`) },
  {
    name: 'component that returns JSX',
    only: 'jsx',
    code: only(
      `declare global { namespace JSX { interface Element { readonly render: () => void } interface IntrinsicElements { div: object } } }\nconst React = { createElement: () => null };\n/** @cache.production */\nexport async function Page(id: number) { return <div />; }`,
    ),
  },
];

const members: readonly SourceForm[] = [
  {
    name: 'method of an object',
    code: has(`export const api = {\n  @MARK\n  async load${SIGNATURE} ${BODY},\n};`, 'api'),
  },
  {
    name: 'property with a function',
    code: has(`export const api = {\n  @MARK\n  load: async ${SIGNATURE} => ${BODY},\n};`, 'api'),
  },
  {
    name: 'marker on the line of the member',
    code: has(`export const api = { @MARK load: async ${SIGNATURE} => ${BODY} };`, 'api'),
  },
  {
    name: 'method of a class',
    code: has(`export class Api {\n  @MARK\n  async load${SIGNATURE} ${BODY}\n}`, 'new Api()'),
  },
  {
    name: 'static method',
    code: has(`export class Api {\n  @MARK\n  static async load${SIGNATURE} ${BODY}\n}`, 'Api'),
  },
  {
    name: '`#private` method',
    code: has(
      `export class Api {\n  @MARK\n  async #load${SIGNATURE} ${BODY}\n  load(id: number) { return this.#load(id); }\n}`,
      'new Api()',
    ),
  },
  {
    name: 'field with an arrow function',
    code: has(
      `export class Api {\n  @MARK\n  load = async ${SIGNATURE} => ${BODY};\n}\nconst api = new Api();`,
      'api',
    ),
  },
  {
    name: 'static field with an arrow function',
    code: has(`export class Api {\n  @MARK\n  static load = async ${SIGNATURE} => ${BODY};\n}`, 'Api'),
  },
  {
    name: 'decorated method, marker above the decorator',
    only: 'typescript',
    code: has(
      `${DECORATOR}\nexport class Api {\n  @MARK\n  @plain\n  async load${SIGNATURE} ${BODY}\n}`,
      'new Api()',
    ),
  },
  {
    name: 'decorated method, marker below the decorator',
    only: 'typescript',
    code: has(
      `${DECORATOR}\nexport class Api {\n  @plain\n  @MARK\n  async load${SIGNATURE} ${BODY}\n}`,
      'new Api()',
    ),
  },
];

/** What has no body, and what is no function at all. */
const refused: readonly SourceForm[] = [
  ['`declare function`', '@MARK\nexport declare function load(id: number): Promise<number>;', 'typescript'],
  [
    'overload signature',
    '@MARK\nexport function load(id: 1): Promise<number>;\nexport async function load(id: number): Promise<number> { return id; }',
    'typescript',
  ],
  [
    'abstract method',
    'export abstract class Api {\n  @MARK\n  abstract load(id: number): Promise<number>;\n}',
    'typescript',
  ],
  [
    'method of an interface',
    'export interface Api {\n  @MARK\n  load(id: number): Promise<number>;\n}',
    'typescript',
  ],
  ['getter', 'export class Api {\n  @MARK\n  get load(): number { return 1; }\n}'],
  ['setter', 'export class Api {\n  @MARK\n  set load(id: number) {}\n}'],
  ['constructor', 'export class Api {\n  @MARK\n  constructor(id: number) {}\n}'],
  ['static block', 'export class Api {\n  @MARK\n  static { ran.splice(0); }\n}'],
  ['class', '@MARK\nexport class Api {}'],
  ['interface, type alias', '@MARK\nexport interface Api { readonly id: number }', 'typescript'],
  ['enum', '@MARK\nexport enum Level { Low = 1 }', 'typescript'],
  ['namespace', '@MARK\nexport namespace Api { export const id = 1; }', 'typescript'],
  ['import', "@MARK\nimport { cached } from 'cachekit';\nexport { cached };"],
  ['variable that holds no function', '@MARK\nexport const limit = 3;'],
  [
    'several variables in one statement',
    '@MARK\nexport const a = async (id: number) => id, b = async (id: number) => id;',
  ],
  ['nothing: the end of a block or file', 'export const a = 1;\n@MARK'],
].map(([name = '', code = '', kinds]) => ({
  name,
  code: only(code),
  ...(kinds === 'typescript' && { only: kinds }),
}));

const kept: readonly SourceForm[] = [
  {
    name: 'getter, with `@cache.local self=instance`',
    code: only(
      `class Load {\n  id: number;\n  constructor(id: number) { this.id = id; }\n  @OF_OBJECT\n  get load(): number { ran.push('load'); return this.id * 2; }\n}\nconst [one, two] = [new Load(1), new Load(2)];\nexport const run = async () => [one.load, two.load, one.load];`,
    ),
  },
];

const calls: readonly SourceForm[] = [
  {
    name: '`cached(function literal)`',
    code: loads(
      `import { cached } from 'cachekit';\n@TYPES\nexport const load = cached.production(@TYPES async ${SIGNATURE} => ${BODY});`,
    ),
  },
  {
    name: '`cached(reference)`',
    code: loads(
      `import { cached } from 'cachekit';\n@TYPES\nasync function read${SIGNATURE} ${BODY}\nexport const load = cached.production(read);`,
    ),
  },
  {
    name: '`cached(result of a call)`',
    code: only(
      `import { cached } from 'cachekit';\n@TYPES\nasync function read${SIGNATURE} ${BODY}\nconst make = () => read;\nexport const load = cached.production(make());`,
    ),
  },
  {
    name: 'argument of another function',
    code: loads(
      `const same = <T,>(fn: T): T => fn;\nexport const load = same(@MARK async function load${SIGNATURE} ${BODY});`,
    ),
  },
  {
    name: '`export =`',
    only: 'commonjs-typescript',
    code: `const ran: string[] = [];\n@MARK\nasync function load${SIGNATURE} ${BODY}\nconst run = async () => [await load(1), await load(2), await load(1)];\nexport = { ran, run };`,
  },
  {
    name: '`exports.load = …`',
    only: 'commonjs-javascript',
    code: `const ran: string[] = exports.ran = [];\n@MARK\nexports.load = async ${SIGNATURE} => ${BODY};\nexports.run = async () => [await exports.load(1), await exports.load(2), await exports.load(1)];`,
  },
  {
    name: '`module.exports = { load() {} }`',
    only: 'commonjs-javascript',
    code: `const ran: string[] = [];\nconst api = module.exports = {\n  ran,\n  @MARK\n  async load${SIGNATURE} ${BODY},\n  run: async () => [await api.load(1), await api.load(2), await api.load(1)],\n};`,
  },
];

/** In the order of the page. */
export const sourceForms: readonly SourceForm[] = [...functions, ...members, ...kept, ...calls, ...refused];
