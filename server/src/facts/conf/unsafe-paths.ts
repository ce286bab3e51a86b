/** Folders in which every account of the machine may create files. */
export function isWorldWritable(path: string): boolean {
  return /^(\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|$)|^[A-Za-z]:[\\/]+(temp|tmp|windows[\\/]+temp)([\\/]|$)/i.test(path);
}

/** A folder that belongs to one person. The home of the server's own account does not count. */
export function isHomeFolder(path: string): boolean {
  return /^(~|\/root(\/|$)|\/(home|Users)\/(?!(postgres|postgresql|pgsql|linuxbrew)(\/|$)))/.test(path);
}
