/** Where the version that files are looked at for is known from. */
export type VersionOrigin =
  /** The file, folder or setting that tells it. */
  | { readonly from: 'project' | 'folder' | 'image' | 'setting'; readonly name: string }
  /** PG_VERSION beside the file; nothing: the newest version, because no file says which, or because the text is not on disk. */
  | { readonly from: 'cluster' | 'nothing' | 'untitled' };

/** As the end of a sentence: `from PG_VERSION beside the file`. */
export function originText(origin: VersionOrigin): string {
  switch (origin.from) {
    case 'project': return `from ${origin.name}`;
    case 'folder': return `from the folder name ${origin.name}`;
    case 'image': return `from the image in ${origin.name}`;
    case 'setting': return `from the setting ${origin.name}`;
    case 'cluster': return 'from PG_VERSION beside the file';
    case 'nothing': return 'the newest one, because no file says which';
    case 'untitled': return 'the newest one, because the text is not on disk';
  }
}
