import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

/** The least that a join can cost: two digests and a 302, on bare node:http. The yardstick of the join benchmark. */
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const server = createServer((request, response) => {
  const url = request.url ?? ''
  const checksum = sha256(`join${url}secret`)
  const signature = sha256(`join${url}${checksum}`)
  response.writeHead(302, { location: `http://127.0.0.1/bigbluebutton/api/join${url}&checksum=${signature}` }).end()
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit(0))
