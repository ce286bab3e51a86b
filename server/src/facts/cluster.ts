import type { Settings } from './settings.ts';

/** The files of one server, as far as they are in the workspace. What is not known is absent and never reported. */
export interface Cluster {
  /** The postgresql.conf of this cluster. */
  readonly conf?: { readonly path: string; readonly settings: Settings };
}
