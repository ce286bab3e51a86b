// A client that only knocks: enough of PostgreSQL's protocol to see how a server meets somebody who wants to come in.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Identity } from './certificates.ts';

export interface Knock {
  readonly port: number;
  /** Folder of the Unix-domain socket, or the address to come from (and go to, as far as the IP version is concerned). */
  readonly from: { readonly socket: string } | { readonly address: string; readonly tls?: boolean; readonly certificate?: Identity };
  readonly role: string;
  readonly database?: string;
  /** Physical replication. */
  readonly replication?: boolean;
  /** Absent: a wrong one is given. */
  readonly password?: string;
}

export interface Reception {
  /** What the log names the connection by; undefined on the socket. */
  readonly localPort: number | undefined;
  /** The server has let the client in. */
  readonly entered: boolean;
  /** What the server wanted to see first; undefined when it wanted nothing. */
  readonly asked?: 'password' | 'md5' | 'scram-sha-256' | undefined;
  /** What the server said when it refused. */
  readonly message?: string | undefined;
}

export async function knock(wanted: Knock): Promise<Reception> {
  const socket = await open(wanted);
  try {
    return { localPort: socket.localPort, ...await talk(socket, wanted) };
  } finally {
    socket.destroy();
  }
}

/** Those of the given addresses that this machine can use. */
export async function usable(addresses: readonly string[]): Promise<string[]> {
  const found = await Promise.all(addresses.map((address) => new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, address, () => probe.close(() => resolve(true)));
  })));
  return addresses.filter((_, i) => found[i]);
}

async function open({ port, from }: Knock): Promise<Socket> {
  const plain = 'socket' in from ? connect(`${from.socket}/.s.PGSQL.${port}`)
    : connect({ port, host: from.address.includes(':') ? '::1' : '127.0.0.1', localAddress: from.address });
  plain.on('error', () => undefined);
  await event(plain, 'connect');
  if ('socket' in from || !from.tls) return plain;
  plain.write(Buffer.of(0, 0, 0, 8, 4, 210, 22, 47));
  const [answer] = await event(plain, 'data') as [Buffer];
  if (answer.toString() !== 'S') throw new Error('the server does not speak TLS');
  const { certificate } = from;
  const secure = connectTls({ socket: plain, rejectUnauthorized: false, ...(certificate && { cert: certificate.certificate, key: certificate.key }) });
  secure.on('error', () => undefined);
  await event(secure, 'secureConnect');
  return secure;
}

async function talk(socket: Socket, wanted: Knock): Promise<Omit<Reception, 'localPort'>> {
  const { role, database, replication, password = 'wrong' } = wanted;
  const parameters = { user: role, ...(database !== undefined && { database }), ...(replication && { replication: 'true' }) };
  socket.write(message('', Buffer.concat([Buffer.of(0, 3, 0, 0), ...Object.entries(parameters).flat().map(text), Buffer.of(0)])));
  let asked: Reception['asked'];
  let scram: Scram | undefined;
  for await (const { kind, body } of messages(socket)) {
    if (kind === 'E') return { entered: false, asked, message: errorText(body) };
    if (kind !== 'R') continue;
    switch (body.readInt32BE(0)) {
      case 0: return { entered: true, asked };
      case 3: asked = 'password'; socket.write(message('p', text(password))); break;
      case 5: asked = 'md5'; socket.write(message('p', text(md5Answer(password, role, body.subarray(4, 8))))); break;
      case 10:
        asked = 'scram-sha-256';
        scram = new Scram(password);
        socket.write(message('p', Buffer.concat([text('SCRAM-SHA-256'), lengthed(Buffer.from(scram.first))])));
        break;
      case 11: socket.write(message('p', Buffer.from(scram!.final(body.subarray(4).toString())))); break;
      case 12: break;
      default: throw new Error(`the server asks for something unknown: ${body.readInt32BE(0)}`);
    }
  }
  throw new Error('the server hung up without a word');
}

async function* messages(socket: Socket): AsyncGenerator<{ kind: string; body: Buffer }> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 5 && waiting.length > waiting.readInt32BE(1)) {
      const end = waiting.readInt32BE(1) + 1;
      yield { kind: String.fromCharCode(waiting[0]!), body: waiting.subarray(5, end) };
      waiting = waiting.subarray(end);
    }
  }
}

function message(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind, 'latin1'), int32(body.length + 4), body]);
}

function text(words: string): Buffer {
  return Buffer.from(`${words}\0`);
}

function lengthed(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** The field `M` of an ErrorResponse. */
function errorText(body: Buffer): string {
  return body.toString().split('\0').find((field) => field.startsWith('M'))?.slice(1) ?? '';
}

function md5Answer(password: string, role: string, salt: Buffer): string {
  const md5 = (...parts: (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex');
  return `md5${md5(md5(password, role), salt)}`;
}

/** SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). */
class Scram {
  readonly first = 'n,,n=,r=knock';
  readonly #password: string;

  constructor(password: string) {
    this.#password = password;
  }

  final(serverFirst: string): string {
    const [, nonce, salt, rounds] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(serverFirst)!;
    const salted = pbkdf2Sync(this.#password, Buffer.from(salt!, 'base64'), Number(rounds), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const bare = `c=biws,r=${nonce}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), `n=,r=knock,${serverFirst},${bare}`);
    return `${bare},p=${Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')}`;
  }
}

function hmac(key: Buffer, words: string): Buffer {
  return createHmac('sha256', key).update(words).digest();
}

function event(socket: Socket, name: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server hung up')));
    socket.once(name, (...values: unknown[]) => resolve(values));
  });
}
