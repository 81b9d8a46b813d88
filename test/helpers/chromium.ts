// A headless Chromium, where there is one: it loads a page, lets its scripts work, and prints the document.
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePackage } from './ensure-package.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The first on PATH; undefined when there is none. */
export function findChromium(): string | undefined {
  return (process.env['PATH'] ?? '')
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
}

/** Where the machine is ours: in CI, and for the promises. True: there is one now. */
export function ensureChromium(): boolean {
  return ensurePackage('chromium', () => findChromium() !== undefined);
}

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
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
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
