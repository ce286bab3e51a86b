import { hbaFacts } from '../facts/access.ts';
import { decide, type HbaClient } from '../facts/hba/matching.ts';
import { whoAnswer, type WhoLine } from '../report/who.ts';
import { parseIp } from '../syntax/address.ts';
import { Lines } from '../text.ts';
import type { Look } from './looks.ts';
import { Places } from './places.ts';
import type { WhoParams, WhoPlace, WhoResult } from './protocol.ts';

/** Which record a client meets, with places that an editor can go to; `uriOf` names other files. */
export function answerWho({ document, uri, places }: Look, params: WhoParams, uriOf: (path: string) => string): WhoResult | null {
  const client = clientOf(params);
  if (document.language !== 'hba' || client === undefined) return null;
  const { deciding, otherwise, earlier, problems, ...rest } = whoAnswer(document, client, decide(hbaFacts(document), client));
  const placesOf = new Map<string, Places>();
  const placeOf = ({ path, span, label, text }: WhoLine): WhoPlace => {
    if (path === document.path) return { uri, range: places.range(span), label, text };
    let known = placesOf.get(path);
    if (known === undefined) {
      const content = document.files.read(path) ?? '';
      placesOf.set(path, known = new Places(new Lines(content), content.startsWith('\ufeff')));
    }
    return { uri: uriOf(path), range: known.range(span), label, text };
  };
  return {
    ...rest,
    ...(deciding && { deciding: placeOf(deciding) }),
    ...(otherwise && { otherwise: placeOf(otherwise) }),
    earlier: earlier.map((line) => ({ ...placeOf(line), why: line.why, doubtful: line.doubtful })),
    problems: problems.map((line) => ({ ...placeOf(line), why: line.why })),
  };
}

function clientOf({ role, database, address, encryption = 'none', memberOf, clientName }: WhoParams): HbaClient | undefined {
  const bytes = address === undefined ? undefined : parseIp(address);
  if (address !== undefined && bytes === undefined) return undefined;
  return {
    role, ...(database !== undefined && { database }), ...(memberOf && { memberOf }),
    transport: bytes ? { address: bytes, encryption, ...(clientName !== undefined && { name: clientName }) } : 'socket',
  };
}
