import { execFile } from 'node:child_process'
import { join } from 'node:path'

export type Played = {
  step: number
  title: string
  ok: boolean
  ms: number
  traceId: string
  detail: string
  error?: string
}

const playWithinMs = 240_000

/** Runs `npm run demo -- --json` and gives its steps; `onStep` hears of each as it is done. */
export function playDemo(
  stateDir: string,
  onStep: (played: Played) => void = () => {},
): Promise<{ code: number; steps: Played[] }> {
  const main = join(import.meta.dirname, '../demo/main.ts')
  return new Promise((resolve) => {
    const steps: Played[] = []
    const child = execFile(process.execPath, [main, '--json', '--state', stateDir], { timeout: playWithinMs })
    let rest = ''
    child.stdout?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const played = JSON.parse(line) as Played
        steps.push(played)
        onStep(played)
      }
    })
    child.on('close', (code) => resolve({ code: code ?? -1, steps }))
  })
}
