export function identify(pid: number): string
export function isRunning(identity: string): boolean
export function tryLock(file: string): number | undefined
export function unlock(file: string): void
