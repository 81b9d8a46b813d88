// A headless Chromium, where there is one: it loads a page, lets its scripts work, and prints the document.
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export const chromium: string | undefined = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export interface LoadedPage {
  /** The document as the scripts left it. */
  readonly html: string;
  /** What the page and the browser complained about on its console. */
  readonly consoleLines: readonly string[];
}

/** @param pageTimeMs how long the page believes that it was open; requests of its own are waited for. */
export async function loadPage(path: string, url: string, pageTimeMs: number): Promise<LoadedPage> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--enable-logging=stderr',
    `--user-data-dir=${profile}`,
    `--virtual-time-budget=${pageTimeMs}`,
    '--dump-dom',
    url,
  ];
  try {
    const { stdout, stderr } = await promisify(execFile)(path, args, { timeout: 90_000 });
    return { html: stdout, consoleLines: stderr.split('\n').filter((line) => line.includes('CONSOLE')) };
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
