// Throw-away certificates, made with nothing but node:crypto. Just enough of X.509 (RFC 5280) for OpenSSL to accept them.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface Identity {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** An authority; `issue` makes certificates of it. */
export function newAuthority(name: string): Identity {
  return certify(name, undefined);
}

export function issue(authority: Identity, name: string): Identity {
  return certify(name, authority);
}

function certify(name: string, authority: Identity | undefined): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const content = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(authority?.name ?? name),
    sequence(utcTime(-1), utcTime(2)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(authority ? [] : [explicit(3, sequence(sequence(objectId('551d13'), boolean(true), element(0x04, sequence(boolean(true))))))]),
  );
  const signature = sign('sha256', content, authority?.privateKey ?? privateKey);
  const certificate = sequence(content, ecdsaWithSha256, element(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { name, privateKey, certificate: pem('CERTIFICATE', certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: Buffer[]) => element(0x30, Buffer.concat(parts));
const explicit = (number: number, content: Buffer) => element(0xa0 + number, content);
const integer = (bytes: Buffer) => element(0x02, bytes);
const boolean = (value: boolean) => element(0x01, Buffer.of(value ? 0xff : 0));
const objectId = (hex: string) => element(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
const distinguishedName = (commonName: string) => sequence(element(0x31, sequence(objectId('550403'), element(0x0c, Buffer.from(commonName)))));

function utcTime(days: number): Buffer {
  const digits = new Date(Date.now() + days * 86_400_000).toISOString().replace(/\D/g, '');
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
}
