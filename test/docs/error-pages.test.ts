// Every error code has its page, every page its code; `error.docs` leads to it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CacheKitError } from '../../runtime/errors/cachekit-error.ts';
import { ERROR_CODES, type ErrorCode } from '../../runtime/errors/catalogue.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const codes = Object.keys(ERROR_CODES) as ErrorCode[]; // the table's own keys

describe('pages of errors', () => {
  it('are those of the codes', () => {
    const pages = readdirSync(join(root, 'docs/errors')).map((file) => file.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(codes.toSorted());
  });

  it.each(codes)('%s says what it means, why it happens and what helps', (code) => {
    const { docs } = new CacheKitError(code, 'x');
    expect(existsSync(join(root, docs))).toBe(true);
    const text = readFileSync(join(root, docs), 'utf8');
    expect(text.split('\n')[0]).toBe(`# ${code}`);
    expect(text).toContain('| message | cause | fix |');
    expect(text.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(2);
    expect(text).toContain(ERROR_CODES[code].parent ?? code);
  });
});
