// For the containers: `node infra/launcher/src/write-secrets.ts FILE` makes the secrets' file that all services read.
import { readOrCreateSecrets } from './secrets.ts'

const [file] = process.argv.slice(2)
if (!file) throw new Error('name the file to write')
readOrCreateSecrets(file)
