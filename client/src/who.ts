import * as vscode from 'vscode';
import { whoMethod, type WhoParams, type WhoPlace, type WhoResult } from '../../server/src/lsp/protocol.ts';
import { parseIp } from '../../server/src/syntax/address.ts';
import type { Server } from './server.ts';

/**
 * Asks who wants to come in, and shows which record decides and why those before it do not. With a role in `given` nothing is
 * asked; a menu gives something that has none.
 */
export async function whichRuleMatches(server: Server, given?: Partial<WhoParams>): Promise<WhoResult | undefined> {
  const editor = vscode.window.activeTextEditor;
  const uri = given?.uri ?? (editor?.document.languageId === 'pg-hba' ? editor.document.uri.toString() : undefined);
  if (uri === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a pg_hba.conf to see which of its records a client meets'));
    return undefined;
  }
  const asked = given?.role === undefined ? await askFor() : { ...given, role: given.role };
  if (asked === undefined) return undefined;
  const client = await server.start();
  const result = await client.sendRequest<WhoResult | null>(whoMethod, { ...asked, uri } satisfies WhoParams);
  if (result === null) {
    void vscode.window.showWarningMessage(vscode.l10n.t('This file is not looked at, because the settings leave it out'));
    return undefined;
  }
  const first = result.deciding ?? result.problems[0] ?? result.earlier.find(({ doubtful }) => doubtful);
  if (first) await reveal(first);
  void show(result);
  return result;
}

type Asked = Omit<WhoParams, 'uri'>;

let last = { role: 'postgres', database: 'postgres', address: '' };

async function askFor(): Promise<Asked | undefined> {
  const title = vscode.l10n.t('Which Rule Matches');
  const role = await ask({ title: `${title} (1/4)`, prompt: vscode.l10n.t('Role that logs in'), value: last.role, validateInput: (text) => (text === '' ? vscode.l10n.t('A role has a name') : undefined) });
  if (role === undefined) return undefined;
  const database = await ask({ title: `${title} (2/4)`, prompt: vscode.l10n.t('Database that it asks for; leave it empty for physical replication'), value: last.database });
  if (database === undefined) return undefined;
  const address = await ask({ title: `${title} (3/4)`, prompt: vscode.l10n.t('IP address that the client comes from; leave it empty for the local socket'), value: last.address, validateInput: addressProblem });
  if (address === undefined) return undefined;
  last = { role, database, address };
  const asked = { role, ...(database !== '' && { database }) };
  if (address === '') return asked;
  const encryption = await vscode.window.showQuickPick(encryptions, { title: `${title} (4/4)`, placeHolder: vscode.l10n.t('Encryption of the connection') });
  return encryption && { ...asked, address, encryption: encryption.value };
}

function ask(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}

function addressProblem(text: string): string | undefined {
  if (text === '' || parseIp(text)) return undefined;
  return text.includes('/') ? vscode.l10n.t('A client has one address, not a network') : vscode.l10n.t('Not an IP address, such as 192.168.1.5 or 2001:db8::5');
}

const encryptions = [
  { label: vscode.l10n.t('None'), value: 'none' },
  { label: 'TLS', value: 'tls' },
  { label: 'GSSAPI', value: 'gss' },
] as const;

/** A list that can be walked with the keyboard and is read aloud line by line; moving through it moves through the file. */
async function show({ message, deciding, otherwise, earlier, problems, notes }: WhoResult): Promise<void> {
  const item = (place: WhoPlace, detail: string) => ({ label: place.label, description: place.text, detail, place });
  const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, place: undefined });
  const items = [
    ...(deciding ? [item(deciding, vscode.l10n.t('Decides'))] : []),
    ...(otherwise ? [item(otherwise, vscode.l10n.t('Decides if none of the lines in doubt does'))] : []),
    ...(problems.length > 0 ? [heading(vscode.l10n.t('Refused by the server'))] : []), ...problems.map((line) => item(line, line.why)),
    ...(earlier.length > 0 ? [heading(vscode.l10n.t('Lines before it'))] : []), ...earlier.map((line) => item(line, line.doubtful ? vscode.l10n.t('May decide: {0}', line.why) : vscode.l10n.t('Does not match: {0}', line.why))),
  ];
  const placeHolder = [message, ...notes].join('. ');
  if (items.length === 0) return void vscode.window.showInformationMessage(placeHolder);
  const chosen = await vscode.window.showQuickPick(items, { title: message, placeHolder, matchOnDescription: true, matchOnDetail: true });
  if (chosen?.place) await reveal(chosen.place);
}

async function reveal({ uri, range: { start, end } }: WhoPlace): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  const editor = await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
