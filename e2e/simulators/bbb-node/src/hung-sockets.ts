import type { Socket } from 'node:net'

const maxHung = 1000

/** Connections whose requests are never answered. */
export const createHungSockets = () => {
  const hung = new Set<Socket>()
  return {
    /** False where too many hang already. */
    hold(socket: Socket): boolean {
      if (hung.size >= maxHung) return false
      hung.add(socket)
      socket.once('close', () => hung.delete(socket))
      return true
    },
    letGo: (): void => hung.forEach((socket) => socket.destroy()),
  }
}
