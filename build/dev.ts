/**
 * `npm run dev [-- options of npm start]`: the app in browser mode behind Vite's server, which builds the interface as it
 * is asked for and reloads the page at each change. A change of the desk needs a new start.
 */
import { join } from 'node:path';
import { createServer, type ProxyOptions } from 'vite';
import { startProgram } from './demo/program.ts';
import { root, say } from './tools.ts';

const HOST = '127.0.0.1';

const given = process.argv.slice(2);
const port = given.includes('--port') ? [] : ['--port', '0'];
const own = Object.fromEntries(Object.entries(process.env).map(([name, value = '']) => [name, value]));
const desk = startProgram(join(root, 'src', 'serve', 'main.ts'), ['--no-open', ...port, ...given], own);
// One that ends before has said why.
void desk.exit.then((code) => process.exit(code));
const ready = new URL(await desk.line(/^ready (http:\/\/\S+)$/));

/** To the desk, as if the page had come from it: it answers no other origin. */
const toDesk: ProxyOptions = {
  target: ready.origin,
  changeOrigin: true,
  ws: true,
  headers: { origin: ready.origin },
};
const server = await createServer({
  configFile: join(root, 'renderer', 'vite.config.ts'),
  server: { host: HOST, proxy: { '^/(api|ws|session)(/|[?]|$)': toDesk, '^/[?](key|code)=': toDesk } },
});
await server.listen();
say(`ready ${server.resolvedUrls?.local[0]}${ready.search}`);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void desk.stop());
