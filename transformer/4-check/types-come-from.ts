// Whose edits decide about this function? Types of other files are inputs, and nobody sees that in the code.
import type { Rule } from './rule.ts';

/** CK3009: the project's own files that declare a type of the signature, without the file of the function. */
export const typesComeFrom: Rule = ({ file, signature, marker }, { root }) => {
  if (root === undefined) return [];
  const others = signature.files
    .filter((one) => one !== file && one.startsWith(root) && !one.includes('/node_modules/'))
    .map((one) => one.slice(root.length));
  if (others.length === 0) return [];
  return [{ code: 'CK3009', range: marker.target.nameRange, args: { files: others } }];
};
