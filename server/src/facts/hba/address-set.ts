import type { HbaAddress, HbaNetwork } from '../../syntax/hba.ts';

/** Addresses of one IP version: those that equal `net` in the bits of `mask`. 32-bit words, one or four; none for the socket. */
export interface Block {
  readonly net: readonly number[];
  readonly mask: readonly number[];
}

/** Steps that may still be taken; what takes more stays unknown. */
export interface Effort {
  left: number;
}

/** Later than every record. */
const never = 0x3fffffff;
const noClaims: readonly Claim[] = [];

/** What records with the same databases, roles and way in say about addresses: who speaks of an address first. */
export class AddressSet {
  root: Node | undefined;
  /** Blocks whose mask is no prefix. */
  holes: readonly Claim[] = noClaims;

  add(block: Block, order: number): void {
    const bits = prefixOf(block.mask);
    if (bits !== undefined) this.root = insert(this.root, block.net, bits, order);
    else if (!this.holes.some((hole) => contains(hole.block, block))) this.holes = [...this.holes, { block, order }];
  }

  /** The blocks that share an address with `block`, each with the first that speaks of it. */
  *meeting(block: Block, effort: Effort): Iterable<Claim> {
    if (this.root) yield* nodesMeeting(this.root, block, effort);
    for (const hole of this.holes) if (--effort.left >= 0 && meets(hole.block, block)) yield hole;
  }
}

export interface Claim {
  readonly block: Block;
  readonly order: number;
}

/** True when records before `before` take every address of `block`. What takes too long to find out is not true. */
export function isCovered(block: Block, sets: readonly AddressSet[], before: number, effort: Effort): boolean {
  const roots: Node[] = [];
  let holes: Claim[] | undefined;
  for (const { root, holes: more } of sets) {
    if (root) roots.push(root);
    for (const hole of more) if (hole.order < before) (holes ??= []).push(hole);
  }
  return everyAddress(block, roots, holes ?? noClaims, before, effort);
}

/** The addresses of both, undefined when there are none. */
export function common(a: Block, b: Block): Block | undefined {
  if (!meets(a, b)) return undefined;
  return { net: a.net.map((word, i) => (word & a.mask[i]!) | (b.net[i]! & b.mask[i]!)), mask: a.mask.map((word, i) => word | b.mask[i]!) };
}

/** Every address of `inner` is one of `outer`. */
export function contains(outer: Block, inner: Block): boolean {
  return outer.mask.every((word, i) => (word & ~inner.mask[i]!) === 0 && ((outer.net[i]! ^ inner.net[i]!) & word) === 0);
}

/** The first takes in every address of the second and more. What a name stands for is known of nothing but `all`. */
export function isWider(a: HbaAddress | undefined, b: HbaAddress | undefined): boolean {
  if (!a || !b || b.kind === 'all') return false;
  if (a.kind === 'all') return true;
  if (a.kind !== 'ip' || b.kind !== 'ip' || a.family !== b.family) return false;
  const [outer, inner] = [blockOf(a), blockOf(b)];
  return contains(outer, inner) && !contains(inner, outer);
}

export function blockOf({ network, mask, bits }: HbaNetwork): Block {
  return { net: wordsOf(network), mask: bits === undefined ? wordsOf(mask) : maskOf(bits, mask.length / 4) };
}

/** A prefix in a tree in which each node has at most two longer ones beneath, one per value of its next bit. */
interface Node {
  readonly net: readonly number[];
  readonly bits: number;
  /** The first that speaks of exactly this prefix. */
  first: number;
  /** From which one on every address of the prefix is spoken of, piece by piece or as a whole. */
  full: number;
  zero: Node | undefined;
  one: Node | undefined;
}

function insert(node: Node | undefined, net: readonly number[], bits: number, order: number): Node {
  if (!node) return { net, bits, first: order, full: order, zero: undefined, one: undefined };
  const same = sameBits(node.net, net, Math.min(node.bits, bits));
  if (same === node.bits) {
    if (node.full !== never) return node;
    if (same === bits) node.first = node.full = order;
    else if (bitOf(net, same)) node.one = insert(node.one, net, bits, order);
    else node.zero = insert(node.zero, net, bits, order);
    if (node.full === never && isFull(node)) node.full = order;
    return node;
  }
  const parent: Node = { net, bits: same, first: never, full: never, zero: undefined, one: undefined };
  if (bitOf(node.net, same)) parent.one = node;
  else parent.zero = node;
  if (same === bits) parent.first = parent.full = order;
  else if (parent.one) parent.zero = insert(undefined, net, bits, order);
  else parent.one = insert(undefined, net, bits, order);
  if (parent.full === never && isFull(parent)) parent.full = order;
  return parent;
}

function isFull({ bits, zero, one }: Node): boolean {
  return zero?.bits === bits + 1 && one?.bits === bits + 1 && zero.full !== never && one.full !== never;
}

function* nodesMeeting(node: Node, block: Block, effort: Effort): Iterable<Claim> {
  if (--effort.left < 0) return;
  const own = { net: node.net, mask: maskOf(node.bits, node.net.length) };
  if (!meets(own, block)) return;
  if (node.first !== never) yield { block: own, order: node.first };
  if (node.zero) yield* nodesMeeting(node.zero, block, effort);
  if (node.one) yield* nodesMeeting(node.one, block, effort);
}

/** The block is halved at one bit after the other until one record takes a half or nobody does. */
function everyAddress(block: Block, nodes: readonly Node[], holes: readonly Claim[], before: number, effort: Effort): boolean {
  if ((effort.left -= 1 + holes.length) < 0) return false;
  const fixed = leadingOnes(block.mask);
  const inside: Node[] = [];
  for (const node of nodes) {
    const below = descend(node, block, fixed, before);
    if (below === 'takes all') return true;
    if (below) inside.push(below);
  }
  const across = holes.length === 0 ? holes : holes.filter((hole) => meets(hole.block, block));
  if (across.some((hole) => contains(hole.block, block))) return true;
  if (across.length === 0 && (inside.length === 0 || (inside.length === 1 && prefixOf(block.mask) !== undefined))) return false;
  const bit = inside.length > 0 ? fixed : firstFree(across[0]!.block.mask, block.mask);
  const side = inside.length > 0 && inside[0]!.bits > fixed && bitOf(inside[0]!.net, bit) ? 1 : 0;
  // The other half first: more often than not nobody is there.
  return everyAddress(half(block, bit, 1 - side), inside, across, before, effort) && everyAddress(half(block, bit, side), inside, across, before, effort);
}

/** The uppermost node that is no wider than the block in its leading bits; undefined when none shares an address with it. */
function descend(node: Node | undefined, block: Block, fixed: number, before: number): Node | 'takes all' | undefined {
  while (node) {
    const length = Math.min(node.bits, fixed);
    if (sameBits(node.net, block.net, length) < length) return undefined;
    if (node.bits > fixed) return meets({ net: node.net, mask: maskOf(node.bits, node.net.length) }, block) ? node : undefined;
    if (node.full < before) return 'takes all';
    if (node.bits === fixed) return node.zero || node.one ? node : undefined;
    node = bitOf(block.net, node.bits) ? node.one : node.zero;
  }
  return undefined;
}

function half({ net, mask }: Block, bit: number, side: number): Block {
  const [word, flag] = [bit >> 5, 0x80000000 >>> (bit & 31)];
  return {
    net: net.map((value, i) => (i === word ? (side ? value | flag : value & ~flag) : value)),
    mask: mask.map((value, i) => (i === word ? value | flag : value)),
  };
}

function meets(a: Block, b: Block): boolean {
  for (let i = 0; i < a.net.length; i++) if (((a.net[i]! ^ b.net[i]!) & a.mask[i]! & b.mask[i]!) !== 0) return false;
  return true;
}

/** How many of the first `most` bits the two have in common. */
function sameBits(a: readonly number[], b: readonly number[], most: number): number {
  for (let i = 0; i * 32 < most; i++) {
    const difference = a[i]! ^ b[i]!;
    if (difference !== 0) return Math.min(most, i * 32 + Math.clz32(difference));
  }
  return most;
}

function bitOf(words: readonly number[], bit: number): boolean {
  return (words[bit >> 5]! & (0x80000000 >>> (bit & 31))) !== 0;
}

function leadingOnes(mask: readonly number[]): number {
  for (let i = 0; i < mask.length; i++) if (mask[i] !== -1) return i * 32 + Math.clz32(~mask[i]!);
  return mask.length * 32;
}

/** The length of the prefix that a mask is, undefined when ones follow a zero. */
function prefixOf(mask: readonly number[]): number | undefined {
  const bits = leadingOnes(mask);
  for (let i = bits >> 5; i < mask.length; i++) if ((mask[i]! & ~prefixWord(bits, i)) !== 0) return undefined;
  return bits;
}

/** The first bit that `mask` fixes and `other` does not. */
function firstFree(mask: readonly number[], other: readonly number[]): number {
  const i = mask.findIndex((word, at) => (word & ~other[at]!) !== 0);
  return i * 32 + Math.clz32(mask[i]! & ~other[i]!);
}

const masks = new Map<number, readonly number[]>();

function maskOf(bits: number, words: number): readonly number[] {
  const key = bits * 8 + words;
  let mask = masks.get(key);
  if (!mask) masks.set(key, (mask = Array.from({ length: words }, (_, i) => prefixWord(bits, i))));
  return mask;
}

/** Word `at` of the mask of `/bits`. */
function prefixWord(bits: number, at: number): number {
  const ones = Math.max(0, Math.min(32, bits - at * 32));
  return ones === 0 ? 0 : -1 << (32 - ones);
}

function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 4) words.push((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!);
  return words;
}
