// The parsed environment variables of this process.
import { forgetNotices, notice } from '../observe/notice.ts';
import { readEnvironment, type Environment } from './env.ts';

let environment: Environment | undefined;

/** Reads the variables once, and warns once of each that is unknown or ill-typed. */
export function currentEnvironment(): Environment {
  if (environment !== undefined) return environment;
  const read = readEnvironment(process.env, process.versions.node);
  environment = read.environment;
  for (const { code, message, name } of read.notices) notice(code, message, `${code} ${name}`);
  return environment;
}

/** For tests: reads the variables again at the next use, and repeats notices. */
export function forgetEnvironment(): void {
  environment = undefined;
  forgetNotices();
}
