// The editor plugin in a real tsserver: what it says, what it offers, and when it is silent.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const wrong = `/** @cache tll=5m */
export async function load(id: number): Promise<number> {
  return id;
}
`;

interface Answer {
  readonly request_seq: number;
  readonly success: boolean;
  readonly body?: unknown;
}

/** One tsserver process; requests are answered in any order. */
function startServer(cwd: string) {
  const server: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [
      `${root}/node_modules/typescript/lib/tsserver.js`,
      '--allowLocalPluginLoads',
      '--disableAutomaticTypingAcquisition',
    ],
    { cwd, env: { PATH: process.env['PATH'], TSS_LOG: '' } },
  );
  const waiting = new Map<number, (answer: Answer) => void>();
  let buffer = '';
  server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    buffer += chunk;
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.startsWith('{'))) {
      const message = JSON.parse(line) as Answer; // the server's protocol
      waiting.get(message.request_seq)?.(message);
    }
  });
  let seq = 0;
  const send = (command: string, args: object): Promise<Answer> => {
    const id = ++seq;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    server.stdin.write(`${JSON.stringify({ seq: id, type: 'request', command, arguments: args })}\n`);
    return answered;
  };
  return { send, stop: () => server.kill() };
}

let project: SmallProject;
let server: ReturnType<typeof startServer>;

beforeEach(() => {
  project = smallProject(
    {
      'load.ts': wrong,
      // As npm would install it, but from the sources.
      'node_modules/@cachekit/transformer/package.json':
        '{ "name": "@cachekit/transformer", "main": "ls.js" }',
      'node_modules/@cachekit/transformer/ls.js': `module.exports = require(${JSON.stringify(`${root}transformer/ls.ts`)});`,
    },
    {},
    { name: '@cachekit/transformer/ls', severities: { CK3001: 'info' } },
  );
  server = startServer(project.path);
});

afterEach(() => {
  server.stop();
  project.remove();
});

/** The server has the text in memory, as while somebody types. */
function open(text: string) {
  return void server.send('open', { file: project.file('load.ts'), fileContent: text });
}

interface Found {
  readonly text: string;
  readonly code: number;
  readonly source?: string;
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
}

async function diagnostics(): Promise<readonly Found[]> {
  const { body } = await server.send('semanticDiagnosticsSync', { file: project.file('load.ts') });
  return body as readonly Found[]; // of this command
}

const own = (found: readonly Found[]) => found.filter((one) => one.source === 'cachekit');

describe('diagnostics', { timeout: 60_000 }, () => {
  it('stand at their range beside those of TypeScript', async () => {
    open(wrong.replace('return id', "return 'id'"));
    const found = await diagnostics();
    expect(found.map((one) => one.code)).toEqual([2322, 991002]);
    expect(own(found)[0]).toMatchObject({ start: { line: 1, offset: 12 }, end: { line: 1, offset: 15 } });
    expect(own(found)[0]?.text).toContain("CK1002: Unknown cache option 'tll'. Did you mean 'ttl'?");
  });

  it('go when the mistake goes, and come with a type that cannot be stored', async () => {
    open(wrong.replace('tll', 'ttl'));
    expect(await diagnostics()).toEqual([]);
    open(wrong.replace('tll', 'ttl').replace('Promise<number>', 'Promise<() => void>'));
    expect(own(await diagnostics()).map((one) => one.code)).toEqual([991106]);
  });

  it.each([
    ['a brace is missing', wrong.replace('}\n', '')],
    ['a parameter is half there', wrong.replace('id: number', 'id: ')],
    ['a comment is open', wrong.replace(' */', '')],
    ['the type is half there', wrong.replace('Promise<number>', 'Promise<')],
    ['the function is not there yet', '/** @cache ttl=5m */\nexport '],
  ])('are silent while %s', async (_what, text) => {
    open(text);
    expect(own(await diagnostics())).toEqual([]);
    // And it is still alive.
    open(wrong);
    expect(own(await diagnostics())).toHaveLength(1);
  });
});

describe('quick fixes', { timeout: 60_000 }, () => {
  it('are the fixes of the diagnostic', async () => {
    open(wrong);
    const { body } = await server.send('getCodeFixes', {
      file: project.file('load.ts'),
      startLine: 1,
      startOffset: 12,
      endLine: 1,
      endOffset: 15,
      errorCodes: [991002],
    });
    expect(body).toMatchObject([
      {
        fixName: 'cachekit',
        description: "Replace by 'ttl'",
        changes: [
          {
            textChanges: [{ newText: 'ttl', start: { line: 1, offset: 12 }, end: { line: 1, offset: 15 } }],
          },
        ],
      },
    ]);
  });

  it('leave those of TypeScript alone, and say which numbers have fixes', async () => {
    open('export async function a(): number {\n  return 1;\n}\n');
    const [error] = await diagnostics();
    const { body } = await server.send('getCodeFixes', {
      file: project.file('load.ts'),
      startLine: error?.start.line,
      startOffset: error?.start.offset,
      endLine: error?.end.line,
      endOffset: error?.end.offset,
      errorCodes: [error?.code],
    });
    expect(body).toMatchObject([{ fixName: 'fixReturnTypeInAsyncFunction' }]);
    const supported = await server.send('getSupportedCodeFixes', { file: project.file('load.ts') });
    expect(supported.body).toEqual(expect.arrayContaining(['991002', '1064']));
  });
});
