// `cachekit keygen`: prints a new master key.
import { keygen as makeKey } from '../../runtime/crypto/master-key.ts';
import { EXIT, type CliContext } from './cli-context.ts';

export function keygen(options: { readonly json: boolean }, context: CliContext): number {
  const key = makeKey();
  context.print(options.json ? JSON.stringify({ version: 1, key }) : key);
  return EXIT.fine;
}
