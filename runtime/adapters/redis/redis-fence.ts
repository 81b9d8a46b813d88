// Leases and locks on Redis, in the keys `<key>:f` and `<key>:l`. Each operation is one script in the slot of the
// entry.
import type { BeginAnswer, FenceCapability } from '../../backend/fence-capability.ts';
import { asBuffer, bytesOfHex, wholeMs } from './arguments.ts';
import { besideKey } from './key-names.ts';
import { untilAborted } from './lane.ts';
import { bytesOf, flagOf, listOf, replyAs, wholeOf } from './replies.ts';
import type { ScriptRunner } from './run-script.ts';
import { BEGIN, FILL, RELEASE, RENEW, REPLACE, type Script } from './scripts.ts';
import type { Servers } from './servers.ts';

function beginAnswer(reply: unknown): BeginAnswer {
  const [first, bytes] = listOf(reply, 2);
  const [code, value] = [wholeOf(first), bytesOf(bytes)];
  if (code === 0) return { kind: 'filled', value };
  return { kind: code === 1 ? 'run' : 'locked', lease: asBuffer(value).toString('hex') };
}

/** The bytes of a lock token; '', which stands for no token, stays ''. */
function tokenOf(token: string): Buffer | string {
  return token === '' ? '' : bytesOfHex(token);
}

/** The fence over these servers. */
export function redisFence(servers: Servers, run: ScriptRunner): FenceCapability {
  const script = <T>(
    of: Script,
    read: (reply: unknown) => T,
    key: string,
    keys: readonly string[],
    args: readonly (string | Buffer | number)[],
    signal: AbortSignal,
  ): Promise<T> =>
    untilAborted(signal, (abandonment) =>
      servers.send(key, abandonment, false, (client) => replyAs(run(client, of, keys, args), read)),
    );
  const all = (key: string): string[] => [key, besideKey(key, 'f'), besideKey(key, 'l')];
  return {
    async begin({ key, nonce, leaseMs, token, lockMs, rejected }, signal) {
      const lockFor = token === '' ? 1 : wholeMs(lockMs);
      const seen = rejected === undefined ? ['', '0'] : [asBuffer(rejected), '1'];
      const args = [bytesOfHex(nonce), wholeMs(leaseMs), tokenOf(token), lockFor, ...seen];
      return script(BEGIN, beginAnswer, key, all(key), args, signal);
    },
    async fill({ key, lease, value, ttlMs, token, beside }, signal) {
      const args = [bytesOfHex(lease), asBuffer(value), wholeMs(ttlMs), tokenOf(token)];
      const [keys, more] = beside === undefined ? [[], []] : [[beside.key], [asBuffer(beside.value)]];
      return script(FILL, flagOf, key, [...all(key), ...keys], [...args, ...more], signal);
    },
    async renew(key, token, lockMs, signal) {
      if (token === '') return false;
      const args = [bytesOfHex(token), wholeMs(lockMs)];
      return script(RENEW, flagOf, key, [besideKey(key, 'l')], args, signal);
    },
    async release(key, token, signal) {
      if (token === '') return;
      await script(RELEASE, flagOf, key, [besideKey(key, 'l')], [bytesOfHex(token)], signal);
    },
    async replace({ key, expected, value, ttlMs }, signal) {
      const args = [asBuffer(expected), asBuffer(value), wholeMs(ttlMs)];
      return script(REPLACE, flagOf, key, [key], args, signal);
    },
  };
}
