// A place in the source together with its text, for messages.
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import { shortText } from '../syntax/short-text.ts';

/** A node, as a message shows it. */
export interface Quoted {
  readonly range: Range;
  /** The source text, on one line and shortened. */
  readonly text: string;
}

/** The range and the text of a node. */
export function quote(node: TS.Node): Quoted {
  return { range: { start: node.getStart(), end: node.end }, text: shortText(node.getText()) };
}
