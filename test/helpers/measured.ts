// A test can report what it measured; `npm run promises` prints it beside the promise.
import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    measured?: string;
  }
}

export function measured(context: TestContext, text: string): void {
  context.task.meta.measured = text;
}
