// Writes server/src/catalog/parameters.json from the pg_settings view of one real server per major version.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { supportedVersions } from '../server/src/document.ts';
import { catalogText } from '../test/oracle/catalog.ts';
import { main, repository } from './install.ts';

await main(async () => {
  writeFileSync(path.join(repository, 'server', 'src', 'catalog', 'parameters.json'), await catalogText(supportedVersions));
});
