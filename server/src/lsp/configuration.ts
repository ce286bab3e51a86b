import type { Connection } from 'vscode-languageserver';
import type { Client } from './client.ts';
import { readSettings, type Settings } from './settings.ts';

/** The settings of every document, asked for once until they change. */
export class Configuration {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #kept = new Map<string, Promise<Settings>>();
  readonly #said = new Set<string>();
  #pushed: unknown;

  constructor(connection: Connection, client: Client) {
    this.#connection = connection;
    this.#client = client;
    this.#pushed = client.settings;
  }

  of(uri: string): Promise<Settings> {
    let settings = this.#kept.get(uri);
    if (settings === undefined) this.#kept.set(uri, settings = this.#read(uri));
    return settings;
  }

  /** The settings of the window, which belong to no document. */
  ofWindow(): Promise<Settings> {
    return this.of('');
  }

  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  /** `pushed` is what clients send that cannot be asked. */
  changed(pushed: unknown): void {
    this.#kept.clear();
    if (typeof pushed === 'object' && pushed !== null && 'pgrampart' in pushed) this.#pushed = pushed.pgrampart;
  }

  async #read(uri: string): Promise<Settings> {
    const { settings, problems } = readSettings(await this.#raw(uri));
    for (const problem of problems) {
      if (!this.#said.has(problem)) this.#connection.console.warn(problem);
      this.#said.add(problem);
    }
    return settings;
  }

  async #raw(uri: string): Promise<unknown> {
    if (!this.#client.givesConfiguration) return this.#pushed;
    try {
      return await this.#connection.workspace.getConfiguration({ ...(uri === '' ? {} : { scopeUri: uri }), section: 'pgrampart' });
    } catch (error) {
      this.#connection.console.error(`The settings cannot be read, defaults are used: ${String(error)}`);
      return undefined;
    }
  }
}
