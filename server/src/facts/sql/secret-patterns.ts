import type { Span } from '../../text.ts';
import { isSecret } from '../secrets.ts';

/** A credential in a text, by the form that its issuer gives it or by what stands in front of it. Spans are those of the text. */
export interface FoundSecret {
  /** What it is, as a sentence calls it: `a private key`. */
  readonly what: string;
  readonly at: Span;
  /** It opens all data of the project. */
  readonly everything: boolean;
}

export function findSecret(text: string): FoundSecret | undefined {
  for (const { what, pattern } of forms) {
    for (const match of text.matchAll(pattern)) {
      const [whole, value = whole] = match;
      if (!isReal(value)) continue;
      const start = match.index + whole.indexOf(value);
      const everything = isOfService(value);
      return { what: everything ? 'the token for which no policy holds' : what, everything, at: { start, end: start + value.length } };
    }
  }
  return undefined;
}

const forms: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\]{40,}/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}\b/g },
  { what: 'a GitLab token', pattern: /\bglpat-[\w-]{20,}/g },
  { what: 'a Stripe key', pattern: /\b[sr]k_live_[A-Za-z0-9]{20,}\b/g },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}/g },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{35}\b/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}\b/g },
  { what: 'an OpenAI key', pattern: /\bsk-(?:proj-)?[A-Za-z0-9_-]{40,}\b/g },
  { what: 'a signed token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g },
  { what: 'a password', pattern: /\bpostgres(?:ql)?:\/\/[^\s/@:'"]*:([^\s/@'"]+)@/g },
  // Words behind a colon are prose; a password has a digit somewhere.
  { what: 'a password', pattern: /(?<![\w$.])(?:password|passwd|pwd)\s*[=:]\s*["']?(?=[^\s"',;()]*\d)([^\s"',;()]{6,})/gi },
];

/** Made for documentation, or made to be public. */
function isReal(value: string): boolean {
  if (value.startsWith('eyJ')) return !isPublicToken(value);
  return isSecret(value) && !/EXAMPLE|example|xxxx|XXXX|^\w+\(|^(\$|%)|\.\.\./.test(value) && !/^(varchar|text|character|string|char|hash|null|crypt|required|optional)\w*$/i.test(value);
}

/** Supabase's token of the role that passes by row-level security. */
function isOfService(token: string): boolean {
  return token.startsWith('eyJ') && claimsOf(token)?.role === 'service_role';
}

/** Anybody may have PostgREST's token of the role `anon`; that of a Supabase on one's own machine is the same for all. */
function isPublicToken(token: string): boolean {
  const claims = claimsOf(token);
  return claims?.role === 'anon' || claims?.iss === 'supabase-demo';
}

function claimsOf(token: string): { readonly role?: string; readonly iss?: string } | undefined {
  try {
    return JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as { role?: string; iss?: string };
  } catch {
    return undefined;
  }
}
