// Turns any error of a Redis client into a BackendError with a message of our own: replies can contain keys, and errors
// of the client contain arguments.
import { BackendError, type BackendErrorKind } from '../../backend/backend-error.ts';

/** Kind by the first word of an error reply. Any other word is `permanent`: the command itself does not work. */
const REPLY_KINDS: Readonly<Record<string, BackendErrorKind>> = {
  NOAUTH: 'auth',
  WRONGPASS: 'auth',
  NOPERM: 'auth',
  LOADING: 'transient',
  BUSY: 'transient',
  TRYAGAIN: 'transient',
  CLUSTERDOWN: 'transient',
  MASTERDOWN: 'transient',
  READONLY: 'transient',
  MOVED: 'transient',
  ASK: 'transient',
  UNBLOCKED: 'transient',
  WRONGTYPE: 'permanent',
  OOM: 'permanent',
  MISCONF: 'permanent',
  NOREPLICAS: 'permanent',
};

const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

function textOf(error: unknown): { readonly message: string; readonly name: string; readonly code: string } {
  if (!(error instanceof Error)) return { message: '', name: '', code: '' };
  const code = (error as { code?: unknown }).code; // node system errors carry it, others do not
  return { message: error.message, name: error.name, code: typeof code === 'string' ? code : '' };
}

/** First word of an error reply, '' if there is none. Servers before 7 wrap the reply to a command inside a script. */
function wordOf(message: string): string {
  const inScript = /^ERR Error running script .*?: -([A-Z]+) /.exec(message)?.[1];
  return inScript ?? /^[A-Z]+(?=[ :]|$)/.exec(message)?.[0] ?? '';
}

/** Never throws. The message contains no key, argument or address. */
export function classifyRedisError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  const { message, name, code } = textOf(error);
  const word = wordOf(message);
  const known = REPLY_KINDS[word];
  if (known !== undefined) return new BackendError(known, `Redis answered ${word}.`);
  // No permission for a command inside a script, or for its key (Redis 7; `wordOf` handles older servers).
  if (/^ERR (The user executing the script|ACL failure in script)/.test(message)) {
    return new BackendError('auth', 'Redis answered NOPERM.');
  }
  // Servers before 6 answer a wrong or missing password with a plain ERR.
  if (/^ERR (invalid password|AUTH |Client sent AUTH)/.test(message)) {
    return new BackendError('auth', 'Redis refused the password.');
  }
  if (message.startsWith('ERR max number of clients')) {
    return new BackendError('transient', 'Redis has too many clients.');
  }
  if (/timed? ?out/i.test(message)) return new BackendError('timeout', 'Redis did not answer in time.');
  if (CONNECTION_CODES.has(code)) return new BackendError('transient', `Redis cannot be reached: ${code}.`);
  if (name === 'ReplyError') return new BackendError('permanent', 'Redis refused the command.');
  return new BackendError('transient', 'The connection to Redis failed.');
}
