import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { readCiphers } from '../../../server/src/facts/conf/ciphers.ts';
import weakSslCiphers from '../../../server/src/rules/conf/weak-ssl-ciphers.ts';

describe('a cipher list', () => {
  const weak = (list: string) => readCiphers(list).weak.join(' ');

  test('has what its words stand for', () => {
    expect(weak('HIGH:eNULL')).toBe('NULL');
    expect(weak('aNULL')).toBe('ADH AECDH');
    expect(weak('HIGH,LOW EXP;RC4')).toBe('EXPORT DES RC4');
    expect(weak('ECDHE-RSA-DES-CBC3-SHA:EXP-RC4-MD5:AECDH-AES256-SHA')).toBe('AECDH EXPORT RC4 MD5 3DES');
    expect(weak('kRSA+3DES')).toBe('3DES');
    expect(weak('HIGH:MEDIUM:ECDHE+AESGCM:TLS_AES_256_GCM_SHA384')).toBe('');
  });

  test('loses what is taken out, for good with !', () => {
    expect(weak('RC4:3DES:-RC4')).toBe('3DES');
    expect(weak('RC4:-RC4:RC4')).toBe('RC4');
    expect(weak('!RC4:RC4:!DES:LOW')).toBe('');
    expect(weak('ALL:!aNULL:!EXP:!LOW:!RC4')).toBe('3DES');
    expect(weak('ALL:!ADH:!EXP:!LOW:!RC4:!3DES')).toBe('AECDH');
  });

  test('keeps a kind of which one suite or a part is taken out', () => {
    expect(weak('RC4:!RC4-MD5')).toBe('RC4');
    expect(weak('3DES:!kRSA+3DES')).toBe('3DES');
  });

  test('only orders with + in front', () => {
    expect(weak('HIGH:MEDIUM:+3DES:!aNULL')).toBe('');
    expect(readCiphers('HIGH:MEDIUM:+3DES:!aNULL').medium).toBe(true);
    expect(readCiphers('HIGH:!MEDIUM:MEDIUM').medium).toBe(false);
  });

  test('may lower the security level', () => {
    expect(readCiphers('DEFAULT@SECLEVEL=0').securityLevel).toBe(0);
    expect(readCiphers('@STRENGTH:HIGH:@SECLEVEL=2').securityLevel).toBe(2);
    expect(readCiphers('HIGH:@STRENGTH').securityLevel).toBeUndefined();
  });
});

/** OpenSSL 3 has what shows no certificate and what encrypts nothing on level 0 only; the others are compiled in nowhere any more. */
describe('OpenSSL agrees', () => {
  test.each([
    ['ALL', 'aNULL', true],
    ['HIGH:aNULL', 'aNULL', true],
    ['ALL:!aNULL', 'aNULL', false],
    ['ALL:!ADH', 'AECDH', true],
    ['ALL:!ADH', 'ADH', false],
    ['HIGH:!aNULL:!MD5:!3DES', 'aNULL', false],
    ['ECDHE+AESGCM:!aNULL', 'aNULL', false],
    ['!aNULL:HIGH:aNULL', 'aNULL', false],
  ])('%s and a client with %s', async (list, client, agreed) => {
    expect(readCiphers(list).weak.some((kind) => readCiphers(client).weak.includes(kind))).toBe(agreed);
    expect(await agree(`${list}:@SECLEVEL=0`, `${client}:@SECLEVEL=0`)).toBe(agreed);
  });

  test('and accepts every list that is offered instead', () => {
    for (const { bad } of weakSslCiphers.examples) {
      if (bad === undefined) continue;
      const [, list] = /'([^']*)'»/.exec(bad)!;
      expect(readCiphers(list!), list).not.toMatchObject({ weak: [], securityLevel: undefined });
    }
    for (const list of ['HIGH:!aNULL:!MD5:!3DES', 'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL']) {
      expect(() => createSecureContext({ ciphers: list })).not.toThrow();
      expect(readCiphers(list)).toEqual({ weak: [], medium: false, securityLevel: undefined });
    }
  });
});

/** True when a handshake with TLS 1.2 succeeds; the server has no certificate. */
async function agree(server: string, client: string): Promise<boolean> {
  const listener = createServer({ ciphers: server, maxVersion: 'TLSv1.2' }, (socket) => socket.end());
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const socket = connect({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port, ciphers: client, maxVersion: 'TLSv1.2', rejectUnauthorized: false, checkServerIdentity: () => undefined });
  const agreed = await once(socket, 'secureConnect').then(() => true, () => false);
  socket.destroy();
  listener.close();
  return agreed;
}
