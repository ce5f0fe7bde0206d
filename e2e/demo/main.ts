import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Step, Story, Told } from './story.ts'
import { cancel, raise } from './steps/change.ts'
import { contribute, decideContribution } from './steps/contribute.ts'
import { create, end } from './steps/meeting.ts'
import { admit } from './steps/membership.ts'
import { recording } from './steps/recording.ts'
import { room } from './steps/room.ts'
import { tidyUp, watch } from './steps/watch.ts'
import { openWorld, type Endpoints, type World } from './world.ts'

const steps: readonly Step[] = [
  contribute,
  decideContribution,
  admit,
  create,
  room,
  end,
  recording,
  raise,
  cancel,
  watch,
  tidyUp,
]

const usage = `npm run demo [-- --json] [-- --state DIR]

Plays the co-op's story against the running system (npm start) and prints a timeline.
  --json       one JSON object for each step, one a line
  --state DIR  the running system's folder (default: var)
  --help       this text
Exits 0 if every step worked, 1 if one did not, 2 if nothing runs.
`

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    state: { type: 'string', default: join(import.meta.dirname, '../../var') },
    help: { type: 'boolean', default: false },
  },
})
const write = (text: string) => void process.stdout.write(`${text}\n`)

if (values.help) write(usage)
else process.exitCode = await play(values.state)

async function play(stateDir: string): Promise<number> {
  const endpoints = readEndpoints(stateDir)
  if (!endpoints) return 2
  const world = await openWorld(endpoints)
  const story = { world } as Story
  const beganAt = performance.now()
  try {
    for (const [number, step] of steps.entries()) {
      const startedAt = performance.now()
      if (!values.json && process.stdout.isTTY)
        process.stdout.write(`${String(number + 1).padStart(2)}  … ${step.title}`)
      try {
        tell(number + 1, step, await step.run(story), performance.now() - startedAt, endpoints.portal)
      } catch (error) {
        fail(number + 1, step, error as Error, performance.now() - startedAt)
        return 1
      }
    }
  } finally {
    await world.close()
  }
  if (!values.json) write(`\nThe whole story took ${((performance.now() - beganAt) / 1000).toFixed(1)} s.`)
  return 0
}

function readEndpoints(stateDir: string): World['endpoints'] | undefined {
  const path = join(stateDir, 'run/endpoints.json')
  try {
    const endpoints = JSON.parse(readFileSync(path, 'utf8')) as Endpoints
    if (endpoints.sandbox) return endpoints as World['endpoints']
    process.stderr.write('the demo needs the sandbox: npm start without --no-sandbox\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    process.stderr.write(`nothing runs here (${path} is missing): run npm start in another terminal first\n`)
  }
  return undefined
}

function clearLine(): string {
  return process.stdout.isTTY ? '\r\x1b[2K' : ''
}

function tell(number: number, step: Step, told: Told, tookMs: number, portal: string): void {
  const traceId = told.event?.traceparent.split('-')[1] ?? ''
  const link = told.link ?? (traceId && `${portal}/traces/${traceId}`)
  const { title } = step
  if (values.json)
    return write(
      JSON.stringify({ step: number, title, ok: true, ms: Math.round(tookMs), traceId, link, detail: told.detail }),
    )
  write(`${clearLine()}${String(number).padStart(2)}  ✓ ${title}  ${(tookMs / 1000).toFixed(2)} s`)
  write(`      ${told.detail}`)
  if (traceId) write(`      trace ${traceId}`)
  if (link) write(`      see   ${link}`)
}

function fail(number: number, { title }: Step, error: Error, tookMs: number): void {
  if (values.json)
    return write(JSON.stringify({ step: number, title, ok: false, ms: Math.round(tookMs), error: error.message }))
  write(`${clearLine()}${String(number).padStart(2)}  ✗ ${title}  ${(tookMs / 1000).toFixed(2)} s`)
  write(`      ${error.message}`)
  write('      npm run coop -- status tells which service is in trouble; logs are in var/log.')
}
