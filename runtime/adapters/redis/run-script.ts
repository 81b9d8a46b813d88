// Runs a script by its digest (EVALSHA), and sends its text only if the server does not know it.
import { nodeCrypto } from '../../crypto/node-crypto.ts';
import type { RedisLike } from './redis-like.ts';
import type { Script } from './scripts.ts';

/** Understood by Redis 7 and later. Without it a server that is out of memory refuses a script that writes. */
const ALLOW_WHEN_FULL = '#!lua flags=allow-oom\n';

const digests = new Map<string, string>();

function digestOf(text: string): string {
  let digest = digests.get(text);
  if (digest === undefined) digests.set(text, (digest = nodeCrypto().hash('sha1', text)));
  return digest;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

type Part = string | Buffer | number;

async function runText(
  client: RedisLike,
  text: string,
  keys: readonly string[],
  args: readonly Part[],
): Promise<unknown> {
  try {
    return await client.callBuffer('EVALSHA', digestOf(text), keys.length, ...keys, ...args);
  } catch (error) {
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
    return client.callBuffer('EVAL', text, keys.length, ...keys, ...args);
  }
}

/** Runs a script on a client. Rejects with the error of the client. */
export type ScriptRunner = (
  client: RedisLike,
  script: Script,
  keys: readonly string[],
  args: readonly Part[],
) => Promise<unknown>;

/** A runner that remembers whether the server understands script flags: it tries once. */
export function createScriptRunner(): ScriptRunner {
  let knowsFlags = true;
  return async (client, script, keys, args) => {
    if (script.isAllowedWhenFull !== true || !knowsFlags) return runText(client, script.text, keys, args);
    try {
      return await runText(client, ALLOW_WHEN_FULL + script.text, keys, args);
    } catch (error) {
      // An older server reads the flags line as Lua, or does not know the flag.
      if (!/^ERR .*(compil|shebang|engine|flag)/i.test(messageOf(error))) throw error;
      knowsFlags = false;
      return runText(client, script.text, keys, args);
    }
  };
}
