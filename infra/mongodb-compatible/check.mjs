// MONGODB_URI=… node check.mjs: proves through the official driver that the server judges concurrent conditional writes,
// which is what the store's MongoDB engine stands on, and prints how long such a write takes. It uses the workspace's own
// driver, so the workspace must be installed.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const { MongoClient } = createRequire(new URL('../../libs/store/package.json', import.meta.url))('mongodb')
const writers = 20
const rounds = 100
const duplicateKey = 11000

const client = await MongoClient.connect(process.env.MONGODB_URI)
const database = client.db(`check-${process.pid}`)
const streams = database.collection('streams')

const race = (write) => Promise.allSettled(Array.from({ length: writers }, (_, writer) => write(writer)))

/** The write under test: append to a document only if it still has the version that was read. */
const append = (_id, version, name) =>
  streams.updateOne(
    { _id, version },
    {
      $set: { lastWriter: name },
      $inc: { version: 1 },
      $push: { outbox: { $each: [{ id: name }] }, handled: { $each: [name], $slice: -200 } },
    },
  )

const acknowledge = (_id, ids) => streams.updateOne({ _id }, { $pull: { outbox: { id: { $in: ids } } } })
const empty = (_id) => ({ _id, version: 0, outbox: [], handled: [] })

async function oneWriterWinsEachVersion() {
  await streams.insertOne(empty('race'))
  for (let version = 0; version < rounds; version++) {
    const results = await race((writer) => append('race', version, `${version}-${writer}`))
    const winners = results.flatMap((result, writer) => (result.value?.modifiedCount === 1 ? [writer] : []))
    assert.deepEqual([winners.length, results.filter((result) => result.status === 'rejected')], [1, []])
    const { lastWriter, outbox } = await streams.findOne({ _id: 'race' })
    assert.deepEqual([lastWriter, outbox.length], [`${version}-${winners[0]}`, version + 1])
  }
}

async function oneInsertWinsEachId() {
  for (let round = 0; round < rounds; round++) {
    const results = await race((writer) => streams.insertOne({ _id: `insert-${round}`, writer }))
    const losers = results.filter((result) => result.status === 'rejected')
    assert.ok(losers.every((result) => result.reason.code === duplicateKey))
    assert.equal(losers.length, writers - 1)
  }
}

async function acknowledgingLosesNoAppend() {
  await streams.insertOne(empty('pull'))
  for (let version = 0; version < 300; version++) {
    const before = acknowledge('pull', [`${version - 1}`])
    assert.equal((await append('pull', version, `${version}`)).modifiedCount, 1)
    await before
  }
  const { version, outbox, handled } = await streams.findOne({ _id: 'pull' })
  assert.deepEqual([version, outbox, handled.length, handled.at(-1)], [300, [{ id: '299' }], 200, '299'])
}

async function pendingOutboxesAreFoundInOrder() {
  await streams.createIndex({ 'outbox.0': 1 }, { sparse: true })
  const page = await streams
    .find({ _id: { $gt: 'insert-5' }, outbox: { $exists: false } })
    .sort({ _id: 1 })
    .limit(3)
    .toArray()
  assert.deepEqual(
    page.map(({ _id }) => _id),
    ['insert-50', 'insert-51', 'insert-52'],
  )
  const pending = await streams
    .find({ 'outbox.0': { $exists: true } })
    .sort({ _id: 1 })
    .project({ _id: 1 })
    .toArray()
  assert.deepEqual(pending, [{ _id: 'pull' }, { _id: 'race' }])
}

async function measure(name, write) {
  const tookMs = []
  for (let turn = 0; turn < 1000; turn++) {
    const start = performance.now()
    await write(turn)
    tookMs.push(performance.now() - start)
  }
  tookMs.sort((a, b) => a - b)
  process.stdout.write(`${name}: p50 ${tookMs[500].toFixed(2)} ms, p99 ${tookMs[990].toFixed(2)} ms\n`)
}

const proofs = [
  oneWriterWinsEachVersion,
  oneInsertWinsEachId,
  acknowledgingLosesNoAppend,
  pendingOutboxesAreFoundInOrder,
]
try {
  for (const proof of proofs) {
    await proof()
    process.stdout.write(`ok: ${proof.name}\n`)
  }
  await streams.insertOne(empty('time'))
  await measure('append and acknowledge', async (turn) => {
    await append('time', turn, `${turn}`)
    await acknowledge('time', [`${turn}`])
  })
  await measure('insert', (turn) => streams.insertOne(empty(`time-${turn}`)))
  await measure('read', (turn) => streams.findOne({ _id: `time-${turn}` }))
} finally {
  await database.dropDatabase()
  await client.close()
}
