import { builtinModules } from 'node:module';
import { parseAst } from 'vite';

/** What may be left outside the main bundle: Electron, keytar for its native file, and speed-ups of ws that may be missing. */
const mainMayImport = [/^electron(\/(main|common))?$/, /^keytar$/, /^(bufferutil|utf-8-validate)$/];
/** What Electron lets a sandboxed preload load. */
const preloadMayRequire = [/^electron$/, /^(node:)?(events|timers|url)$/];

/** Modules that the main bundle needs at run time and the installers do not have. */
export function missingFromMain(source: string): readonly string[] {
  const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
  return importsOf(source).filter(
    (name) => !builtins.has(name) && !name.startsWith('node:') && !mainMayImport.some((allowed) => allowed.test(name)),
  );
}

/** Modules that the preload asks for and a sandboxed page's preload does not get. */
export function missingFromPreload(source: string): readonly string[] {
  return importsOf(source).filter((name) => !preloadMayRequire.some((allowed) => allowed.test(name)));
}

/** Every module a script names in an import or a require, each once. */
function importsOf(source: string): readonly string[] {
  const found = new Set<string>();
  visit(parseAst(source), found);
  return [...found];
}

function visit(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const named = moduleNamedBy(node as SyntaxNode);
  if (named !== null) found.add(named);
  for (const child of Object.values(node)) visit(child, found);
}

/** The fields of a syntax tree's nodes that name modules. */
interface SyntaxNode {
  readonly type?: string;
  readonly source?: { readonly value?: unknown } | null;
  readonly callee?: { readonly name?: string };
  readonly arguments?: readonly { readonly value?: unknown }[];
}

function moduleNamedBy(node: SyntaxNode): string | null {
  const isCall = node.type === 'CallExpression' && /^(__)?require$/.test(node.callee?.name ?? '');
  const isImport = /^(Import(Declaration|Expression)|Export(Named|All)Declaration)$/.test(node.type ?? '');
  const value = isCall ? node.arguments?.[0]?.value : isImport ? node.source?.value : null;
  return typeof value === 'string' ? value : null;
}
