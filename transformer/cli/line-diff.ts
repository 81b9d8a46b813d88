// A line diff for the terminal: changed lines with - and +, and some context.

/** Lines of context around a change. */
const AROUND = 2;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The diff under a heading with the name; without a line end after the last line. */
export function lineDiff(before: string, after: string, name: string): string {
  const lines = compare(before === '' ? [] : splitLines(before), splitLines(after));
  const near = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => line.sign !== ' ');
  const shown: string[] = [`--- ${name}`];
  lines.forEach((line, index) => {
    if (near(index)) shown.push(`${line.sign} ${line.text}`.trimEnd());
    else if (near(index - 1)) shown.push('  …');
  });
  return shown.join('\n');
}

function splitLines(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** By longest common subsequence, which is quadratic but fine for short configuration files. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const result: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      result.push({ sign: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      result.push({ sign: '-', text: old });
      i++;
    } else {
      result.push({ sign: '+', text: now ?? '' });
      j++;
    }
  }
  return result;
}
