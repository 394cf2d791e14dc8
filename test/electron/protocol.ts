import type { CustomScheme, Protocol as ElectronProtocol } from 'electron';
import { isCustomScheme, registerScheme } from './custom-schemes.ts';
import { guardClass, StandInError } from './guard.ts';

type Handler = Parameters<ElectronProtocol['handle']>[1];

/** `session.protocol`: the app's own answers to requests of a custom scheme. */
export class Protocol
  implements Pick<ElectronProtocol, 'handle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged' | 'unhandle'>
{
  static {
    guardClass('Protocol', Protocol);
  }

  private readonly handlers = new Map<string, Handler>();

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    for (const scheme of schemes) registerScheme(scheme);
  }

  handle(scheme: string, handler: Handler): void {
    if (!isCustomScheme(scheme)) {
      throw new StandInError(`only schemes registered as privileged can be handled, "${scheme}" is not`);
    }
    if (this.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    this.handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.handlers.has(scheme);
  }

  /** The app's answer; null when the scheme has no handler in this session. */
  async answer(request: Request): Promise<Response | null> {
    const handler = this.handlers.get(new URL(request.url).protocol.slice(0, -1));
    return handler === undefined ? null : handler(request);
  }
}
