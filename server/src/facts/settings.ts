import type { Document } from '../document.ts';
import type { ConfFile, ConfSetting } from '../syntax/conf.ts';

/** What a postgresql.conf means. */
export interface ConfFacts {
  readonly document: Document;
  readonly file: ConfFile;
  /** The settings in force when the server starts with this file: includes followed, last one wins, then postgresql.auto.conf beside it. */
  readonly settings: Settings;
  /** True for a root postgresql.conf: not an include fragment, not postgresql.auto.conf, at least one connection or logging parameter. */
  readonly root: boolean;
}

export interface Settings {
  /** The setting in force, or undefined when no file sets it. `name` in any case; old names are mapped. */
  get(name: string): SettingInForce | undefined;
  /** The value in force, or the server's default for the version; undefined for an unknown parameter. Unquoted text as the server would show it. */
  value(name: string): string | undefined;
  /** A Boolean parameter's value in force as the server reads it (`tru`, `ON`, `1`), or its default; undefined when it is not a Boolean or a template. */
  flag(name: string): boolean | undefined;
  readonly all: readonly SettingInForce[];
}

export interface SettingInForce {
  readonly setting: ConfSetting;
  /** The file that holds it. */
  readonly path: string;
}
