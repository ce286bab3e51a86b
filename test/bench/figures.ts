export function at(times: readonly number[], quantile: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN;
}

export function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)}x`;
}
