import path from 'node:path'
import { parseArgs } from 'node:util'
import { defaultPortBase, highestPortBase } from './ports.ts'
import { StartFailure } from './start-failure.ts'

export type Settings = { help: boolean; sandbox: boolean; config: string; stateDir: string; portBase: number }

export const usage = `npm start [-- options]

Starts NATS, Redis, the seven services and a sandbox (two simulated BigBlueButton nodes, a simulated OpenCollective).

  --no-sandbox      the real thing: OpenCollective and nodes as coop.yaml names them
  --config FILE     the co-op's settings (coop.yaml)
  --state DIR       where everything is kept (var)
  --port-base N     first of the ports (${defaultPortBase})
  --help            this text

In the environment: NATS_URL, REDIS_URL and MONGODB_URI name servers to use instead of our own; without MONGODB_URI each
service keeps its data in SQLite.
`

/** Reads the command line; relative paths count from `root`. */
export function readSettings(args: string[], root: string): Settings {
  const { values } = parse(args)
  const portBase = Number(values['port-base'])
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > highestPortBase)
    throw new StartFailure(`--port-base must be a number from 1 to ${highestPortBase}, not ${values['port-base']}`)
  return {
    help: values.help,
    sandbox: values.sandbox,
    config: path.resolve(root, values.config),
    stateDir: path.resolve(root, values.state),
    portBase,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowNegative: true,
      options: {
        help: { type: 'boolean', default: false },
        sandbox: { type: 'boolean', default: true },
        config: { type: 'string', default: 'coop.yaml' },
        state: { type: 'string', default: 'var' },
        'port-base': { type: 'string', default: String(defaultPortBase) },
      },
    })
  } catch (error) {
    throw new StartFailure(`${(error as Error).message.split('. ')[0]}; npm start -- --help lists the options`)
  }
}
