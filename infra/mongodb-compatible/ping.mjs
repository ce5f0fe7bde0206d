// ping.mjs PORT: exits 0 when a server on 127.0.0.1 answers the MongoDB wire protocol's `ping` with ok. It needs nothing
// installed, because provide.sh runs before the workspace's own packages are there.
import { connect } from 'node:net'

const timeoutMs = 2_000
const opMsg = 2013

/** The BSON of `{ ping: 1, $db: 'admin' }`. */
function pingCommand() {
  const body = Buffer.from('\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0', 'latin1')
  const length = Buffer.alloc(4)
  length.writeInt32LE(body.length + 4)
  return Buffer.concat([length, body])
}

/** One OP_MSG: header (length, request id, response to, opcode), flags, section kind 0, document. */
function message(document) {
  const header = Buffer.alloc(21)
  header.writeInt32LE(header.length + document.length, 0)
  header.writeInt32LE(1, 4)
  header.writeInt32LE(opMsg, 12)
  return Buffer.concat([header, document])
}

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]) })
socket.setTimeout(timeoutMs, () => process.exit(1))
socket.on('error', () => process.exit(1))
socket.on('close', () => process.exit(1))
socket.on('connect', () => socket.write(message(pingCommand())))

let answer = Buffer.alloc(0)
socket.on('data', (chunk) => {
  answer = Buffer.concat([answer, chunk])
  if (answer.length < 4 || answer.length < answer.readInt32LE(0)) return
  const okAsDouble = Buffer.from('\x01ok\0\0\0\0\0\0\0\xf0\x3f', 'latin1')
  process.exit(answer.readInt32LE(12) === opMsg && answer.includes(okAsDouble) ? 0 : 1)
})
