import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProxySetting } from '../probes.ts';

/**
 * The proxies a PC is set up with: the environment's variables, and what the system's own settings say, read with the tool
 * each system has for it. The values lose user and password here.
 */

const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'] as const;
const OUTPUT_LIMIT_BYTES = 64 * 1024;

interface Tool {
  readonly command: string;
  readonly args: readonly string[];
  readonly read: (output: string) => ProxySetting[];
}

const REGISTRY_KEY = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

const tools: Readonly<Record<string, Tool>> = {
  win32: { command: 'reg', args: ['query', REGISTRY_KEY], read: readRegistry },
  darwin: { command: 'scutil', args: ['--proxy'], read: readScutil },
  linux: { command: 'gsettings', args: ['list-recursively', 'org.gnome.system.proxy'], read: readGsettings },
};

/** Upper or lower case, as programs take them. */
export function environmentProxies(environment: Readonly<Record<string, string | undefined>>): ProxySetting[] {
  return VARIABLES.flatMap((name) => {
    const value = environment[name] ?? environment[name.toLowerCase()] ?? '';
    return value === '' ? [] : [{ from: 'environment' as const, name, value: withoutLogin(value) }];
  });
}

/** What the system is set to; nothing where its tool is missing (a Linux without GNOME's settings). */
export async function systemProxies(platform: string, signal: AbortSignal): Promise<ProxySetting[]> {
  const tool = tools[platform];
  if (tool === undefined) return [];
  try {
    const options = { signal, encoding: 'utf8', maxBuffer: OUTPUT_LIMIT_BYTES, windowsHide: true } as const;
    const { stdout } = await promisify(execFile)(tool.command, [...tool.args], options);
    return tool.read(stdout);
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  }
}

/** `    ProxyEnable    REG_DWORD    0x1` */
export function readRegistry(output: string): ProxySetting[] {
  const values = new Map(
    [...output.matchAll(/^\s+(\w+)\s+REG_\w+\s+(.+?)\s*$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const isOn = Number(values.get('ProxyEnable') ?? 0) === 1;
  return [
    ...setting('proxy', isOn ? values.get('ProxyServer') : undefined),
    ...setting('automatic configuration', values.get('AutoConfigURL')),
  ];
}

/** `  HTTPSEnable : 1` */
export function readScutil(output: string): ProxySetting[] {
  const values = new Map(
    [...output.matchAll(/^\s+(\w+)\s*:\s*(.+?)\s*$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const proxy = (kind: string): string | undefined =>
    values.get(`${kind}Enable`) === '1' ? `${values.get(`${kind}Proxy`)}:${values.get(`${kind}Port`)}` : undefined;
  const isAutomatic = values.get('ProxyAutoConfigEnable') === '1';
  return [
    ...setting('HTTPS proxy', proxy('HTTPS')),
    ...setting('HTTP proxy', proxy('HTTP')),
    ...setting('SOCKS proxy', proxy('SOCKS')),
    ...setting('automatic configuration', isAutomatic ? values.get('ProxyAutoConfigURLString') : undefined),
  ];
}

/** `org.gnome.system.proxy.https host 'proxy.example'` */
export function readGsettings(output: string): ProxySetting[] {
  const values = new Map(
    [...output.matchAll(/^org\.gnome\.system\.(proxy\S*) (\S+) (.*?)\s*$/gm)].map(
      ([, schema = '', key = '', value = '']) => [`${schema} ${key}`, value.replace(/^'|'$/g, '')],
    ),
  );
  const host = (kind: string): string | undefined => {
    const name = values.get(`proxy.${kind} host`) ?? '';
    return name === '' ? undefined : `${name}:${values.get(`proxy.${kind} port`) ?? '0'}`;
  };
  switch (values.get('proxy mode')) {
    case 'manual':
      return [
        ...setting('HTTPS proxy', host('https')),
        ...setting('HTTP proxy', host('http')),
        ...setting('SOCKS proxy', host('socks')),
      ];
    case 'auto':
      return setting('automatic configuration', values.get('proxy autoconfig-url') || 'found by the network');
    default:
      return [];
  }
}

function setting(name: string, value: string | undefined): ProxySetting[] {
  return value === undefined || value === '' ? [] : [{ from: 'system', name, value: withoutLogin(value) }];
}

/** `http://user:password@host` and `https=user:password@host;…` lose the part that is nobody's business. */
function withoutLogin(value: string): string {
  return value
    .split(';')
    .map((part) => part.replace(/^((?:[a-z]+=)?(?:[a-z0-9]+:\/\/)?)\S*@/i, '$1'))
    .join(';');
}
