// Texts: what people write in comments, and the key of a call.
import { encodeParts } from '../../../runtime/key/stored-key.ts';
import { withTenant, tenantOfText } from '../../../runtime/key/tenant-text.ts';
import { parseDirective } from '../../../transformer/1-scan/parse-directive.ts';
import { parseInvalidation } from '../../../transformer/1-scan/parse-invalidation.ts';
import { findTags } from '../../../transformer/1-scan/scan-comments.ts';
import { finding, type FuzzTarget, type Verdict } from '../target.ts';

const directives = [
  '@cache',
  '@cache.production ttl=5m swr=1h key=$id,$opts.page !lock tags=report:$id unless="result.rows.length == 0"',
  '@cache secure tenant=$orgId name="a \\"b\\"" version=3 serializer=json',
].map((text) => Buffer.from(text));

function directive(input: Buffer): Verdict {
  const text = input.toString('utf8');
  const start = text.indexOf('@cache');
  if (start < 0) return 'refused';
  const { directive: read, problems, range } = parseDirective(text, start, text.length);
  const ranges = [range, ...problems.map((problem) => problem.range)];
  for (const { start: from, end } of ranges)
    if (!(from >= start && from <= end && end <= text.length)) finding('a range is outside the text');
  if (problems.some(({ code }) => !/^CK\d{4}$/.test(code))) finding('a problem has no code');
  return problems.length === 0 && read.options.length >= 0 ? 'accepted' : 'refused';
}

const invalidations = [
  'getReport(id)',
  'getReport(id, opts.page)',
  'tag("report:" + id)',
  'api.getUser()',
].map((text) => Buffer.from(text));

function invalidation(input: Buffer): Verdict {
  const text = input.toString('utf8');
  const read: unknown = parseInvalidation(text, 0);
  return typeof read === 'object' && read !== null ? 'accepted' : finding('neither read nor misread');
}

function tags(input: Buffer): Verdict {
  for (const kind of ['doc', 'block', 'line'] as const) findTags(input.toString('utf8'), kind);
  return 'accepted';
}

/** The tenant in front of a key text is found again, and no other text has one. */
function keyText(input: Buffer): Verdict {
  const text = input.toString('utf8');
  const own = tenantOfText(text);
  if (own !== undefined && typeof own !== 'string') finding('a tenant is no text');
  const [tenant, rest] = [text.slice(0, 7), text.slice(7)];
  if (tenantOfText(withTenant(tenant, rest)) !== tenant) finding('a tenant was not found again');
  const joined = encodeParts([tenant, rest]);
  if (rest !== '' && joined.equals(encodeParts([tenant + rest, '']))) finding('two keys are the same bytes');
  return 'accepted';
}

export const textTargets: readonly FuzzTarget[] = [
  { name: 'text: directive', seeds: directives, check: directive },
  { name: 'text: invalidation', seeds: invalidations, check: invalidation },
  {
    name: 'text: comment',
    seeds: [Buffer.from('/**\n * Text {@link x}.\n * ```ts\n * @cache\n * ```\n * @cache ttl=5m\n */')],
    check: tags,
  },
  { name: 'text: key of a call', seeds: [Buffer.from('@5:tenant"a"1'), Buffer.from('(7)')], check: keyText },
];
