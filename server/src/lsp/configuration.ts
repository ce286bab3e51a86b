import type { Connection } from 'vscode-languageserver';
import type { Client } from './client.ts';
import { readSettings, type Settings } from './settings.ts';

/** The settings of every document, asked for once until they change. */
export class Configuration {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #kept = new Map<string, Promise<Kept>>();
  readonly #said = new Set<string>();
  #pushed: unknown;

  constructor(connection: Connection, client: Client) {
    this.#connection = connection;
    this.#client = client;
    this.#pushed = client.settings;
  }

  async of(uri: string): Promise<Settings> {
    return (await this.#keptFor(uri)).settings;
  }

  /** The settings of the window, which belong to no document. */
  ofWindow(): Promise<Settings> {
    return this.of('');
  }

  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  /** Are settings that were given to anybody other ones now? Editors also speak of a change when they begin. `pushed` is what clients send that cannot be asked. */
  async changed(pushed: unknown): Promise<boolean> {
    const before = [...this.#kept];
    this.#kept.clear();
    if (typeof pushed === 'object' && pushed !== null && 'pgrampart' in pushed) this.#pushed = pushed.pgrampart;
    const differ = await Promise.all(before.map(async ([uri, old]) => (await old).text !== (await this.#keptFor(uri)).text));
    return differ.includes(true);
  }

  #keptFor(uri: string): Promise<Kept> {
    let kept = this.#kept.get(uri);
    if (kept === undefined) this.#kept.set(uri, kept = this.#read(uri));
    return kept;
  }

  async #read(uri: string): Promise<Kept> {
    const raw = await this.#raw(uri);
    const { settings, problems } = readSettings(raw);
    for (const problem of problems) {
      if (!this.#said.has(problem)) this.#connection.console.warn(problem);
      this.#said.add(problem);
    }
    return { settings, text: JSON.stringify(raw) };
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

interface Kept {
  readonly settings: Settings;
  /** As the editor gave them. */
  readonly text: string | undefined;
}
