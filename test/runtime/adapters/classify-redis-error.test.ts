// Every error of a Redis client has one of four kinds, and a text without anything of the user's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyRedisError } from '../../../runtime/adapters/redis/classify-redis-error.ts';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });
const system = (code: string): Error => Object.assign(new Error(`connect ${code} 10.0.0.1:6379`), { code });

test.each([
  [reply('WRONGTYPE Operation against a key holding the wrong kind of value'), 'permanent'],
  [reply("OOM command not allowed when used memory > 'maxmemory'."), 'permanent'],
  [reply('MISCONF Redis is configured to save RDB snapshots'), 'permanent'],
  [reply('ERR unknown command'), 'permanent'],
  [reply('NOAUTH Authentication required.'), 'auth'],
  [reply('WRONGPASS invalid username-password pair'), 'auth'],
  [reply("NOPERM this user has no permissions to access the 'secret-key' key"), 'auth'],
  [reply('ERR invalid password'), 'auth'],
  [reply('LOADING Redis is loading the dataset in memory'), 'transient'],
  [reply('BUSY Redis is busy running a script.'), 'transient'],
  [reply("READONLY You can't write against a read only replica."), 'transient'],
  [reply('ERR max number of clients reached'), 'transient'],
  [reply('MASTERDOWN Link with MASTER is down'), 'transient'],
  [reply('CLUSTERDOWN Hash slot not served'), 'transient'],
  [reply('TRYAGAIN Multiple keys request during rehashing of slot'), 'transient'],
  [reply('UNBLOCKED force unblock from blocking operation'), 'transient'],
  [reply('NOREPLICAS Not enough good replicas to write.'), 'permanent'],
  [reply('MISCONF Errors writing to the AOF file. script: a1, on @user_script:3.'), 'permanent'],
  [
    reply("READONLY You can't write against a read only replica. script: a1, on @user_script:3."),
    'transient',
  ],
  [
    reply(
      "ERR Error running script (call to f_a1): @user_script:3: @user_script: 3: -READONLY You can't write",
    ),
    'transient',
  ],
  [
    reply(
      'ERR Error running script (call to f_a1): @user_script:3: @user_script: 3: -OOM command not allowed',
    ),
    'permanent',
  ],
  [reply("ERR ACL failure in script: User app has no permissions to run the 'zadd' command"), 'auth'],
  [system('ECONNREFUSED'), 'transient'],
  [system('ENOTFOUND'), 'transient'],
  [system('ECONNRESET'), 'transient'],
  [new Error('connect ETIMEDOUT'), 'timeout'],
  [new Error('Command timed out'), 'timeout'],
  [new Error('Socket timeout. Expecting data, but did not receive any in 1000ms.'), 'timeout'],
  [new Error('Connection is closed.'), 'transient'],
  ['a string', 'transient'],
  [undefined, 'transient'],
])('%s is %s', (error, kind) => {
  expect(classifyRedisError(error).kind).toBe(kind);
});

test('no text, cause or property carries what the error said', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('WRONGTYPE', 'NOPERM', 'ERR', 'OOM', 'ECONNREFUSED', '', 'NOPE'),
      fc.constantFrom('ReplyError', 'Error'),
      (word, name) => {
        const command = { name: 'get', args: ['user:CANARY@example.org'] };
        const error = Object.assign(new Error(`${word} about CANARY`), { name, command });
        const told = classifyRedisError(error);
        expect(told.cause).toBeUndefined();
        expect(`${told.message}${JSON.stringify(told)}${told.stack}`).not.toContain('CANARY');
      },
    ),
  );
});
