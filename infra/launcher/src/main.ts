import path from 'node:path'
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), path.resolve(import.meta.dirname, '../../..'))
