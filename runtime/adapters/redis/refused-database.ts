// Recognises a refused SELECT, after which ioredis goes on with database 0, where the entries of others may be.
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';

/**
 * The failure if the server refused the database of the URL: no permission to select, no such number, or a Cluster. Its
 * kind is `auth` for a number that is refused, because only a change of settings helps. undefined for any other error.
 */
export function refusedDatabase(error: Error): BackendError | undefined {
  if (error.name !== 'ReplyError' || !('command' in error)) return undefined;
  const { command } = error;
  const isSelect = typeof command === 'object' && command !== null && 'name' in command;
  if (!isSelect || command.name !== 'select') return undefined;
  const known = classifyRedisError(error);
  return known.kind === 'permanent' ? new BackendError('auth', 'Redis refused the database number.') : known;
}
