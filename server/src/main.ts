import { version } from '../../package.json';
import * as nodeModule from 'node:module';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './lsp/server.ts';
import { nodeHost } from './node-host.ts';
import { loadPostgresFromDisk } from './node-wasm.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];
const chosen = process.argv.some((argument) => transports.some((transport) => argument === transport || argument.startsWith(`${transport}=`)));

process.on('unhandledRejection', (error) => console.error(error));
const connection = chosen ? createConnection(ProposedFeatures.all) : createConnection(ProposedFeatures.all, process.stdin, process.stdout);
serve(connection, { host: nodeHost, loadPostgres: loadPostgresFromDisk, version });

// It would be written at the end of the process, which the editor does not wait for.
setTimeout(() => (nodeModule as { flushCompileCache?: () => void }).flushCompileCache?.(), 3000).unref();
