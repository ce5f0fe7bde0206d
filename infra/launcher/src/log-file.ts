import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const rotateAtBytes = 5_000_000
const tailBytes = 16_384

/** At most two files of each log are kept: the one in use and the one before. */
export function rotate(file: string): void {
  if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`)
}

/** The last line that tells what went wrong, short enough for one line of a terminal; '' when the log says nothing. */
export function gist(file: string): string {
  const lines = tail(file)
    .split('\n')
    .map(readable)
    .filter((line) => line !== '')
  const telling = lines.findLast((line) => /error|fail|fatal|refus|denied|cannot|invalid/i.test(line)) ?? lines.at(-1)
  return (telling ?? '').slice(0, 300)
}

/** Our services log JSON lines; what a person wants of them is the message and the error's own. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line.trim()
  try {
    const { msg, err, error } = JSON.parse(line) as { msg?: string; error?: string; err?: { message?: string } }
    return [msg, error ?? err?.message].filter((part, i, all) => part && all.indexOf(part) === i).join(': ')
  } catch {
    return line.trim()
  }
}

function tail(file: string): string {
  if (!existsSync(file)) return ''
  const fd = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(tailBytes)
    const read = readSync(fd, bytes, 0, tailBytes, Math.max(0, fstatSync(fd).size - tailBytes))
    return bytes.toString('utf8', 0, read)
  } finally {
    closeSync(fd)
  }
}
