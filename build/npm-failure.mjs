/** What npm meant when it failed, in one sentence: the cause, and what to do about it. Plain JavaScript: see setup.mjs. */

const network =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EPIPE|ERR_SOCKET_CLOSED|FETCH_ERROR|ENOTCACHED)$/;
const certificate = /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH)/;

/**
 * `result` is what `spawnSync` gave for npm; `output` all that npm wrote. The sentences name the registry's host and
 * npm's own code, so that they can be looked up.
 */
export function npmFailure(result, output) {
  if (result.error !== undefined) return notStarted(result.error);
  if (result.signal) return `npm was ended by ${result.signal} before the packages were installed.`;
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(output)?.[1] ?? null;
  const host = /https?:\/\/([^/\s:]+)/.exec(output)?.[1] ?? 'its registry';
  return code === null ? `npm failed: ${ownWords(output, result.status)}` : byCode(code, host, output);
}

function notStarted(error) {
  if (error.code !== 'ENOENT') return `npm could not be started: ${error.message}.`;
  return 'npm was not found on this machine. It comes with Node: https://nodejs.org.';
}

function byCode(code, host, output) {
  if (network.test(code)) {
    return `npm could not reach ${host} (${code}). Check the network, or npm's proxy setting, and run the same command again.`;
  }
  if (certificate.test(code)) {
    return `npm does not trust the certificate of ${host} (${code}). Behind a company's proxy, name its certificate in npm's "cafile" setting.`;
  }
  if (/^E(4|5)\d\d$/.test(code)) return `${host} refused to give a package (${code}): ${ownWords(output)}`;
  const words = {
    EINTEGRITY:
      'a package is not the one that package-lock.json names; none of it was run. npm cache clean --force makes npm fetch it anew',
    ENOSPC: 'the disk is full',
    EROFS: 'the folder is on a read-only disk',
    EACCES: 'a file or folder may not be written',
    EPERM: 'a file or folder may not be written, or another program has it open',
    EBUSY: 'another program has a file open',
    EUSAGE: 'package.json and package-lock.json do not belong together',
  }[code];
  return words === undefined
    ? `npm failed (${code}): ${ownWords(output)}`
    : `The packages could not be installed: ${words} (${code}). npm says: ${ownWords(output)}`;
}

/** npm's first line that says more than a code, without what npm puts before it. */
function ownWords(output, status = null) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const said = lines.find((line) => line !== '' && !/^(code|errno|syscall|path|A complete log) /.test(`${line} `));
  return said ?? `it ended with ${status} and said nothing.`;
}
