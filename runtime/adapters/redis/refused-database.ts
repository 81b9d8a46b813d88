// A server that refuses SELECT. The client library goes on with database 0 then, where entries of somebody else are.
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';

/**
 * What an error of the greeting says about the database of the URL: no right to select, no such number, or a Cluster.
 * Of the kind `auth`, since it is for the settings to heal; undefined for every other error.
 */
export function refusedDatabase(error: Error): BackendError | undefined {
  if (error.name !== 'ReplyError' || !('command' in error)) return undefined;
  const { command } = error;
  const isSelect = typeof command === 'object' && command !== null && 'name' in command;
  if (!isSelect || command.name !== 'select') return undefined;
  const known = classifyRedisError(error);
  return known.kind === 'permanent' ? new BackendError('auth', 'Redis refused the database number.') : known;
}
