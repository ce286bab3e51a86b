// Writes what one real server per major version knows: server/src/catalog/parameters.json from its pg_settings view, and extensions.json
// from the extensions that come with it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { supportedVersions } from '../server/src/document.ts';
import { catalogText } from '../test/oracle/catalog.ts';
import { extensionsText } from '../test/oracle/extensions.ts';
import { main, repository } from './install.ts';

await main(async () => {
  const write = (name: string, text: string) => writeFileSync(path.join(repository, 'server', 'src', 'catalog', name), text);
  write('parameters.json', await catalogText(supportedVersions));
  write('extensions.json', await extensionsText(supportedVersions));
});
