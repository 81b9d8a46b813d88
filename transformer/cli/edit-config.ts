// Edits configuration files and keeps everything else in them: comments, order, formatting.
import type * as Morph from 'ts-morph';
import { ownEntryOf } from '../host/project/own-entry.ts';
import { UsageError } from './cli-context.ts';
import { findPluginImport } from './plugin-import.ts';

const EDITOR = '@cachekit/transformer/ls';
const TRANSFORMER = '@cachekit/transformer';

/**
 * The text of a tsconfig with our plugin entry added; with `forTsPatch` it also has what ts-patch needs.
 *
 * @param inherited the plugins that it has from the tsconfigs it extends, which a list of its own replaces
 */
export async function addEntry(
  text: string,
  forTsPatch: boolean,
  inherited: readonly unknown[],
): Promise<string> {
  const { Node, root, print } = await openJson(text);
  const options = childObject(Node, root, '"compilerOptions"');
  if (options.getProperty('"plugins"') === undefined) {
    const entry = ownEntryOf(inherited);
    const needed = forTsPatch ? ['name', 'transform', 'transformProgram'] : ['name'];
    if (needed.every((name) => name in entry)) return text;
    for (const plugin of inherited) childArray(Node, options, '"plugins"').addElement(onOneLine(plugin));
  }
  const plugins = childArray(Node, options, '"plugins"');
  const known = plugins.getElements().find((element) => /@cachekit\/transformer\b/.test(element.getText()));
  if (known === undefined) {
    const transform = forTsPatch ? `, "transform": "${TRANSFORMER}", "transformProgram": true` : '';
    plugins.addElement(`{ "name": "${EDITOR}"${transform} }`);
  } else {
    const entry = known.asKind(Node.kinds.ObjectLiteralExpression);
    if (entry === undefined) throw new UsageError('The plugin entry of the tsconfig is not an object.');
    addMissing(entry, '"name"', `"${EDITOR}"`);
    if (forTsPatch) {
      addMissing(entry, '"transform"', `"${TRANSFORMER}"`);
      addMissing(entry, '"transformProgram"', 'true');
    }
  }
  return print();
}

/** JSON as people write it: with blanks. */
function onOneLine(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replaceAll(/\n */g, ' ');
}

/** The text of a package.json after `edit` was applied to every command in its scripts. */
export async function editScripts(text: string, edit: (command: string) => string): Promise<string> {
  const { Node, root, print } = await openJson(text);
  const scripts = root.getProperty('"scripts"')?.asKind(Node.kinds.PropertyAssignment)?.getInitializer();
  for (const property of scripts?.asKind(Node.kinds.ObjectLiteralExpression)?.getProperties() ?? []) {
    const value = property
      .asKind(Node.kinds.PropertyAssignment)
      ?.getInitializer()
      ?.asKind(Node.kinds.StringLiteral);
    const script = value?.getLiteralText() ?? '';
    const replaced = script
      .split(/(&&|\|\||;)/)
      .map(edit)
      .join('');
    if (replaced !== script) value?.replaceWithText(JSON.stringify(replaced));
  }
  return print();
}

/**
 * The text with `cachekit()` as first plugin of each configuration in it. @throws UsageError when there is no place for
 * it
 */
export async function addPlugin(text: string, bundler: 'vite' | 'esbuild'): Promise<string> {
  const { SyntaxKind } = await import('ts-morph');
  const source = await openScript(text, text);
  const from = `@cachekit/plugins/${bundler}`;
  const known = findPluginImport(text, from);
  const name = known?.callee ?? 'cachekit';
  const objects = optionObjects(source, SyntaxKind, bundler);
  if (objects.length === 0)
    throw new UsageError(
      `There is no ${bundler === 'vite' ? 'configuration object' : 'call of build() or context() with an object'} to add a plugin to. Add ${name}() from '${from}' by hand.`,
    );
  for (const object of objects) {
    const property = object.getProperty('plugins')?.asKind(SyntaxKind.PropertyAssignment);
    const list = property?.getInitializer()?.asKind(SyntaxKind.ArrayLiteralExpression);
    if (object.getProperty('plugins') !== undefined && list === undefined)
      throw new UsageError(`\`plugins\` is not a list as written. Add ${name}() from '${from}' by hand.`);
    if (list === undefined) addMissing(object, 'plugins', `[${name}()]`);
    else if (!list.getElements().some((element) => element.getText().startsWith(`${name}(`)))
      list.insertElement(0, `${name}()`);
  }
  if (known?.isWrong === true) importDefault(source, from, name);
  if (known === undefined) source.insertStatements(importPlace(source), `import ${name} from '${from}';`);
  // ts-morph removes a BOM.
  return (text.startsWith('\uFEFF') ? '\uFEFF' : '') + source.getFullText();
}

/** Makes the named import `name`, of which the module knows nothing, its default import. */
function importDefault(source: Morph.SourceFile, from: string, name: string): void {
  for (const declaration of source.getImportDeclarations()) {
    if (declaration.getModuleSpecifierValue() !== from) continue;
    const specifiers = declaration.getNamedImports();
    const specifier = specifiers.find((one) => (one.getAliasNode() ?? one.getNameNode()).getText() === name);
    if (specifier === undefined) continue;
    if (specifiers.length === 1) declaration.removeNamedImports();
    else specifier.remove();
    declaration.setDefaultImport(name);
  }
}

/** Index of the first import; 0 when there is none. */
function importPlace(source: Morph.SourceFile): number {
  const first = source.getImportDeclarations()[0];
  return first === undefined ? 0 : first.getChildIndex();
}

/**
 * Configuration objects. Vite: the default export or argument of defineConfig. esbuild: arguments of build() and
 * context().
 */
function optionObjects(
  source: Morph.SourceFile,
  kinds: typeof Morph.SyntaxKind,
  bundler: 'vite' | 'esbuild',
): readonly Morph.ObjectLiteralExpression[] {
  const callees = bundler === 'vite' ? /^defineConfig$/ : /(?:^|\.)(?:build|buildSync|context)$/;
  const calls = source
    .getDescendantsOfKind(kinds.CallExpression)
    .filter((call) => callees.test(call.getExpression().getText()))
    .map((call) => call.getArguments()[0]?.asKind(kinds.ObjectLiteralExpression))
    .filter((object) => object !== undefined);
  if (calls.length > 0 || bundler === 'esbuild') return calls;
  const exported = source.getExportAssignment((one) => !one.isExportEquals())?.getExpression();
  const object = exported?.asKind(kinds.ObjectLiteralExpression);
  return object === undefined ? [] : [object];
}

/** Opens `text` so that edits get the indentation and line ends of `sample`. */
async function openScript(text: string, sample: string): Promise<Morph.SourceFile> {
  const { Project, IndentationText, NewLineKind } = await import('ts-morph');
  const indent = /\n(\t| {2,4})(?=\S)/.exec(sample)?.[1] ?? '  ';
  const wide = indent.length === 4 ? IndentationText.FourSpaces : IndentationText.TwoSpaces;
  const indentationText = indent === '\t' ? IndentationText.Tab : wide;
  const newLineKind = sample.includes('\r\n') ? NewLineKind.CarriageReturnLineFeed : NewLineKind.LineFeed;
  const manipulationSettings = { indentationText, newLineKind };
  const project = new Project({ useInMemoryFileSystem: true, manipulationSettings });
  return project.createSourceFile('config.ts', text);
}

type Kinds = { readonly kinds: typeof Morph.SyntaxKind };

/** Opens JSON with comments, as the only expression of a script. */
async function openJson(text: string): Promise<{
  readonly Node: Kinds;
  readonly root: Morph.ObjectLiteralExpression;
  readonly print: () => string;
}> {
  const { SyntaxKind } = await import('ts-morph');
  const head = '(';
  const source = await openScript(`${head}${text.trimEnd()})`, text);
  const root = source.getFirstDescendantByKind(SyntaxKind.ObjectLiteralExpression);
  if (root === undefined) throw new UsageError('The tsconfig or package.json is not an object.');
  const end = /\s*$/.exec(text)?.[0] ?? '';
  return {
    Node: { kinds: SyntaxKind },
    root,
    print: () => source.getFullText().slice(head.length, -1) + end,
  };
}

function childObject(
  { kinds }: Kinds,
  parent: Morph.ObjectLiteralExpression,
  name: string,
): Morph.ObjectLiteralExpression {
  addMissing(parent, name, '{}');
  const found = parent.getPropertyOrThrow(name).asKind(kinds.PropertyAssignment)?.getInitializer();
  const object = found?.asKind(kinds.ObjectLiteralExpression);
  if (object === undefined) throw new UsageError(`${name} is not an object.`);
  return object;
}

function childArray(
  { kinds }: Kinds,
  parent: Morph.ObjectLiteralExpression,
  name: string,
): Morph.ArrayLiteralExpression {
  addMissing(parent, name, '[]');
  const found = parent.getPropertyOrThrow(name).asKind(kinds.PropertyAssignment)?.getInitializer();
  const list = found?.asKind(kinds.ArrayLiteralExpression);
  if (list === undefined) throw new UsageError(`${name} is not a list.`);
  return list;
}

/** Adds a property unless the object has it, on the same line if the object is on one line. */
function addMissing(object: Morph.ObjectLiteralExpression, name: string, initializer: string): void {
  if (object.getProperty(name) !== undefined) return;
  const text = object.getText();
  const isOneLine = object.getProperties().length > 0 && !text.includes('\n');
  if (!isOneLine) object.addPropertyAssignment({ name, initializer });
  else object.replaceWithText(`${text.replace(/,?\s*\}$/, '')}, ${name}: ${initializer} }`);
}
