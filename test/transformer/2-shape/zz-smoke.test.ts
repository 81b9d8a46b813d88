import ts from 'typescript';
import { it } from 'vitest';
import { createTypeReader } from '/work/main/transformer/host/ts6-types.ts';
import { readSignature } from '/work/main/transformer/2-shape/read-signature.ts';
import { shapeHash } from '/work/main/transformer/2-shape/hash-shape.ts';
import { printSignature } from '/work/main/transformer/2-shape/print-shape.ts';
it('smoke', () => {
  const cfg = ts.getParsedCommandLineOfConfigFile('/work/main/tsconfig.json', {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic(){} } as any)!;
  const program = ts.createProgram(cfg.fileNames, cfg.options); const checker = program.getTypeChecker();
  let n=0, tShape=0, tHash=0, tCode=0; const slow: any[]=[]; const reasons: Record<string,number>={};
  for (const sf of program.getSourceFiles()) {
    if (sf.fileName.includes('node_modules') || !/\/(runtime|transformer)\//.test(sf.fileName) || sf.fileName.includes('/test/')) continue;
    const reader = createTypeReader(ts, program, checker, sf);
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body) {
        const names = (b: ts.BindingName): string[] => ts.isIdentifier(b) ? [b.text] : b.elements.flatMap((e) => ts.isBindingElement(e) ? names(e.name) : []);
        const params = node.parameters.filter(ts.isParameter).filter(p=>p.name.getText(sf)!=='this');
        const target: any = { name: 'f', node: { start: node.getStart(sf), end: node.end }, params: params.map((p) => ({ names: names(p.name) })), captures: [], async: false };
        const t0 = performance.now(); const s = readSignature(reader, target); const t1 = performance.now(); shapeHash(s); const t2 = performance.now(); reader.codeTokens(target); const t3 = performance.now();
        printSignature(s);
        JSON.stringify(s.result).replace(/"reason":"([^"]+)"/g, (_, r) => { reasons[r]=(reasons[r]??0)+1; return ''; });
        n++; tShape+=t1-t0; tHash+=t2-t1; tCode+=t3-t2; if (t3-t0>60) slow.push([sf.fileName.slice(10), node.getText(sf).slice(0,50), Math.round(t1-t0), Math.round(t2-t1), Math.round(t3-t2)]);
      }
      ts.forEachChild(node, visit);
    };
    visit(sf);
  }
  console.log(n, tShape|0, tHash|0, tCode|0, JSON.stringify(reasons)); for (const s of slow) console.log(JSON.stringify(s));
}, 120000);
