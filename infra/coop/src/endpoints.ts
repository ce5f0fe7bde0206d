import { readFileSync } from 'node:fs'

/** What the launcher wrote about the running system. */
export type Endpoints = {
  operatorToken: string
  portal: string
  nats: string
  redis: string
  store: string
  services: Record<string, { url: string; grpc: string }>
}

/** Something the operator can put right; told in one line, without a stack. */
export class Trouble extends Error {}

/** Reads `<state>/run/endpoints.json`. Throws Trouble if nothing runs there. */
export function readEndpoints(stateDir: string): Endpoints {
  const path = `${stateDir}/run/endpoints.json`
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Endpoints
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Trouble(
        `nothing runs here (${path} is missing): start it with npm start, or name its folder with --state`,
      )
    throw error
  }
}
