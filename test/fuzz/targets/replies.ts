// What Redis sends: the frames of its replies, and the replies that scripts and streams give.
import { createHash } from 'node:crypto';
import {
  entryOf,
  flagOf,
  groupsOf,
  recordsOf,
  streamOf,
  wholeOf,
} from '../../../runtime/adapters/redis/replies.ts';
import { ReplyFrames } from '../../../runtime/adapters/redis/reply-frames.ts';
import { BackendError } from '../../../runtime/backend/backend-error.ts';
import { checkError } from '../realm.ts';
import { CANARY, finding, type FuzzTarget, type Verdict } from '../target.ts';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (...parts: readonly string[]): string => `*${parts.length}\r\n${parts.join('')}`;

const fields = ['i', '8000000000000001', 'p', '5', 'n', '00112233aabbccdd', 't', 'k', 'k', `ck1:{${CANARY}}`];
const record = list(bulk('9-0'), list(...fields.map(bulk)));
const groups = list(bulk('!head'), bulk('9'), bulk(`n:${CANARY}`), bulk('7'));

const streams = [
  '+OK\r\n',
  ':42\r\n',
  '_\r\n',
  '$-1\r\n',
  `-ERR ${CANARY}\r\n`,
  bulk(CANARY),
  list(record),
  list(list(bulk('log'), list(record, record))),
  groups,
  '%1\r\n$3\r\nlog\r\n*0\r\n',
  '>2\r\n+invalidate\r\n*0\r\n:1\r\n',
].map((text) => Buffer.from(text));

/** The same answer however the stream is cut: where, the input says itself. */
function frames(input: Buffer): Verdict {
  const verdict = new ReplyFrames().accept(input);
  const cuts = createHash('sha256').update(input).digest();
  const reader = new ReplyFrames();
  let isRight = true;
  let at = 0;
  for (let i = 0; at < input.length && isRight; i++) {
    const end = Math.min(input.length, at + 1 + (cuts[i % cuts.length] ?? 0) / 8);
    isRight = reader.accept(input.subarray(at, end));
    at = Math.trunc(end);
  }
  if (isRight !== verdict) finding('the answer depends on where the stream was cut');
  return verdict ? 'accepted' : 'refused';
}

/** A reply as a client library hands it over; undefined: none, or not whole. */
function parse(input: Buffer): { readonly value: unknown } | undefined {
  let at = 0;
  let parts = 0;
  const line = (): string | undefined => {
    const end = input.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const text = input.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const one = (depth: number): { readonly value: unknown } | undefined => {
    const head = line();
    if (head === undefined || depth > 8 || ++parts > 1000) return undefined;
    const size = Number(head.slice(1));
    switch (head[0]) {
      case ':':
        return { value: size };
      case '+':
        return { value: Buffer.from(head.slice(1), 'latin1') };
      case '_':
        return { value: null };
      case '$': {
        if (size < 0) return { value: null };
        if (!(size <= input.length - at)) return undefined;
        const body = input.subarray(at, at + size);
        at += size + 2;
        return { value: body };
      }
      case '*': {
        if (!(size >= 0 && size <= 1000)) return undefined;
        const values: unknown[] = [];
        for (let i = 0; i < size; i++) {
          const part = one(depth + 1);
          if (part === undefined) return undefined;
          values.push(part.value);
        }
        return { value: values };
      }
      default:
        return undefined;
    }
  };
  return one(0);
}

const readers = { entryOf, flagOf, wholeOf, groupsOf, recordsOf, streamOf };

function replies(input: Buffer): Verdict {
  const reply = parse(input);
  if (reply === undefined) return 'refused';
  let isRead = false;
  for (const read of Object.values(readers))
    try {
      read(reply.value);
      isRead = true;
    } catch (error) {
      if (!(error instanceof BackendError && error.kind === 'transient')) throw error;
      checkError(error);
    }
  return isRead ? 'accepted' : 'refused';
}

export const replyTargets: readonly FuzzTarget[] = [
  { name: 'Redis: frames of replies', seeds: streams, check: frames },
  {
    name: 'Redis: replies of scripts and streams',
    seeds: [bulk(CANARY), ':1\r\n', list(record), list(list(bulk('log'), list(record))), groups].map((text) =>
      Buffer.from(text),
    ),
    check: replies,
  },
];
