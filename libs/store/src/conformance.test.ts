import { describe, jest } from '@jest/globals'
import { documents } from './conformance/documents.ts'
import { mongodb, sqlite, type Engine } from './conformance/engines.ts'
import { executing } from './conformance/executing.ts'
import { indexes } from './conformance/indexes.ts'
import { model } from './conformance/model.ts'
import { outbox } from './conformance/outbox.ts'
import { relaying } from './conformance/relaying.ts'

// A server on a busy machine makes a collection in a second or two.
jest.setTimeout(60_000)

function conforms(engine: Engine): void {
  describe('documents', () => documents(engine))
  describe('any sequence', () => model(engine))
  describe('indexes', () => indexes(engine))
  describe('outbox', () => outbox(engine))
  describe('execute', () => executing(engine))
  describe('relay', () => relaying(engine))
}

const uri = process.env.MONGODB_URI

describe('sqlite', () => conforms(sqlite))
if (uri) describe('mongodb', () => conforms(mongodb(uri)))
else describe.skip('mongodb (skipped: MONGODB_URI names no server)', () => conforms(mongodb('')))
