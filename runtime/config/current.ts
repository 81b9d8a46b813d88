// The configuration that holds now: what code said, what the environment says, and which generation it is.
import { forgetNotices, notice } from '../observe/notice.ts';
import { readEnvironment, type Environment } from './env.ts';

let environment: Environment | undefined;

/** Read once; what is wrong with it is said once. */
export function currentEnvironment(): Environment {
  if (environment !== undefined) return environment;
  const read = readEnvironment(process.env, process.versions.node);
  environment = read.environment;
  for (const said of read.notices) notice(said.code, said.message, `${said.code} ${said.name}`);
  return environment;
}

/** Tests only: variables may have changed. */
export function forgetEnvironment(): void {
  environment = undefined;
  forgetNotices();
}
